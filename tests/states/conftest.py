"""Handlers driven through Reflex's real event pipeline, guard included: no browser, no socket."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.utils.format import format_event_handler

from ais_app import house as house_module
from ais_app.access import service, sessions
from ais_app.live.bus import MemoryBus
from ais_app.live.hub import Hub
from ais_app.settings import Settings
from tests.builders import SmallSchool


class RecordingPush:
    """Stands in for sockets: every tab is here, and what is sent to it is kept."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, Any]]] = []

    def is_here(self, _token: str) -> bool:
        return True

    async def send(self, token: str, state: type, variables: dict[str, Any]) -> None:
        self.sent.append((token, state.__name__, dict(variables)))

    def forget(self, token: str) -> None:
        self.sent.append((token, "forget", {}))

    async def leave(self, token: str) -> None:
        self.sent.append((token, "leave", {}))


class Pipeline:
    """A process without sockets: `call` sends an event of a tab as a signed-in person."""

    def __init__(self, school: SmallSchool, processor: BaseStateEventProcessor, manager: StateManagerMemory) -> None:
        self.school, self.processor, self.manager = school, processor, manager
        self.deltas: list[dict[str, Any]] = []
        self.cookies: dict[str, str] = {}

    def cookie(self, login: str) -> str:
        if login not in self.cookies:
            token = sessions.new_token()
            request = service.SignIn(login, "127.0.0.1", sessions.hash_token(token), personal_device=False)
            self.school.database.write(lambda uow: service.sign_in(uow, request))
            self.cookies[login] = f"{sessions.COOKIE}={token}"
        return self.cookies[login]

    async def call(self, handler: Any, login: str, path: str = "/", tab: str = "", **payload: Any) -> dict[str, Any]:
        """Run one event; returns the delta by state class name, sent to this tab."""
        return await self.send(format_event_handler(handler), payload, login, path, tab)

    async def send(self, name: str, payload: Any, login: str, path: str = "/", tab: str = "") -> dict[str, Any]:
        """Run an event as it comes from the wire: any name of a handler, any payload."""
        self.deltas.clear()
        headers = {"cookie": self.cookie(login)} if login else {}
        data = {"pathname": path, "asPath": path, "path": path, "sid": "sid", "ip": "127.0.0.1", "headers": headers}
        token = tab or f"tab-{login}"
        done = await self.processor.enqueue(
            token, Event(name=name, payload=payload, router_data=data | {"token": token})
        )
        await done.wait_all()
        merged: dict[str, Any] = {}
        for delta in self.deltas:
            for state, values in delta.items():
                short = state.rpartition("____")[2]
                merged.setdefault(short, {}).update(
                    {name.removesuffix("_rx_state_"): value for name, value in values.items()}
                )
        return merged


@pytest.fixture
async def pipeline(school: SmallSchool, monkeypatch) -> AsyncIterator[Pipeline]:
    import ais_app.ais_app as root
    from ais_app import errors
    from ais_app.diary import state as diary_state
    from ais_app.diary.progress import channel as progress_channel
    from ais_app.diary.progress import state as progress_state
    from ais_app.journal.grid import channel
    from ais_app.journal.grid import state as grid_state
    from ais_app.journal.windows import state as windows_state

    registry = sessions.SessionRegistry(school.database)
    bus, push = MemoryBus(), RecordingPush()
    hub = Hub(bus, push, registry.forget)
    made = house_module.House(Settings(), school.database, registry, bus, push, hub)
    original = house_module.house
    for name, module in list(sys.modules.items()):
        if name.startswith("ais_app.") and getattr(module, "house", None) is original:
            monkeypatch.setattr(module, "house", lambda: made)
    hub.channel(grid_state.CHANNEL, channel.deliver)
    hub.channel(windows_state.CHANNEL, windows_state.deliver)
    hub.channel(diary_state.CHANNEL, diary_state.deliver)
    hub.channel(progress_state.CHANNEL, progress_channel.deliver)
    school.database.on_commit(root.publish)
    manager = StateManagerMemory()
    processor = BaseStateEventProcessor(
        middleware=root.app, backend_exception_handler=errors.answer_to_crash, graceful_shutdown_timeout=1
    )
    driven = Pipeline(school, processor, manager)
    driven.push, driven.hub, driven.house = push, hub, made

    async def emit_delta(_token: str, delta: dict[str, Any]) -> None:
        driven.deltas.append(delta)

    async def emit_event(_token: str, *_events: Any) -> None:
        pass

    processor._root_context = EventContext(
        token="",
        txid="",
        state_manager=manager,
        enqueue_impl=processor.enqueue_many,
        emit_delta_impl=emit_delta,
        emit_event_impl=emit_event,
    )
    monkeypatch.setattr(BaseStateEventProcessor, "_rehydrate", lambda _self, _root: asyncio.sleep(0))
    async with processor:
        delivering = asyncio.create_task(hub.run())
        await asyncio.sleep(0)
        yield driven
        delivering.cancel()
    await manager.close()
