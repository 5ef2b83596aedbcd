"""Broken frames on an open socket: its sender may lose it, nobody else notices, and the log keeps nothing of it."""

from __future__ import annotations

import re
import socket
import uuid
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.wire.client import DIARY, NOTICE, ROOT, Tab, cookie_of

MARK = "Tell-Nobody"
DEEP = 100_000
FRAMES: dict[str, list[str | bytes]] = {
    "no packet": ["", "x", "\x00", "9", "99999", "42", "42/", "42/_event", "42/_event,", "\ud7ff"],
    "engine packets": ["0", "1", "5", "6", "3" * 50, "2probe", "b", "bAAAA", "b" + MARK],
    "no json": [
        "42/_event,{",
        '42/_event,["event"',
        "42/_event,[}",
        '42/_event,"event"',
        "42/_event,nul",
        f"42/_event,{MARK}",
    ],
    "no event": [
        "42/_event,[]",
        "42/_event,{}",
        "42/_event,null",
        "42/_event,5",
        '42/_event,[""]',
        "42/_event,[5,5]",
        "42/_event,[null]",
    ],
    "other events": [
        f'42/_event,["{name}",{{"a":"{MARK}"}}]'
        for name in ("connect", "disconnect", "ping", "client_error", "__class__", "emit", "trigger_event", "on_event")
    ],
    "reports of errors": [
        f'42/_event,["client_error",{{"error_type":"{MARK}","message":"{MARK}","substate":"{MARK}"}}]',
        f'42/_event,["client_error",{{"error_type":"dispatch_missing","substate":"{MARK}"}}]',
        f'42/_event,["client_error","{MARK}"]',
        '42/_event,["client_error"]',
        '42/_event,["client_error",{},{},{}]',
    ],
    "odd events": [
        f'42/_event,["event",{body}]'
        for body in (
            "null",
            "[]",
            '""',
            f'"{MARK}"',
            "1e999",
            "NaN",
            "{}",
            '{"name":null}',
            '{"name":{}}',
            '{"name":[]}',
            '{"name":5,"payload":5}',
            '{"name":"x","payload":null,"router_data":null}',
            '{"name":"x","payload":{},"router_data":[]}',
            '{"name":"x","payload":{},"router_data":{"pathname":5}}',
            '{"name":"x","payload":{},"router_data":{"query":"x","path":["/"]}}',
            '{"token":"x","name":"y","payload":{}}',
            f'{{"name":"{MARK}","payload":{{"{MARK}":1}}}}',
            f'"{{\\"name\\":\\"{MARK}\\"}}"',
            '"not json"',
        )
    ],
    "too many parts": [
        '42/_event,["event",{},{},{}]',
        '42/_event,["event"]',
        "42/_event,7[]",
        '42/_event,999999["event",{}]',
    ],
    "acknowledgements": ["43/_event,1[]", "43/_event,[]", "43/_event,99999999999999999999[]", "43"],
    "binary events": [
        '451-/_event,["event",{"_placeholder":true,"num":0}]',
        '45999999-/_event,["event",{"_placeholder":true,"num":9}]',
        "46/_event,1-[]",
        b"\x00\xff",
        b"",
        b"x" * 1000,
    ],
    "connects": [
        "40",
        "40/",
        "40/other,",
        "40/_event,",
        "40/_event,{",
        '40/_event,{"a":1}',
        "40/_event,[]",
        f"40/{MARK},",
        "44/_event,{}",
        "41/other,",
    ],
    "deep": [
        f'42/_event,["event",{"[" * DEEP}{"]" * DEEP}]',
        '42/_event,["event",{"name":"x","payload":' + '{"a":' * 900 + "1" + "}" * 900 + "}]",
    ],
    "long numbers": [
        '42/_event,["event",{"name":"x","payload":{"a":' + "9" * 5000 + "}}]",
        "42/_event," + "9" * 10_000 + "[]",
    ],
    "large": ["x" * 600_000, b"x" * 600_000, '42/_event,["event","' + "x" * 520_000 + '"]'],
    "many namespaces": [f"40/{number}," for number in range(60)],
    "two connects": ["40/_event,", '40/_event,{"token":"x"}', "41/_event,", "40/_event,", "41/_event,", "41/_event,"],
}


def send_all(tab: Tab, frames) -> None:
    with suppress(ConnectionClosed, TimeoutError):
        for frame in frames:
            tab._socket.send(frame)
        tab.silence(0.2)


@pytest.mark.parametrize("kind", FRAMES)
def test_broken_frames_hurt_nobody_but_their_sender(world, kind):
    logged, attacker = world.log(), world.tab("teacher")
    calm = world.tabs_of(world.client("mother"), "/diary")
    send_all(attacker, FRAMES[kind])
    for one in calm:
        one.send(f"{DIARY}.open_page")
        assert one.until(DIARY, "status") == "ready"
    again = world.tabs_of(world.client("teacher"))
    for one in again:
        one.send(f"{ROOT}.setvar", {})
        assert one.until(NOTICE, "notice")
    said, tokens = logged(), [tab.token for tab in (attacker, *again)]
    for secret in (MARK, "Traceback", *tokens, world.client("teacher").cookies["ais_session"]):
        assert secret not in said


def handshake(world, login: str, query: str = "") -> socket.socket:
    """A websocket by hand, for what a library would never send."""
    host, port = world.server.host.split(":")
    opened = socket.create_connection((host, int(port)), timeout=5)
    opened.sendall(
        f"GET /_event/?token={uuid.uuid4()}&EIO=4&transport=websocket{query} HTTP/1.1\r\nHost: {world.server.host}\r\n"
        f"Origin: {world.url}\r\nCookie: {cookie_of(world.client(login))}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    return opened


def masked(first: int, body: bytes, declared: int | None = None) -> bytes:
    """A frame with a first byte and a length of one's own choice."""
    return bytes([first, 0x80 | 127]) + (len(body) if declared is None else declared).to_bytes(8) + bytes(4) + body


BYTES = {
    "no utf-8": masked(0x81, b"42/_event,\xff\xfe\xc0\x80"),
    "half a character": masked(0x81, "42/_event,ж".encode()[:-1]),
    "a reserved opcode": masked(0x83, b"x"),
    "reserved bits": masked(0xF1, b"40/_event,"),
    "a frame without a mask": bytes([0x81, 3]) + b"40/",
    "a length beyond all memory": masked(0x81, b"x", 2**63 - 1),
    "a length with the sign bit": masked(0x81, b"x", 2**64 - 1),
    "a continuation of nothing": masked(0x80, b"x"),
    "a long ping": masked(0x89, b"x" * 5000),
    "a broken goodbye": masked(0x88, b"\x00"),
    "fragments without an end": masked(0x01, b"42/_event,") + masked(0x00, b"x" * 1000) * 200,
    "nothing but zeros": bytes(5000),
}


@pytest.mark.parametrize("kind", BYTES)
def test_broken_bytes_hurt_nobody_but_their_sender(world, kind):
    logged = world.log()
    with handshake(world, "teacher") as attacker, suppress(ConnectionError, TimeoutError):
        assert b"101" in attacker.recv(500)
        attacker.sendall(BYTES[kind])
        attacker.settimeout(0.3)
        while attacker.recv(4096):
            pass
    world.diaries_are_served()
    assert "Traceback" not in logged()


@pytest.mark.parametrize(
    "query",
    [
        "&x=" + "y" * 100_000,
        "&token=" + "z" * 5000,
        "&EIO=3",
        "&transport=polling",
        "&sid=x",
        "&b64=1",
        "&" * 5000,
        "&%00=%ff",
        "&j=0",
    ],
)
def test_odd_handshakes_open_nothing_or_an_ordinary_socket(world, query):
    logged = world.log()
    with handshake(world, "teacher", query) as attacker, suppress(ConnectionError, TimeoutError):
        answer = attacker.recv(500)
        assert re.match(rb"HTTP/1.1 (101|400|403|404|414|431)", answer), answer
    world.diaries_are_served()
    assert "Traceback" not in logged()
