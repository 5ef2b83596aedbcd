"""The hub of a process: which tab watches which feed, and by which channel its view is made."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any

import structlog

from ais_app.instruments import DELIVERIES, DELIVERY_DELAY, child
from ais_app.live.bus import SESSIONS, Bus, Change
from ais_app.live.push import Push

log = structlog.get_logger("live")
REMEMBERED_OPERATIONS = 10_000
RETRY_SECONDS, TRIES = 1.0, 60
CLOSED_TERM, CLOSED_LOOK = 15 * 60.0, 60.0  # seconds that the state of a closed tab is kept, and between two looks
TABS_OF_A_SESSION = 40  # whose state is kept, closed ones included: somebody may open new ones for ever (S-50)


@dataclass(frozen=True, slots=True)
class Watcher:
    """A tab that watches a feed: under which session, and what exactly it shows (`view`)."""

    token: str
    session: str
    channel: str
    feed: str
    view: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one tab gets: variables of a state. None = the tab may no longer watch."""

    watcher: Watcher
    state: type
    variables: Mapping[str, Any] | None


Channel = Callable[[Change, Sequence[Watcher]], Coroutine[Any, Any, Iterable[Delivery]]]


class Hub:
    """Delivers changes to the tabs that watch; every delivery is authorised again by the channel of its room (D-18)."""

    def __init__(self, bus: Bus, push: Push, on_sessions_ended: Callable[[set[str]], None]) -> None:
        self._bus, self._push = bus, push
        self._on_sessions_ended = on_sessions_ended
        self._channels: dict[str, Channel] = {}
        self._feeds: dict[str, dict[str, Watcher]] = {}
        self._watched: dict[str, set[str]] = {}
        self._sockets: dict[str, dict[str, None]] = {}  # session → its tabs, the oldest first
        self._answered: OrderedDict[str, str] = OrderedDict()
        self._retries: dict[str, asyncio.Task[None]] = {}
        self._closed: dict[str, float] = {}  # tab → when it was first seen to be gone

    def channel(self, name: str, make: Channel) -> None:
        """Register the function that makes the deliveries of a channel; the composition root does so once."""
        self._channels[name] = make

    def watch(self, watchers: Iterable[Watcher], token: str) -> None:
        """Let a tab watch exactly these feeds from now on: one page per tab. The caller has authorised."""
        self.unwatch(token)
        for watcher in watchers:
            self._feeds.setdefault(watcher.feed, {})[token] = watcher
            self._watched.setdefault(token, set()).add(watcher.feed)

    def is_watching(self, watcher: Watcher) -> bool:
        """Whether the tab still shows exactly this: what was made for another view must not reach it."""
        return self._feeds.get(watcher.feed, {}).get(watcher.token) == watcher

    def unwatch(self, token: str) -> None:
        for feed in self._watched.pop(token, ()):
            watchers = self._feeds.get(feed, {})
            watchers.pop(token, None)
            if not watchers:
                self._feeds.pop(feed, None)

    def bind(self, token: str, session: str) -> None:
        """Remember the session of a tab, so that the end of the session reaches it; drop states of closed tabs beyond
        `TABS_OF_A_SESSION`.
        """
        tokens = self._sockets.setdefault(session, {})
        if token in tokens:
            return
        closed = [one for one in tokens if not self._push.is_connected(one)]
        for one in closed:
            self.unwatch(one)
        for one in closed[: max(0, len(tokens) + 1 - TABS_OF_A_SESSION)]:
            del tokens[one]
            self._push.forget(one)
        tokens[token] = None

    def forget_closed(self, now: float) -> None:
        """Drop the state of every tab that has been closed for `CLOSED_TERM`; it can open by its address again (D-50).

        A state that is bound to no session goes at once: an event at work had kept it when its session ended.
        `now`: seconds of the event loop's clock.
        """
        bound = {token for tokens in self._sockets.values() for token in tokens}
        for token in set(self._push.kept_states()) - bound:
            if not self._push.is_connected(token):
                self._push.forget(token)
        gone = {token for token in bound if not self._push.is_connected(token)}
        self._closed = {token: self._closed.get(token, now) for token in gone}
        over = {token for token, since in self._closed.items() if now - since >= CLOSED_TERM}
        for token in over:
            self.unwatch(token)
            self._push.forget(token)
            del self._closed[token]
        for session, tokens in list(self._sockets.items()):
            left = {token: None for token in tokens if token not in over}
            if left:
                self._sockets[session] = left
            else:
                del self._sockets[session]

    async def forget_closed_tabs(self) -> None:
        """Look for closed tabs now and then, until cancelled."""
        while True:
            await asyncio.sleep(CLOSED_LOOK)
            self.forget_closed(asyncio.get_running_loop().time())

    def answered(self, operation: str, token: str) -> None:
        """Deliver the change of this operation not to `token`, which gets it as the answer to its event."""
        self._answered[operation] = token
        while len(self._answered) > REMEMBERED_OPERATIONS:
            self._answered.popitem(last=False)

    async def run(self) -> None:
        """Deliver changes until cancelled; one broken change never ends the loop."""
        try:
            async for change in self._bus.changes():
                try:
                    await self._deliver(change)
                except Exception:
                    log.exception("live_delivery_failed", feed=change.feed.partition(":")[0])
        finally:
            for task in self._retries.values():
                task.cancel()

    async def _deliver(self, change: Change, tries: int = TRIES) -> None:
        if change.feed == SESSIONS:
            await self._end_sessions(set(change.details["uids"]))
            return
        for watchers in self._by_channel(change):
            try:
                await self._deliver_to(watchers, change)
            except Exception:
                log.exception("live_delivery_failed", feed=change.feed.partition(":")[0])
                self._try_again(watchers[0].feed, tries - 1)

    async def _deliver_to(self, watchers: Sequence[Watcher], change: Change) -> None:
        make, delivered = self._channels[watchers[0].channel], 0
        for delivery in await make(change, watchers):
            if delivery.variables is None:
                self.unwatch(delivery.watcher.token)
            else:
                await self._push.send(delivery.watcher.token, delivery.state, delivery.variables)
                delivered += 1
        if delivered:
            child(DELIVERIES, watchers[0].channel).inc(delivered)
            DELIVERY_DELAY.observe(max(0.0, time() - change.at))

    def _try_again(self, feed: str, tries: int) -> None:
        """After a failed delivery: make those who watch the feed read it anew, up to `TRIES` times."""
        if tries and feed not in self._retries:

            async def later() -> None:
                await asyncio.sleep(RETRY_SECONDS)
                del self._retries[feed]
                await self._deliver(Change(feed, 0, {"reload": True}), tries)

            self._retries[feed] = asyncio.get_running_loop().create_task(later())

    def _by_channel(self, change: Change) -> list[list[Watcher]]:
        own = self._answered.get(str(change.details.get("op", "")))
        feeds = list(self._feeds) if change.feed == "*" else [change.feed]
        grouped: dict[tuple[str, str], list[Watcher]] = {}
        for feed in feeds:
            for token, watcher in tuple(self._feeds.get(feed, {}).items()):
                if not self._push.is_connected(token):
                    self.unwatch(token)
                elif token != own:
                    grouped.setdefault((watcher.channel, feed), []).append(watcher)
        return list(grouped.values())

    async def _end_sessions(self, sessions: set[str]) -> None:
        self._on_sessions_ended(sessions)
        for session in sessions:
            for token in self._sockets.pop(session, ()):
                self.unwatch(token)
                await self._push.leave(token)
                self._push.forget(token)

    @property
    def watched(self) -> int:
        """How many tabs of this process watch something."""
        return len(self._watched)

    def tabs(self) -> dict[str, list[str]]:
        """{session: its tabs that this process knows}."""
        return {session: list(tokens) for session, tokens in self._sockets.items()}

    @property
    def bound(self) -> int:
        """How many tabs this process knows, with closed ones whose state is kept."""
        return sum(map(len, self._sockets.values()))
