"""The live channel of «Работы»: each open tab gets its list anew, if it may still see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ais_app.job_list.state import JobsState, view
from ais_app.live.bus import Change
from ais_app.live.hub import Delivery, Watcher
from ais_app.rights.rules import Right
from ais_app.services import services


async def deliver(_change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    return [await _of(watcher) for watcher in watchers]


async def _of(watcher: Watcher) -> Delivery:
    actor = await services().sessions.actor_of_session(watcher.session)
    if actor is None or not actor.may(Right.SEE_JOBS):
        return Delivery(watcher, JobsState, None)
    shown = await services().read(actor, view, watcher.view["tab"])
    return Delivery(watcher, JobsState, shown)
