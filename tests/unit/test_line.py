"""The line between a socket and the application: what may pass it, and how fast."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ais_app.access import line as lines
from ais_app.access.budget import Budgets
from ais_app.access.line import BURST_FRAMES, Line, TokenBucket


def frame(text: str | None = None, data: bytes | None = None) -> dict[str, Any]:
    return {"type": "websocket.receive", "text": text, "bytes": data}


def line_over(*frames: dict[str, Any], send=None, bucket=None, budgets=None, reported=None) -> Line:
    """A line whose client sends these frames, then nothing."""
    waiting = list(frames)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else await asyncio.Event().wait()

    async def ignore(_message) -> None:
        pass

    tab = (budgets or Budgets()).open("account", "session")
    count = reported.append if reported is not None else lambda _subject: None
    return Line(receive, send or ignore, bucket or TokenBucket(), tab, count)


@pytest.mark.parametrize(
    "text",
    [
        "3",
        "1",
        "40/_event,",
        '40/_event,{"a":1}',
        "41/_event,",
        '42/_event,["event",{"name":"x"}]',
        '42/_event,["client_error",{}]',
    ],
)
async def test_frames_of_our_own_script_pass(text):
    assert (await line_over(frame(text)).receive())["text"] == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "2",
        "2probe",
        "5",
        "4",
        "40",
        "40/,",
        "40/other,",
        "42/_event,",
        '42["event",{}]',
        '42/_event,["ping"]',
        '42/_event,7["event",{}]',
        '451-/_event,["event",{}]',
        "43/_event,1[]",
        '42/_event,["event",{}',
        " 3",
        "3\n",
        "bAAAA",
    ],
)
async def test_s50_any_other_frame_ends_the_socket(text):
    assert (await line_over(frame(text)).receive())["type"] == "websocket.disconnect"


async def test_s50_binary_frames_end_the_socket():
    assert (await line_over(frame(data=b"\x00")).receive())["type"] == "websocket.disconnect"


async def test_s50_nothing_is_read_while_the_client_takes_nothing():
    gate = asyncio.Event()

    async def stuck(_message) -> None:
        await gate.wait()

    line = line_over(frame("3"), send=stuck)
    sending = asyncio.create_task(line.send({"type": "websocket.send"}))
    await asyncio.sleep(0)
    reading = asyncio.create_task(line.receive())
    for _turn in range(20):
        await asyncio.sleep(0)
    assert not reading.done()
    gate.set()
    await sending
    assert (await reading)["text"] == "3"


async def test_s50_who_takes_nothing_for_long_loses_the_socket(monkeypatch):
    monkeypatch.setattr(lines, "SEND_SECONDS", 0.01)

    async def stuck(_message) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await line_over(send=stuck).send({"type": "websocket.send"})


def test_s50_a_bucket_gives_a_burst_and_then_a_trickle(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(lines, "monotonic", lambda: now[0])
    bucket = TokenBucket()
    assert sum(bucket.take() for _frame in range(500)) == BURST_FRAMES
    now[0] += 1
    assert sum(bucket.take() for _frame in range(500)) == 20
    bucket.spend(30)
    now[0] += 1
    assert not bucket.take(), "what was taken on credit is paid first"
    assert not bucket.is_full
    now[0] += 60
    assert bucket.is_full
