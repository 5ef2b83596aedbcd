"""One socket between the network and the application: what may pass, and how fast (D-16, S-50)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from time import monotonic
from typing import Any

import structlog

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = structlog.get_logger("gate")

SUSTAINED_FRAMES, BURST_FRAMES, OPENING_FRAMES = 20.0, 100.0, 3
SEND_SECONDS = 30
BROKEN = 4400

# What the page's script says: the answer to a ping, the goodbye, opening and leaving the one namespace, events and
# reports of errors. Everything else that socket.io could read is surface: binary parts, acknowledgements, upgrades.
_FRAME = re.compile(r'(?:1|3|41/_event,|40/_event,(?:\{.*\})?|42/_event,\["(?:event|client_error)",.*\])', re.DOTALL)


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
        """Take frames on credit: what follows waits for them."""
        self._refill()
        self._left -= frames

    @property
    def is_full(self) -> bool:
        """Whether nobody would notice if it were forgotten."""
        self._refill()
        return self._left >= BURST_FRAMES

    def _refill(self) -> None:
        now = monotonic()
        self._left = min(BURST_FRAMES, self._left + (now - self._at) * SUSTAINED_FRAMES)
        self._at = now


class Line:
    """A socket as the application sees it.

    It reads no faster than the session may send (a flood waits in the sender's own network buffers), nothing while
    the client does not take what was sent to it, and no frame that the page's script would never send.
    """

    def __init__(self, receive: Receive, send: Send, bucket: TokenBucket, session: str) -> None:
        self._receive, self._send = receive, send
        self._bucket, self._session = bucket, session
        self._taken = asyncio.Event()
        self._taken.set()
        self._told = False

    async def receive(self) -> Message:
        """The next frame; what cannot be one of ours ends the socket."""
        await self._taken.wait()
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        while not self._bucket.take():
            if not self._told:
                log.warning("too_many_frames", session=self._session)
            self._told = True
            await asyncio.sleep(1 / SUSTAINED_FRAMES)
        if _FRAME.fullmatch(message.get("text") or "") is None:
            log.warning("broken_frame", session=self._session)
            return {"type": "websocket.disconnect", "code": BROKEN}
        return message

    async def send(self, message: Message) -> None:
        """Send, within a time: who takes nothing loses the socket instead of filling the server's memory."""
        self._taken.clear()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._send(message)
        finally:
            self._taken.set()
