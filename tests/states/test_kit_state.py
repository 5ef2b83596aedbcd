"""`/kit` is for servers of tests: in production neither its address passes the gate nor does its state show anything."""

from __future__ import annotations

import pytest

import ais_app.ais_app as root
from ais_app.rights.rules import Actor, Hat, Role
from ais_app.showcase.state import KitState


def serve_for(pipeline, env: str) -> None:
    settings = pipeline.services.settings.model_copy(update={"env": env})
    object.__setattr__(pipeline.services, "settings", settings)


@pytest.mark.parametrize(("env", "known"), [("production", False), ("test", True)])
async def test_its_addresses_pass_the_gate_of_tests_only(pipeline, env, known):
    serve_for(pipeline, env)
    hat = Hat("hat", frozenset({Role.DEPUTY}), 1, "school", 1, "person", "UTC")
    actor = Actor(1, "account", "session", hat, "127.0.0.1", "web")
    declared = root.declared()
    assert (declared.address("/kit/file") is not None) == known
    assert declared.may_open(actor, "/kit") == known
    assert declared.may_open(actor, "/journal")


async def test_its_state_shows_nothing_in_production(pipeline):
    for env, rows in (("production", 0), ("test", 50)):
        serve_for(pipeline, env)
        delta = await pipeline.call(KitState.open_page, "deputy", "/kit")
        assert len(delta.get("kit_state", {}).get("rows", [])) == rows
