"""The watch of this process, and telling open pages of the administrator what it sees."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache

import structlog

from ais_app.metrics import exposition, views
from ais_app.metrics.rules import Alarm, Limits
from ais_app.metrics.watching import LOOK_SECONDS, Watch
from ais_app.rights.rules import Right
from ais_app.school.state import ShellState
from ais_app.services import services
from ais_app.web.alarms import AlarmItem

log = structlog.get_logger("alarms")
MEGABYTE = 1024 * 1024


@cache
def watch() -> Watch:
    """The watch of this process, made at the first call."""
    chosen = services().settings
    limits = Limits(chosen.alarm_refusals, chosen.alarm_free_disk * MEGABYTE)
    return Watch(services().database, chosen.data, limits, tell)


def present() -> list[AlarmItem]:
    """The alarms that stand, in words."""
    return views.shown(watch().alarms)


async def tell(alarms: Sequence[Alarm]) -> None:
    """Show these alarms on every open page of whoever may see them."""
    shown = views.shown(alarms)
    for session, tabs in services().hub.tabs().items():
        actor = await services().sessions.actor_of_session(session)
        if actor is not None and actor.may(Right.SEE_ALARMS):
            for tab in tabs:
                await services().push.send(tab, ShellState, {"alarms": shown})


async def write_figures() -> None:
    """Where several processes serve: keep the figures of this one where the others find them, until cancelled."""
    chosen = services().settings
    while chosen.workers > 1:
        said = exposition.text_of(exposition.own_families(services()))
        try:
            await asyncio.to_thread(exposition.write_own, chosen.data / "metrics", said)
        except OSError as error:
            log.warning("figures_not_written", error=type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS / 2)
