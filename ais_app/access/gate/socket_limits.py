"""The limits of one socket: which frames pass to the application, and how fast (D-16, S-50)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from time import monotonic
from typing import Any

from ais_app.access.gate.budget import MOST_LISTS, NO_WORK, Tab, Work, work_of
from ais_app.live.intake import Followed

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Report = Callable[[str], None]  # counts what was refused of a socket

SUSTAINED_FRAMES, BURST_FRAMES, OPENING_FRAMES = 20.0, 100.0, 3
SEND_SECONDS, BEHIND_SECONDS = 30, 5
BROKEN, TOO_MUCH, LOST = 4400, 4408, 1006

# What the page's script says: the answer to a ping, the end, opening and leaving the one namespace, events and
# reports of errors. Everything else that socket.io could read is surface: binary parts, acknowledgements, upgrades.
_FRAME = re.compile(r'(?:1|3|41/_event,|40/_event,(?:\{.*\})?|42/_event,\["(?:event|client_error)",.*\])', re.DOTALL)


def _is_ours(text: str, work: Work) -> bool:
    """Whether the page's script could have sent this."""
    return work.cells <= MOST_LISTS and _FRAME.fullmatch(text) is not None


class TokenBucket:
    """Frames of one session: 20 a second in the long run, 100 at once."""

    __slots__ = ("_at", "_left")

    def __init__(self) -> None:
        self._left, self._at = BURST_FRAMES, monotonic()

    def take(self) -> bool:
        """Take one frame; False = there is none just now."""
        self._refill()
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def spend(self, frames: float) -> None:
        """Take `frames`, at most a full bucket; below zero the following frames wait until it is refilled."""
        self._refill()
        self._left -= min(frames, BURST_FRAMES)

    @property
    def is_full(self) -> bool:
        """Whether it is full, so that a new one would be the same."""
        self._refill()
        return self._left >= BURST_FRAMES

    def _refill(self) -> None:
        now = monotonic()
        self._left = min(BURST_FRAMES, self._left + (now - self._at) * SUSTAINED_FRAMES)
        self._at = now


class LimitedSocket:
    """A socket as the application sees it.

    It reads no more than the tab, its session and its account may have outstanding, hands it on no faster than the
    session may send (a flood waits in the sender's own network buffers), nothing while the client does not take what
    was sent to it, and no frame that the page's script would never send. When the client is gone, what of its work
    has not begun is dropped: the page sends again what was not acknowledged (S-67).

    Frames are read as they are asked for. From the first one that has to wait for its turn on they are read ahead, so
    that the end of the socket is noticed meanwhile.
    """

    def __init__(self, receive: Receive, send: Send, bucket: TokenBucket, tab: Tab, report: Report) -> None:
        self._receive, self._send = receive, send
        self._bucket, self._tab, self._count = bucket, tab, report
        self._taken = asyncio.Event()
        self._taken.set()
        self._behind = 0.0  # since when there was always something waiting for room
        self._read: asyncio.Queue[tuple[Message, Work]] = asyncio.Queue()  # never more than the tab's budget
        self._reading: asyncio.Task[None] | None = None
        self._end_message: Message | None = None
        self._ended = False
        self._current = NO_WORK
        self._followed: set[Followed] = set()

    async def receive(self) -> Message:
        """The next message, within the limits; `websocket.disconnect` after the end or a frame that is none of ours."""
        self._release_current()
        await self._taken.wait()
        if self._ended and self._end_message is not None:
            return self._end_message
        message, self._current = await (self._read_one() if self._reading is None else self._read.get())
        if message["type"] != "websocket.receive":
            return message
        while not self._bucket.take():
            if self._reading is None:
                self.report("too many frames")
                self._reading = asyncio.get_running_loop().create_task(self._read_ahead())
            await asyncio.sleep(1 / SUSTAINED_FRAMES)
            if self._end_message is not None:  # gone while this waited for its turn
                return self._end_message
        self._bucket.spend(self._current.frames - 1)
        return message

    async def send(self, message: Message) -> None:
        """Send within `SEND_SECONDS`, else raise TimeoutError: a client that takes nothing must not fill the memory."""
        self._taken.clear()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._send(message)
        finally:
            self._taken.set()

    def report(self, subject: str) -> None:
        """Count what was refused of this socket."""
        self._count(subject)

    def follow(self, event: Followed) -> None:
        """The present frame became an event: its work is outstanding until that is over."""
        work, self._current = self._current, NO_WORK
        self._followed.add(event)

        def over() -> None:
            self._followed.discard(event)
            self._tab.release(work)

        event.when_over(over)

    def end(self) -> None:
        """The present frame could not be read: count it and end the socket."""
        self.report("unreadable")
        self._ended = True
        self._end_with(BROKEN)
        if self._reading is not None:  # the server below does not close what is being read
            self._reading.cancel()

    def close(self) -> None:
        """The socket is over: drop what has not begun. What has begun counts until it ends."""
        if self._reading is not None:
            self._reading.cancel()
        self._release_current()
        while not self._read.empty():
            self._tab.release(self._read.get_nowait()[1])
        for event in tuple(self._followed):
            event.drop()
        self._tab.close()

    async def _read_ahead(self) -> None:
        while self._end_message is None:
            self._read.put_nowait(await self._read_one())

    async def _read_one(self) -> tuple[Message, Work]:
        """The next frame and its work, once the tab's budgets have room for it; or the end.

        A client that sends blocks without waiting for answers, or for `BEHIND_SECONDS` more than there is room for,
        loses the socket: else what it sent would keep the server busy long after the client is gone.
        """
        try:
            message = await self._receive()
        except (OSError, RuntimeError):  # the server below lost the connection
            return self._end_with(LOST)
        text = message.get("text") or ""
        work = work_of(text) if text else NO_WORK
        if message["type"] == "websocket.disconnect":
            self._end_message = message
        elif message["type"] == "websocket.receive" and not _is_ours(text, work):
            self.report("no frame of ours")
            return self._end_with(BROKEN)
        if self._tab.take(work):
            self._behind = 0.0
            return message, work
        self._behind = self._behind or asyncio.get_running_loop().time()
        if self._tab.overruns(work) or not await self._tab.wait_for_room(work, self._behind + BEHIND_SECONDS):
            self.report("too much at once")
            return self._end_with(TOO_MUCH)
        return message, work

    def _end_with(self, code: int) -> tuple[Message, Work]:
        if self._end_message is None:
            self._end_message = {"type": "websocket.disconnect", "code": code}
        return self._end_message, NO_WORK

    def _release_current(self) -> None:
        """Release the work of the present frame, which became no event."""
        work, self._current = self._current, NO_WORK
        self._tab.release(work)
