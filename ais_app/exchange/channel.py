"""The live channel of «Обмен»: each open tab gets its jobs anew, if it may still see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ais_app.exchange import views
from ais_app.exchange.state import ExchangeState
from ais_app.live.bus import Change
from ais_app.live.hub import Delivery, Watcher
from ais_app.rights.rules import Right
from ais_app.services import services


async def deliver(_change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    return [await _of(watcher) for watcher in watchers]


async def _of(watcher: Watcher) -> Delivery:
    actor = await services().sessions.actor_of_session(watcher.session)
    if actor is None or not actor.may(Right.SET_UP_SCHOOL):
        return Delivery(watcher, ExchangeState, None)
    return Delivery(watcher, ExchangeState, await services().read(actor, views.shown))
