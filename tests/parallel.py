"""The suite on several processors: tests that share something run in one worker, one after another.

(xdist's own groups, `--dist=loadgroup`, are written into the names of tests, which pytest 9.2 no longer takes: hence a scheduler here.)
What is shared is seen by the fixtures: a server or a database that lives longer than a test (any scope above the function) keeps its
tests together, and `world` once for each installation. All else goes by its module. Each worker has a PostgreSQL cluster, templates
of databases, a Chromium and folders of its own; ports are no one else's (`servers.free_port`).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from _pytest.fixtures import FixtureDef
from xdist.scheduler import LoadScopeScheduling

OF_EACH_WORKER = {"postgresql_url", "templates", "browser"}  # of wider scope, but every worker makes its own
COSTLY = {("tests", "demonstration")}  # a template that takes longer than a server to make
SCOPES = ("session", "package", "module", "class", "function")
LONG_FIRST = ("browser", "wire", "ship", "faults", "states", "migrations", "unit")  # what is short fills the end
__all__ = [
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_configure_node",
    "pytest_sessionfinish",
    "pytest_testnodedown",
    "pytest_unconfigure",
    "pytest_xdist_make_scheduler",
]
CRASHED = pytest.StashKey[list[str]]()
WRITTEN = pytest.StashKey[Path]()


def kind_of(item: pytest.Item) -> str:
    """`unit`, `wire`…: the folder of a test."""
    return Path(item.location[0]).parts[1]


def group_of(item: pytest.Item) -> str:
    """What a test must stay together with: the folder, module or installation of what it shares with others."""
    assert isinstance(item, pytest.Function)
    installation = getattr(item, "callspec", None) and item.callspec.params.get("world")
    if installation:
        return f"world of {installation}"
    shared = [one for one in map(itemgetter(-1), item._fixtureinfo.name2fixturedefs.values()) if is_shared(one)]
    if not shared:
        return item.location[0]
    widest = min(shared, key=lambda one: (SCOPES.index(one.scope), one.baseid, one.argname))
    return widest.argname if widest.scope == "function" else widest.baseid or widest.argname


def is_shared(one: FixtureDef) -> bool:
    wide = one.scope != "function" or (one.baseid, one.argname) in COSTLY
    return wide and one.baseid.startswith("tests") and one.argname not in OF_EACH_WORKER


class Groups(LoadScopeScheduling):
    """Gives a worker one group after another, in the order in which the tests were collected."""

    def __init__(self, config: pytest.Config, log: Any, written: Path) -> None:
        super().__init__(config, log)
        self._written = written

    @cached_property
    def _groups(self) -> dict[str, str]:
        return json.loads(self._written.read_text(encoding="utf-8"))

    def _split_scope(self, nodeid: str) -> str:
        return self._groups[nodeid]


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[WRITTEN] = Path(tempfile.mkdtemp(prefix="ais-groups-"))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[WRITTEN], ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["groups"] = str(node.config.stash[WRITTEN] / "groups.json")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups:
    return Groups(config, log, config.stash[WRITTEN] / "groups.json")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a worker: put the groups in the order in which they are given out, and write down which test is of which."""
    told = getattr(config, "workerinput", None)
    if told is None:
        return
    groups = {item: group_of(item) for item in items}
    ranks: dict[str, tuple[bool, int]] = {}
    for item in items:  # what several modules share is longest
        ranks.setdefault(groups[item], (groups[item].endswith(".py"), LONG_FIRST.index(kind_of(item))))
    places = {group: place for place, group in enumerate(sorted(ranks, key=lambda group: ranks[group]))}
    items.sort(key=lambda item: places[groups[item]])
    if told["workerid"] == "gw0":
        Path(told["groups"]).write_text(json.dumps({item.nodeid: groups[item] for item in items}), encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object | None) -> None:
    """A worker that dies between two tests, or after the last one, would otherwise fail nothing."""
    if error:
        node.config.stash.setdefault(CRASHED, []).append(f"{node.gateway.id}: {error}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.stash.get(CRASHED, []) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
