"""Handlers driven through Reflex's real event pipeline, guard included: no browser, no socket."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.utils.format import format_event_handler
from starlette.applications import Starlette

from ais_app import services as services_module
from ais_app.access import service, sessions
from ais_app.diary.routes import DiaryRoutes
from ais_app.journal.grid.routes import JournalRoutes
from ais_app.live.bus import MemoryBus
from ais_app.live.hub import Hub
from ais_app.live.push import Push
from ais_app.settings import Settings
from tests.builders import SmallSchool


class RecordingPush(Push):
    """Stands in for sockets: every tab is here, and what is sent to it is kept."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, dict[str, Any]]] = []

    def is_connected(self, token: str) -> bool:
        return True

    async def send(self, token: str, state: type, variables: dict[str, Any]) -> None:
        self.sent.append((token, state.__name__, dict(variables)))

    def kept_states(self) -> list[str]:
        return []

    def forget(self, token: str) -> None:
        self.sent.append((token, "forget", {}))

    async def leave(self, token: str) -> None:
        self.sent.append((token, "leave", {}))


class Pipeline:
    """A process without sockets: `call` sends an event of a tab as a signed-in person."""

    def __init__(self, school: SmallSchool, processor: BaseStateEventProcessor, manager: StateManagerMemory) -> None:
        self.school, self.processor, self.manager = school, processor, manager
        self.push: RecordingPush
        self.hub: Hub
        self.services: services_module.Services
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
        before = len(self.push.sent)
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
        for to, state, variables in self.push.sent[before:]:
            if to == token and variables.get("wanted", {}).get("at"):
                merged.setdefault(_SHORT[state], {}).update(await self._read(login, token, state, variables["wanted"]))
        return merged

    async def _read(self, login: str, token: str, state: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """Read a view as the page does; a sheet stands among what is sent to the tab."""
        answer = await self.get(login, wanted["at"])
        if answer.status_code != 200:
            return {}
        found = answer.json()
        del found["read"]
        if "sheet" in found:
            self.push.sent.append((token, state, {"sheet": found.pop("sheet")}))
        return vars(json.loads(json.dumps(found), object_hook=lambda one: SimpleNamespace(**one)))

    async def get(self, login: str, address: str, **headers: str) -> httpx.Response:
        """A plain request of a signed-in person, past the gate."""
        routes = [*JournalRoutes(self.services).routes, *DiaryRoutes(self.services).routes]
        transport = httpx.ASGITransport(Starlette(routes=routes))
        cookie = {"cookie": self.cookie(login)} if login else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://school") as client:
            return await client.get(address, headers=cookie | headers)


_SHORT = {"JournalState": "journal_state", "DiaryState": "diary_state"}


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
    from ais_app.settings_page import state as settings_state

    registry = sessions.SessionRegistry(school.database)
    bus, push = MemoryBus(), RecordingPush()
    hub = Hub(bus, push, registry.forget)
    made = services_module.Services(Settings(), school.database, registry, bus, push, hub)
    original = services_module.services
    for name, module in list(sys.modules.items()):
        if name.startswith("ais_app.") and getattr(module, "services", None) is original:
            monkeypatch.setattr(module, "services", lambda: made)
    hub.channel(grid_state.CHANNEL, channel.deliver)
    hub.channel(windows_state.CHANNEL, windows_state.deliver)
    hub.channel(diary_state.CHANNEL, diary_state.deliver)
    hub.channel(progress_state.CHANNEL, progress_channel.deliver)
    hub.channel(settings_state.CHANNEL, settings_state.deliver)
    school.database.on_commit(root.publish)
    manager = StateManagerMemory()
    processor = BaseStateEventProcessor(
        middleware=root.app, backend_exception_handler=errors.answer_to_crash, graceful_shutdown_timeout=1
    )
    driven = Pipeline(school, processor, manager)
    driven.push, driven.hub, driven.services = push, hub, made

    async def emit_delta(token: str, delta: Any, **_more: Any) -> None:
        driven.deltas.append(delta)

    async def emit_event(token: str, *events: Any) -> None:
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
