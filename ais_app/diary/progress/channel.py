"""The live channel of «Успехи»: each open tab gets its view anew, charts included, if it may still see it.

Drawing takes tens of milliseconds, and the hub hands out one change after another: it must not wait for charts
while teachers wait for patches. So tabs queue here, each at most once however many marks come meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import structlog

from ais_app.diary.progress.state import ProgressState, choice_of, nothing, read
from ais_app.live.bus import Change
from ais_app.live.hub import Delivery, Watcher
from ais_app.rights.errors import NotYours
from ais_app.services import services

log = structlog.get_logger("live")


class Drawing:
    """The tabs that wait for their view, and the one task that makes the views."""

    def __init__(self) -> None:
        self._waiting: dict[str, Watcher] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, watchers: Sequence[Watcher]) -> None:
        self._waiting.update({watcher.token: watcher for watcher in watchers})
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._waiting:
            watcher = self._waiting.pop(next(iter(self._waiting)))
            try:
                await send(watcher)
            except Exception:  # one broken view never ends the others
                log.exception("live_delivery_failed", feed=watcher.feed.partition(":")[0])


_drawing = Drawing()


async def deliver(_change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    """Queue the tabs; nothing is left for the hub itself to deliver."""
    _drawing.add(watchers)
    return ()


async def send(watcher: Watcher) -> None:
    """Make the view of one tab and send it. The right is asked again; a tab that shows another view by now is left."""
    hub, push = services().hub, services().push
    actor = await services().sessions.actor_of_session(watcher.session)
    variables, allowed = nothing() | {"status": "nobody", "children": []}, actor is not None
    if actor is not None:
        try:
            variables = await read(actor, watcher.feed.partition(":")[2], choice_of(watcher.view))
        except NotYours:
            allowed = False
    if not hub.is_watching(watcher):
        return
    if not allowed:
        hub.unwatch(watcher.token)
    await push.send(watcher.token, ProgressState, variables)
