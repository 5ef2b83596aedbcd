"""S-50: one client against everybody: sockets, silent connections, events, unread answers, refused attempts."""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ais_app.access.gate.asgi import SOCKETS_OF_A_SESSION
from tests.servers import wait_for
from tests.wire.client import DIARY, JOURNAL, cookie_of
from tests.wire.test_journal_attacks import TODAY, answer_to, edit

SOCKETS, EVENTS_A_SECOND = 5_000, 2_000
FRAME = "42/_event," + json.dumps(
    ["event", {"name": f"{DIARY}.turn", "payload": {"raw": {"by": 0}}, "router_data": {}}]
)


@pytest.fixture(autouse=True)
def _many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = SOCKETS + 2_000
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.fail(f"{wanted} open files are needed, the system allows {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def memory(world) -> int:
    """Resident memory in MB of the servers with their workers."""
    pages, groups = 0, {one.process.pid for one in world.processes}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                pages += int(fields[21]) if int(fields[2]) in groups else 0
    return pages * resource.getpagesize() // 2**20


def entered(world, login: str) -> None:
    """Another person's edits are answered at every process while the flood goes on."""
    for tab in world.tabs_of(world.fresh("teacher"), "/journal"):
        version = world.version(login, "algebra", TODAY)
        patch = answer_to(tab, edit(world, (login, TODAY, "54"[version % 2], version)))
        assert patch["cells"][0][3] == version + 1, patch
        tab.close()


def address(world) -> str:
    return f"{world.url.replace('http', 'ws', 1)}/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket"


async def open_socket(world, cookie: str, opened: list, refused: list[int]) -> None:
    try:
        opened.append(
            await connect(
                address(world),
                additional_headers={"Cookie": cookie},
                origin=world.url,
                open_timeout=60,
                ping_interval=None,
            )
        )
    except InvalidStatus as refusal:
        refused.append(refusal.response.status_code)


def test_s50_five_thousand_sockets_of_one_client_leave_others_served(world):
    """The limit of a session answers; whoever asks again and again is refused again and again, and cheaply."""
    cookie, before = cookie_of(world.fresh("gleb")), memory(world)

    async def flood() -> tuple[int, set[int]]:
        opened, refused = [], []
        for _round in range(SOCKETS // 500):
            await asyncio.gather(*[open_socket(world, cookie, opened, refused) for _socket in range(500)])
        await asyncio.to_thread(entered, world, "boris")
        for one in opened:
            one.transport.abort()
        return len(opened), set(refused)

    assert asyncio.run(flood()) == (SOCKETS_OF_A_SESSION, {403})
    assert memory(world) < before + 150


def test_s50_five_thousand_silent_connections_keep_nobody_out(world):
    """Connections that say nothing are no session's: the server holds them, serves others, and lets go of them."""
    host, port = world.server.host.split(":")
    before = memory(world)
    with ExitStack() as stack:
        for _number in range(SOCKETS):
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            with suppress(BlockingIOError):
                one.connect((host, int(port)))
        assert world.client("mother").get("/diary").status_code == 200
        entered(world, "boris")
    assert memory(world) < before + 150


@contextmanager
def flooding(work) -> Iterator[None]:
    """Run `work(stop)` beside the test until it ends."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)


def test_s50_two_thousand_events_a_second_of_one_client_leave_others_served(world):
    cookie, before, sent = cookie_of(world.fresh("gleb")), memory(world), [0]

    async def write(one, stop: threading.Event) -> None:
        pause = SOCKETS_OF_A_SESSION / EVENTS_A_SECOND * 10
        with suppress(ConnectionClosed):
            await one.send("40/_event,")
            while not stop.is_set():
                for _event in range(10):
                    await asyncio.wait_for(one.send(FRAME), 1)
                    sent[0] += 1
                await asyncio.sleep(pause)

    async def flood(stop: threading.Event) -> None:
        opened: list = []
        await asyncio.gather(*[open_socket(world, cookie, opened, []) for _socket in range(SOCKETS_OF_A_SESSION)])
        await asyncio.gather(*[write(one, stop) for one in opened], return_exceptions=True)
        for one in opened:
            one.transport.abort()

    with flooding(lambda stop: asyncio.run(flood(stop))):
        wait_for(lambda: sent[0] >= EVENTS_A_SECOND, "the flood did not begin")
        entered(world, "boris")
        world.diaries_are_served()
        until = sent[0] + EVENTS_A_SECOND
        wait_for(lambda: sent[0] >= until or world.server.process.poll() is not None, "the flood stopped by itself")
        entered(world, "boris")
    assert memory(world) < before + 150


def test_s50_who_reads_no_answers_is_not_read_and_others_are_served(world):
    """The socket of a deaf client waits; what it does to memory is bounded by `LimitedSocket` (tests/unit/test_socket_limits.py)."""
    cookie, before = cookie_of(world.fresh("historian")), memory(world)
    host, port = world.server.host.split(":")
    course = world.here.courses["history"]
    ask = "42/_event," + json.dumps(
        [
            "event",
            {
                "name": f"{JOURNAL}.open_page",
                "payload": {},
                "router_data": {"pathname": f"/journal/{course}", "asPath": f"/journal/{course}"},
            },
        ]
    )
    with socket.create_connection((host, int(port)), timeout=10) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        deaf.sendall(
            f"GET /_event/?token={uuid.uuid4()}&EIO=4&transport=websocket HTTP/1.1\r\nHost: {world.server.host}\r\n"
            f"Origin: {world.url}\r\nCookie: {cookie}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        assert b"101" in deaf.recv(200)
        for frame in ["40/_event,", *[ask] * 90]:
            body = frame.encode()
            deaf.sendall(bytes([0x81, 0x80 | 126]) + len(body).to_bytes(2) + bytes(4) + body)
        entered(world, "boris")
        assert memory(world) < before + 100
