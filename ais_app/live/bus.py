"""The bus between processes: feed, number and public ids of a change, never its content."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, time
from typing import Any, Protocol

import structlog

log = structlog.get_logger("live")
REDIS_CHANNEL = "ais:live"
SESSIONS = "sessions"


@dataclass(frozen=True, slots=True)
class Change:
    """A change in a feed: `sequence` is its durable number, `details` hold uids only.

    `at`: when it was committed, in seconds since 1970 by the system's clock; for measuring.
    `made` is what the process that made the change has computed already; it is not sent to other processes (D-18).
    """

    feed: str
    sequence: int
    details: Mapping[str, Any] = field(default_factory=dict)
    made: Any = field(default=None, compare=False, repr=False)
    at: float = field(default_factory=time, compare=False, repr=False)


class Bus(Protocol):
    """Takes changes from any thread, gives them to every process."""

    def publish(self, *changes: Change) -> None: ...

    def changes(self) -> AsyncIterator[Change]: ...


class MemoryBus:
    """One process: a queue on the event loop."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Change] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def publish(self, *changes: Change) -> None:
        if self._loop is not None and self._queue is not None:  # a command line has no pages to tell
            with suppress(RuntimeError):  # the loop closed while the last commit was announced
                self._loop.call_soon_threadsafe(self._take, changes)

    def _take(self, changes: Sequence[Change]) -> None:
        if self._queue is not None:
            for change in changes:
                self._queue.put_nowait(change)

    async def changes(self) -> AsyncIterator[Change]:
        self._loop, self._queue = asyncio.get_running_loop(), asyncio.Queue()
        while True:
            yield await self._queue.get()


EVERYTHING = Change("*", 0)
PAUSE = 1.0  # seconds without another try, after Redis did not answer


class RedisBus:
    """Several processes: Redis publish/subscribe. After an outage every page is asked to read anew."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._sync: Any = None
        self._missed = False
        self._paused_until = 0.0

    def publish(self, *changes: Change) -> None:
        """Send to every process. Redis errors are not raised; after one, nothing is sent for `PAUSE` seconds."""
        from redis.exceptions import RedisError

        if monotonic() < self._paused_until:
            self._missed = True
            return
        try:
            with self._client().pipeline(transaction=False) as together:
                for change in (EVERYTHING, *changes) if self._missed else changes:
                    together.publish(REDIS_CHANNEL, _spelled(change))
                together.execute()
            self._missed = False
        except RedisError as error:  # the changes are committed; once Redis is back, all pages read anew
            self._missed, self._paused_until = True, monotonic() + PAUSE
            log.warning("live_not_published", error=type(error).__name__)

    async def changes(self) -> AsyncIterator[Change]:
        from redis.asyncio import Redis
        from redis.exceptions import RedisError

        missed = False
        while True:
            client = Redis.from_url(self._url)
            try:
                async with client.pubsub() as subscription:
                    await subscription.subscribe(REDIS_CHANNEL)
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            change = _change(message["data"])
                            if change is not None:
                                yield change
                        elif missed:  # only now, when Redis has confirmed: nothing falls between
                            yield EVERYTHING
            except RedisError as error:
                missed = True
                log.warning("live_bus_lost", error=type(error).__name__)
                await asyncio.sleep(PAUSE)
            finally:
                await client.aclose()

    def _client(self) -> Any:
        from redis import Redis

        if self._sync is None:
            self._sync = Redis.from_url(self._url, socket_timeout=2, socket_connect_timeout=2)
        return self._sync


def _spelled(change: Change) -> str:
    """A change as it is sent to other processes: without `made`."""
    message = {"topic": change.feed, "sequence": change.sequence, "details": change.details, "at": change.at}
    return json.dumps(message, separators=(",", ":"))


def _change(spelled: bytes) -> Change | None:
    """A change that another process sent; None, logged, for anything else, which must not end the loop."""
    try:
        message = json.loads(spelled)
        return Change(message["topic"], message["sequence"], message["details"], at=float(message["at"]))
    except (ValueError, TypeError, KeyError) as error:
        log.warning("live_not_understood", error=type(error).__name__)
        return None
