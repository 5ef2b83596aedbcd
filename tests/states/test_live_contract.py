"""The private API of Reflex that `live/push.py` and `live/intake.py` stand on: an upgrade begins here."""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler

from ais_app.diary.state import DiaryState
from ais_app.live.changes import say_hydrated_once
from ais_app.live.intake import _Chain
from ais_app.live.push import Push
from ais_app.live.router import keep_router


class _App:
    """As much of an app as the states of closed tabs need."""

    event_namespace = None
    sio = None

    def __init__(self, manager: StateManagerMemory) -> None:
        self._state_manager = manager


async def test_s50_the_state_of_a_closed_tab_is_dropped_unless_an_event_is_at_work_in_it():
    manager, push = StateManagerMemory(), Push()
    push.attach(_App(manager), DiaryState, {})  # pyright: ignore[reportArgumentType]
    tokens = [rx.BaseStateToken(ident=name, cls=DiaryState) for name in ("gone", "busy")]
    for token in tokens:
        async with manager.modify_state(token):
            pass
    async with manager.modify_state(tokens[1]):
        for name in ("gone", "busy", "never there"):
            push.forget(name)
        assert list(manager.states) == ["busy"]
    await manager.close()


async def test_s67_of_a_closed_tab_what_has_begun_ends_and_the_rest_is_dropped(pipeline):
    """The event enqueued last is found, what has begun of it is told from what has not, and its end is told once."""
    token, chains, over = "tab-mother", [], []
    event = Event(
        name=format_event_handler(DiaryState.open_page),
        router_data={"asPath": "/diary", "token": token, "headers": {"cookie": pipeline.cookie("mother")}},
    )
    async with pipeline.manager.modify_state(rx.BaseStateToken(ident=token, cls=rx.State)):  # the first waits for it
        for number in range(3):
            await pipeline.processor.enqueue(token, event)
            chains.append(_Chain(pipeline.processor))
            chains[-1].when_over(lambda number=number: over.append(number))
        await _turns()
        assert over == []
        for chain in chains:
            chain.drop()
        await _turns()
        assert over == [1, 2]
    await chains[0]._event
    await _turns()
    assert over == [1, 2, 0]
    assert sum("ready" in repr(delta) for delta in pipeline.deltas) == 1
    assert not pipeline.processor._futures


async def _turns() -> None:
    for _turn in range(20):
        await asyncio.sleep(0)


def test_without_an_app_nothing_is_dropped():
    Push().forget("tab")


async def test_what_a_browser_said_of_itself_is_not_sent_back(pipeline, monkeypatch):
    """Neither with what changed nor with the whole tree; the compiled page still knows the names."""
    for name in ("dict", "get_delta"):
        monkeypatch.setattr(rx.State, name, getattr(rx.State, name))  # put back after this
    keep_router()
    await pipeline.call(DiaryState.open_page, "mother", "/diary")
    root = rx.State.get_full_name()
    assert pipeline.deltas
    assert [name for delta in pipeline.deltas for name in delta.get(root, {}) if name.startswith("rx_router")] == []
    made: Any = rx.State
    tree = made(_reflex_internal_init=True)
    assert "rx_router_headers_rx_state_" in tree.dict(initial=True)[root]
    assert [name for name in tree.dict()[root] if name.startswith("rx_router")] == []
    tree.router_data = {"pathname": "/diary", "headers": {"cookie": "secret"}}
    tree.rx_router_route_id = "/diary"
    assert root not in tree.get_delta()


def test_a_tab_hears_once_that_its_page_is_not_hydrated_yet(monkeypatch):
    monkeypatch.setattr(rx.State, "__setattr__", rx.State.__setattr__)  # put back after this
    say_hydrated_once()
    made: Any = rx.State
    tree = made(_reflex_internal_init=True)
    root, said = rx.State.get_full_name(), []
    leaf = tree.get_substate(DiaryState.get_full_name().split(".")[1:])
    for state, value in ((tree, True), (leaf, False), (tree, False), (leaf, True), (leaf, True)):
        state.is_hydrated = value
        said.append(tree.get_delta().get(root, {}).get("is_hydrated_rx_state_"))
        tree._clean()
    assert said == [True, False, None, True, None]


def test_what_goes_past_a_state_is_compiled_and_never_comes_out_of_it():
    """A socket that connects again is sent the whole tree: what only the browser has is not among it."""
    name = DiaryState.get_full_name()
    made: Any = rx.State
    tree = made(_reflex_internal_init=True)
    compiled, sent = tree.dict(initial=True)[name], tree.dict()[name]
    assert {"wanted_rx_state_", "days_rx_state_", "status_rx_state_"} <= compiled.keys()
    assert "status_rx_state_" in sent
    assert not {"wanted_rx_state_", "days_rx_state_", "week_rx_state_"} & sent.keys()
