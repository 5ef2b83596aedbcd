"""The load generator: many open tabs over raw websockets, one coroutine each, in one process beside the server."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from ais_app.db.columns import new_uid
from tests.bench import reference
from tests.wire.client import JOURNAL, ROOT

PREFIX = "42/_event,"
OPENING = 40  # tabs opened at once
ANSWER_SECONDS = 30.0
Who = TypeVar("Who")


@dataclass
class Cell:
    """A cell that one tab alone writes, with the version it knows."""

    student: str
    work: str
    version: int = 0
    value: str = ""


@dataclass
class Tab:
    """One open page: hydrated, its `on_load` done, everything it is sent counted and looked through."""

    url: str
    cookie: str
    path: str
    ready: str
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    received: int = 0
    sent: int = 0
    failures: list[str] = field(default_factory=list)
    heard: Callable[[str], None] | None = None

    def __post_init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[tuple[float, str]]] = {}
        self._ready = asyncio.Event()
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self, seconds: float = 120) -> None:
        """Connect as a browser does: the page's load travels with the connection."""
        address = f"{self.url.replace('http', 'ws', 1)}/_event/?token={self.token}&EIO=4&transport=websocket"
        self._socket = await connect(
            address,
            additional_headers={"Cookie": self.cookie},
            origin=self.url,  # pyright: ignore[reportArgumentType]
            max_size=None,
            open_timeout=seconds,
            compression=None,
            ping_interval=None,
            proxy=None,
        )
        await self._socket.recv()
        event = {"name": f"{ROOT}.hydrate_and_load", "payload": {}, "router_data": self._router}
        await self._socket.send("40/_event," + json.dumps({"event": event}))
        self._reading = asyncio.create_task(self._read())
        await asyncio.wait_for(self._ready.wait(), seconds)

    async def send(self, name: str, payload: dict[str, Any]) -> None:
        assert self._socket is not None
        event = {"name": name, "payload": payload, "router_data": self._router}
        frame = PREFIX + json.dumps(["event", event], separators=(",", ":"), ensure_ascii=False)
        self.sent += len(frame.encode())
        await self._socket.send(frame)

    async def ask(self, key: str, name: str, payload: dict[str, Any]) -> tuple[float, str]:
        """Send an event and wait for the frame that holds `key`; returns (seconds, frame)."""
        answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        await self.send(name, payload)
        try:
            ended, frame = await asyncio.wait_for(answer, ANSWER_SECONDS)
        finally:
            self._waiting.pop(key, None)
        return ended - begun, frame

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        if self._socket is not None:
            await self._socket.close()

    @property
    def _router(self) -> dict[str, Any]:
        """What Reflex's client says with every event of a page with a parameter."""
        path = self.path.rstrip("/")
        course = path.removeprefix("/journal/")
        return {"pathname": path, "asPath": path} | ({} if course == path else {"query": {"course": course}})

    async def _read(self) -> None:
        assert self._socket is not None
        try:
            async for frame in self._socket:
                now = time.perf_counter()
                assert isinstance(frame, str)
                if frame == "2":
                    await self._socket.send("3")
                    continue
                self.received += len(frame.encode())
                if not self._ready.is_set() and self.ready in frame:
                    self._ready.set()
                for key, answer in self._waiting.items():
                    if key in frame and not answer.done():
                        answer.set_result((now, frame))
                if self.heard is not None:
                    self.heard(frame)
        except ConnectionClosed as error:
            self.failures.append(str(error))


@dataclass
class Teacher:
    """A tab with a course open, and the cells that are its own to write."""

    tab: Tab
    course: str
    cells: list[Cell]
    confirmed: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    async def edit(self, random: Random, among: Sequence[Cell] = ()) -> float:
        """Enter a mark, into one of some cells if they are given; returns the seconds until the answer."""
        cell = random.choice(among or self.cells)
        value = random.choice([one for one in "5432" if one != cell.value])
        uid = new_uid()
        payload = {"raw": {"ops": [[uid, self.course, [[cell.student, cell.work, value, cell.version]]]]}}
        seconds, frame = await self.tab.ask(f'"op":"{uid}"', f"{JOURNAL}.enter", payload)
        if '"own":' not in frame or '"refused"' in frame:
            self.wrong.append(frame[:400])
            return seconds
        cell.version, cell.value = cell.version + 1, value
        self.confirmed[uid] = value
        return seconds


def at_the_reference(url: str) -> Tab:
    """A tab of the reference application."""
    return Tab(url, "", "/", '"is_hydrated_rx_state_":true')


async def ask_the_reference(tab: Tab, kind: str, place: int) -> float:
    """One event of the reference application (`nothing`, `bare`, `orm`); returns the seconds until the answer."""
    uid = new_uid()
    payload = {"raw": {"op": uid, "place": place, "value": "5"}}
    return (await tab.ask(f'"op":"{uid}"', f"{reference.STATE}.{kind}", payload))[0]


async def opened(tabs: Iterable[Tab]) -> None:
    """Open the tabs, some at once."""
    gate = asyncio.Semaphore(OPENING)

    async def one(tab: Tab) -> None:
        async with gate:
            await tab.open()

    await asyncio.gather(*(one(tab) for tab in tabs))


async def closed(tabs: Iterable[Tab]) -> None:
    for tab in tabs:
        await tab.close()


async def at_a_pace(
    people: Iterable[Who], act: Callable[[Who], Awaitable[float]], each_every: float, seconds: float
) -> list[float]:
    """Everybody acts about every `each_every` seconds, evenly spread; returns all latencies."""
    random, found = Random(7), []
    until = time.perf_counter() + seconds

    async def one(who: Who) -> None:
        await asyncio.sleep(random.random() * each_every)
        while time.perf_counter() < until:
            begun = time.perf_counter()
            found.append(await act(who))
            pause = each_every * (0.5 + random.random())
            await asyncio.sleep(max(0.0, pause - (time.perf_counter() - begun)))

    await asyncio.gather(*(one(who) for who in people))
    return found


async def without_pause(
    people: Iterable[Who], act: Callable[[Who], Awaitable[float]], seconds: float
) -> tuple[list[float], float]:
    """Everybody acts again as soon as he is answered; returns (latencies, actions a second)."""
    found: list[float] = []
    begun = time.perf_counter()

    async def one(who: Who) -> None:
        while time.perf_counter() < begun + seconds:
            found.append(await act(who))

    await asyncio.gather(*(one(who) for who in people))
    return found, len(found) / (time.perf_counter() - begun)
