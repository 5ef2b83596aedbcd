"""The journal's live channel: a committed change becomes one patch, for those who may still read the course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from ais_app.clock import local_date
from ais_app.house import house
from ais_app.journal.queries import courses, patch
from ais_app.journal.state import JournalState, watcher_is
from ais_app.live.bus import Change
from ais_app.live.hub import Delivery, Watcher
from ais_app.school.queries import names_of


async def deliver(change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    """Read the change once, ask for each watcher again whether the course is his to read (D-18)."""
    course = watchers[0].topic.partition(":")[2]
    guest = change.details.get("guest")
    made = await house().database.aread(_guest if guest else _patch, course, change)
    variable = "presence" if guest else "patch"
    deliveries = []
    for watcher in watchers:
        if guest and watcher_is(guest, watcher.token):
            continue
        actor = await house().sessions.actor_of_session(watcher.session)
        readable = actor is not None and await house().database.aread(
            courses.may_read, actor, course, local_date(house().database.clock.now(), actor.hat.zone)
        )
        deliveries.append(Delivery(watcher, JournalState, {variable: made} if readable else None))
    return deliveries


def _guest(connection: Connection, course: str, change: Change) -> dict[str, Any]:
    """Who of those that write here is at which cell just now."""
    guest = change.details["guest"]
    names = names_of(connection, {guest["person"]})
    place = {name: guest[name] for name in ("tab", "student", "work")}
    return patch.numbered({"course": course, "who": names.get(guest["person"], ""), **place})


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
