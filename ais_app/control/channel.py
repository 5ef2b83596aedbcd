"""The live channel of «Проверка»: each open tab gets its view anew, if it may still see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ais_app.control import views
from ais_app.control.state.integrity import IntegrityState
from ais_app.live.bus import Change
from ais_app.live.hub import Delivery, Watcher
from ais_app.rights.rules import Right
from ais_app.services import services


async def deliver(_change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    return [await _of(watcher) for watcher in watchers]


async def _of(watcher: Watcher) -> Delivery:
    actor = await services().sessions.actor_of_session(watcher.session)
    if actor is None or not actor.may(Right.CHECK_INTEGRITY):
        return Delivery(watcher, IntegrityState, None)
    return Delivery(watcher, IntegrityState, await services().read(actor, views.shown))
