"""The limits between a socket and the application: what may pass, and how fast."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ais_app.access.gate import socket_limits as lines
from ais_app.access.gate.budget import BLOCKS_OF_A_TAB, OF_A_SESSION, OF_A_TAB, OF_AN_ACCOUNT, Budgets, Work
from ais_app.access.gate.socket_limits import BURST_FRAMES, LimitedSocket, TokenBucket


def frame(text: str | None = None, data: bytes | None = None) -> dict[str, Any]:
    return {"type": "websocket.receive", "text": text, "bytes": data}


def socket_over(
    *frames: dict[str, Any], receive=None, send=None, bucket=None, budgets=None, reported=None
) -> LimitedSocket:
    """A limited socket whose client sends these frames, then nothing."""
    waiting = list(frames)

    async def next_frame() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    async def ignore(_message) -> None:
        pass

    tab = (budgets or Budgets()).open("account", "session")
    count = reported.append if reported is not None else lambda _subject: None
    return LimitedSocket(receive or next_frame, send or ignore, bucket or TokenBucket(), tab, count)


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
    assert (await socket_over(frame(text)).receive())["text"] == text


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
    assert (await socket_over(frame(text)).receive())["type"] == "websocket.disconnect"


async def test_s50_binary_frames_end_the_socket():
    assert (await socket_over(frame(data=b"\x00")).receive())["type"] == "websocket.disconnect"


async def test_s50_nothing_is_read_while_the_client_takes_nothing():
    gate = asyncio.Event()

    async def stuck(_message) -> None:
        await gate.wait()

    socket = socket_over(frame("3"), send=stuck)
    sending = asyncio.create_task(socket.send({"type": "websocket.send"}))
    await asyncio.sleep(0)
    reading = asyncio.create_task(socket.receive())
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
        await socket_over(send=stuck).send({"type": "websocket.send"})


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


EDIT = '42/_event,["event",{"payload":{"raw":{"ops":[["uid","course",[["student","work","5",0]]]]}}}]'


def grid_event(cells: int) -> dict[str, Any]:
    """A frame of one operation with so many cells: five lists around them."""
    return frame('42/_event,["event",{"ops":[["u","c",[' + ",".join(['["s","w","5",0]'] * cells) + "]]]}]")


class Handled:
    """Stands in for an event at work: over when the test says so."""

    def __init__(self) -> None:
        self.tell, self.dropped = lambda: None, False

    def when_over(self, tell) -> None:
        self.tell = tell

    def drop(self) -> None:
        self.dropped = True
        self.tell()


async def turns(count: int = 30) -> None:
    for _turn in range(count):
        await asyncio.sleep(0)


async def test_s67_no_more_is_read_of_a_tab_than_it_may_have_outstanding():
    budgets = Budgets()
    socket = socket_over(*[frame(EDIT)] * 40, budgets=budgets)
    at_work = []
    for _number in range(OF_A_TAB.events):
        assert (await socket.receive())["text"] == EDIT
        at_work.append(Handled())
        socket.follow(at_work[-1])
    beyond = asyncio.create_task(socket.receive())
    await turns()
    assert not beyond.done()
    assert budgets.outstanding("account").events == OF_A_TAB.events
    at_work[3].tell()
    assert (await beyond)["text"] == EDIT
    socket.close()
    await turns()
    assert all(one.dropped for one in at_work if one is not at_work[3])
    assert budgets.outstanding("account") == Work()


async def hand_on(socket: LimitedSocket) -> None:
    """Every frame becomes an event that does not end."""
    while (await socket.receive())["type"] == "websocket.receive":
        socket.follow(Handled())


async def test_s67_bytes_and_cells_are_counted_like_events():
    large = frame('42/_event,["event","' + "x" * 300_000 + '"]')
    for frames, fitting in (([large] * 3, 1), ([grid_event(1_300)] * 3, 1), ([grid_event(600)] * 5, 4)):
        budgets = Budgets()
        socket = socket_over(*frames, budgets=budgets)
        reading = asyncio.create_task(hand_on(socket))
        await turns()
        assert budgets.outstanding("account").events == fitting, fitting
        reading.cancel()
        socket.close()
        await turns()
        assert budgets.outstanding("account") == Work()


async def test_s67_tabs_of_a_session_and_sessions_of_an_account_share_their_budgets():
    budgets, taken = Budgets(), {"session": 0, "account": 0}
    one = Work(1, 10, 1)
    for of, sessions in (("session", ["s"] * 20), ("account", [f"s{number}" for number in range(20)])):
        tabs = [budgets.open(of, session) for session in sessions]
        taken[of] = sum(tab.take(one) for tab in tabs for _event in range(OF_A_TAB.events))
    assert taken == {"session": OF_A_SESSION.events, "account": OF_AN_ACCOUNT.events}
    assert budgets.open("somebody else", "s").take(one)


async def test_s67_who_waits_for_room_is_served_in_turn():
    budgets, one = Budgets(), Work(1, 10, 1)
    busy, first, second = (budgets.open("account", "session") for _tab in range(3))
    others = [budgets.open("account", "session") for _tab in range(2)]
    for tab in (busy, *others):
        assert all(tab.take(one) for _event in range(OF_A_TAB.events))
    until, order = asyncio.get_running_loop().time() + 60, []

    async def wait(tab, name: str) -> None:
        assert await tab.wait_for_room(one, until)
        order.append(name)

    waiting = [asyncio.create_task(wait(*pair)) for pair in ((busy, "busy"), (first, "first"), (second, "second"))]
    await turns()
    others[0].release(one)  # the busy tab has no room of its own: the next in turn that has gets it
    await turns()
    others[0].release(one)
    await turns()
    assert order == ["first", "second"]
    busy.release(one)
    await asyncio.gather(*waiting)
    assert order == ["first", "second", "busy"]


async def test_s67_budgets_are_forgotten_when_tabs_and_work_are_gone_and_not_before():
    budgets, one = Budgets(), Work(1, 10, 1)
    tab = budgets.open("account", "session")
    assert tab.take(one)
    tab.close()
    assert budgets.outstanding("account") == one, "a new socket does not begin anew"
    tab.release(one)
    assert budgets._accounts == {}


async def test_s67_frames_that_wait_for_their_turn_go_with_their_socket():
    bucket, budgets = TokenBucket(), Budgets()
    bucket.spend(BURST_FRAMES)
    socket = socket_over(
        *[frame(EDIT)] * 5, {"type": "websocket.disconnect", "code": 1001}, bucket=bucket, budgets=budgets
    )
    assert (await socket.receive())["type"] == "websocket.disconnect"
    socket.close()
    assert budgets.outstanding("account") == Work()


async def test_s67_what_came_before_the_end_of_a_socket_and_need_not_wait_is_handed_on():
    socket = socket_over(frame(EDIT), {"type": "websocket.disconnect", "code": 1001})
    await turns()
    assert (await socket.receive())["text"] == EDIT
    assert (await socket.receive())["type"] == "websocket.disconnect"


async def test_s67_who_sends_on_and_on_without_leaving_room_loses_the_socket(monkeypatch):
    monkeypatch.setattr(lines, "BEHIND_SECONDS", 0.01)
    reported = []
    socket = socket_over(*[frame(EDIT)] * 40, reported=reported)
    handled = 0
    while (await socket.receive())["type"] == "websocket.receive":
        socket.follow(Handled())
        handled += 1
    assert handled == OF_A_TAB.events
    assert reported == ["too much at once"]


async def test_s67_blocks_without_answers_end_the_socket_at_once():
    """The page's script waits for the answer; whatever lies in the system's buffers goes with the socket."""
    reported, budgets, at_work = [], Budgets(), []
    socket = socket_over(*[grid_event(20)] * 40, reported=reported, budgets=budgets)
    while (await socket.receive())["type"] == "websocket.receive":
        at_work.append(Handled())
        socket.follow(at_work[-1])
    assert len(at_work) == BLOCKS_OF_A_TAB
    assert reported == ["too much at once"]
    socket.close()
    assert budgets.outstanding("account") == Work()


async def test_s67_a_tab_with_a_block_at_work_does_not_wait_for_room_with_another():
    """Else it would be worked off block after block for as long as its socket holds some, its end behind them all."""
    budgets, reported = Budgets(), []
    for number in range(2):
        other = budgets.open("account", f"session {number}")
        for _block in range(3):
            assert other.take(Work(1, 10, 480))
    socket = socket_over(*[grid_event(100)] * 40, reported=reported, budgets=budgets)
    async with asyncio.timeout(1):
        while (await socket.receive())["type"] == "websocket.receive":
            socket.follow(Handled())
    assert reported == ["too much at once"]


async def test_s67_who_waits_for_each_answer_sends_as_many_blocks_as_he_likes():
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    socket = socket_over(receive=sent.get)
    before = Handled()
    for _answered in range(40):
        sent.put_nowait(grid_event(20))
        assert (await socket.receive())["type"] == "websocket.receive"
        socket.follow(event := Handled())
        before.tell()  # the answer goes out a moment before its event is over
        before = event


async def test_s67_a_frame_is_charged_by_its_cells(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(lines, "monotonic", lambda: now[0])
    bucket = TokenBucket()
    socket = socket_over(grid_event(495), frame(EDIT), bucket=bucket)
    await socket.receive()
    assert sum(bucket.take() for _frame in range(500)) == BURST_FRAMES - 20
    assert Work(1, 10, 5).frames == 1


async def test_s73_event_more_lists_than_anything_could_mean_end_the_socket():
    reported = []
    socket = socket_over(frame('42/_event,["event",' + "[" * 5000 + "]"), reported=reported)
    assert (await socket.receive())["type"] == "websocket.disconnect"
    assert reported == ["no frame of ours"]
