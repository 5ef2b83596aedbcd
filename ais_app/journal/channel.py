"""The journal's live channel: a committed change becomes one patch, for those who may still read the course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from ais_app.clock import local_date
from ais_app.house import house
from ais_app.journal.queries import courses, patch
from ais_app.journal.state import JournalState
from ais_app.live.bus import Change
from ais_app.live.hub import Delivery, Watcher
from ais_app.school.queries import names_of


async def deliver(change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    """Read the change once, ask for each watcher again whether the course is his to read (D-18)."""
    course = watchers[0].topic.partition(":")[2]
    made = await house().database.aread(_patch, course, change)
    deliveries = []
    for watcher in watchers:
        actor = await house().sessions.actor_of_session(watcher.session)
        readable = actor is not None and await house().database.aread(
            courses.may_read, actor, course, local_date(house().database.clock.now(), actor.hat.zone)
        )
        deliveries.append(Delivery(watcher, JournalState, {"patch": made} if readable else None))
    return deliveries


def _patch(connection: Connection, course: str, change: Change) -> dict[str, Any]:
    details = change.details
    cells, averages = patch.changed_cells(
        connection, course, [(student, work) for student, work in details.get("cells", ())]
    )
    person = str(details.get("person", ""))
    return patch.patch(
        course,
        change.sequence,
        by=names_of(connection, {person}).get(person, ""),
        cells=cells,
        averages=averages,
        reload=bool(details.get("reload")) or change.topic == "*",
    )
