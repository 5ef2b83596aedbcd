"""What a process keeps of tabs that have closed: everything until the term, then nothing (decisions 0018)."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from typing import Any

import pytest
import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.event.processor.future import EventFuture

from ais_app.diary.state import DiaryState
from ais_app.journal.grid.state import JournalState
from ais_app.live.bus import SESSIONS, Change, MemoryBus
from ais_app.live.hub import CLOSED_TERM, Hub, Watcher
from ais_app.live.push import Push
from tests.states.pages import edit

TABS = 6


class _App:
    """As much of an app as the states of closed tabs need."""

    event_namespace = None
    sio = None

    def __init__(self, manager: Any) -> None:
        self._state_manager = manager


def dropping(manager: Any) -> Push:
    """A push without sockets: no tab is connected, states are dropped."""
    push = Push()
    push.attach(_App(manager), DiaryState, {})  # pyright: ignore[reportArgumentType]
    return push


@pytest.fixture
async def manager():
    made = StateManagerMemory()
    yield made
    await made.close()


async def test_s62_a_state_that_was_at_work_when_its_session_ended_is_dropped_by_the_next_look(manager):
    bus = MemoryBus()
    hub = Hub(bus, dropping(manager), lambda _sessions: None)
    delivering = asyncio.create_task(hub.run())
    await asyncio.sleep(0)
    hub.bind("busy", "session")
    async with manager.modify_state(rx.BaseStateToken(ident="busy", cls=DiaryState)):
        bus.publish(Change(SESSIONS, 0, {"uids": ["session"]}))
        while hub.bound:
            await asyncio.sleep(0)
        hub.forget_closed(0)
        assert list(manager.states) == ["busy"], "an event is at work in it"
    hub.forget_closed(60)
    assert (manager.states, manager._states_locks, manager._token_expires_at) == ({}, {}, {})
    delivering.cancel()


async def test_s50_a_state_that_is_bound_to_no_session_is_dropped_unless_its_tab_is_open(manager, monkeypatch):
    """An event that comes just after the end of its session makes a state and is refused: nobody binds its tab."""
    push, here = dropping(manager), {"open"}
    monkeypatch.setattr(push, "is_connected", here.__contains__)
    hub = Hub(MemoryBus(), push, lambda _sessions: None)
    for name in ("open", "late", "of a session"):
        async with manager.modify_state(rx.BaseStateToken(ident=name, cls=DiaryState)):
            pass
    hub.bind("of a session", "session")
    hub.forget_closed(0)
    assert list(manager.states) == ["open", "of a session"]


async def kept() -> Counter[type]:
    """How many objects of an open tab there are, by type, once the last edit is delivered."""
    kinds = (rx.State, EventFuture, rx.BaseStateToken, Watcher, asyncio.Lock, asyncio.Task)
    for _attempt in range(500):
        gc.collect()
        found = Counter(type(one) for one in gc.get_objects() if isinstance(one, kinds))
        if not found[Watcher]:
            return found
        await asyncio.sleep(0.01)
    raise TimeoutError(found)


async def test_s50_of_tabs_opened_edited_and_closed_nothing_is_kept(pipeline, monkeypatch):
    """States go without Python's search for cycles, which comes seldom (`serve.COLLECT_AFTER`)."""
    here: set[str] = set()
    real = dropping(pipeline.manager)
    monkeypatch.setattr(pipeline.push, "is_connected", here.__contains__)
    monkeypatch.setattr(pipeline.push, "forget", real.forget)
    monkeypatch.setattr(pipeline.push, "kept_states", real.kept_states)
    version = 0

    async def used_and_closed(first: int) -> int:
        nonlocal version
        for number in range(first, first + TABS):
            tab = f"tab-{number}"
            here.add(tab)
            path = f"/journal/{pipeline.school.courses['algebra']}"
            await pipeline.call(JournalState.open_page, "teacher", path, tab=tab)
            for value in "45":
                raw = edit(pipeline.school, "anna", value, version)
                await pipeline.call(JournalState.enter, "teacher", path, tab=tab, raw=raw)
                version += 1
        gc.collect()
        gc.disable()
        assert len(pipeline.manager.states) == TABS
        here.clear()
        pipeline.deltas.clear()
        pipeline.push.sent.clear()
        for now in (0, CLOSED_TERM):
            pipeline.hub.forget_closed(now)
        return sum(isinstance(one, rx.State) for one in gc.get_objects())

    try:
        assert await used_and_closed(0) == 0
        gc.enable()
        before = await kept()
        assert await used_and_closed(TABS) == 0
    finally:
        gc.enable()
    assert await kept() == before
    assert (pipeline.hub.bound, pipeline.hub.watched) == (0, 0)
