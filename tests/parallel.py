"""The suite on several processors: tests that share something run in one worker, one after another.

What is shared is seen by the fixtures: a server or a database that lives longer than a test (any scope above the function) keeps its
tests together, and `world` once for each installation. All else goes by its module. Each worker has a PostgreSQL cluster, templates
of databases, a Chromium and folders of its own; ports are no one else's (`servers.free_port`).
"""

from __future__ import annotations

from collections.abc import Generator
from operator import itemgetter
from pathlib import Path

import pytest
from _pytest.fixtures import FixtureDef

OF_EACH_WORKER = {"postgresql_url", "templates", "browser"}  # of wider scope, but every worker makes its own
COSTLY = {("tests", "demonstration")}  # a template that takes longer than a server to make
SCOPES = ("session", "package", "module", "class", "function")
LONG_FIRST = ("wire", "faults", "ship", "browser", "states", "migrations", "unit")  # what is short fills the end
CRASHED = pytest.StashKey[list[str]]()


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


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Name the groups before xdist reads them, and put the groups in the order in which workers take them."""
    groups = {item: group_of(item) for item in items}
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))
    yield
    if hasattr(config, "workerinput"):
        firsts: dict[str, int] = {}
        for item in items:
            firsts.setdefault(groups[item], LONG_FIRST.index(kind_of(item)))
        places = {group: place for place, group in enumerate(sorted(firsts, key=lambda group: firsts[group]))}
        items.sort(key=lambda item: places[groups[item]])


def pytest_testnodedown(node, error: object | None) -> None:
    """A worker that dies between two tests, or after the last one, would otherwise fail nothing."""
    if error:
        node.config.stash.setdefault(CRASHED, []).append(f"{node.gateway.id}: {error}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.stash.get(CRASHED, []) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
