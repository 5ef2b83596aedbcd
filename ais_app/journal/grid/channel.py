"""The journal's live channel: a committed change becomes one patch, for those who may still read the course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries import courses
from ais_app.journal.courses.service import viewing
from ais_app.journal.grid import wire
from ais_app.journal.grid.queries import patch
from ais_app.journal.grid.service.marks import Written
from ais_app.journal.grid.state import JournalState
from ais_app.journal.grid.thresholds import thresholds_of
from ais_app.journal.lessons.state.panel import watcher_is
from ais_app.live.bus import Change
from ais_app.live.hub import Delivery, Watcher
from ais_app.people.queries import names_of
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.services import services


async def deliver(change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    """Make the patch once; check for each watcher again whether he may read the course (D-18)."""
    course = watchers[0].feed.partition(":")[2]
    guest = change.details.get("guest")
    if guest:
        watchers = [watcher for watcher in watchers if not watcher_is(guest, watcher.token)]
    grants = [await _grant(watcher, course) for watcher in watchers]
    made, readable = await services().database.aread(_made, course, change, grants)
    variable, author = "presence" if guest else "patch", str(change.details.get("person", ""))
    own = made | {"mine": True}  # from another tab of the author, or another way than the grid: no news to tell
    return [
        Delivery(watcher, JournalState, {variable: own if author and _is(grant, author) else made} if may else None)
        for watcher, grant, may in zip(watchers, grants, readable, strict=True)
    ]


def _is(grant: ViewGrant | None, person: str) -> bool:
    return grant is not None and grant.actor.hat.person_uid == person


async def _grant(watcher: Watcher, course: str) -> ViewGrant | None:
    """The grant of a watcher's session, or None when it ended or there is no such course for it any more."""
    actor = await services().sessions.actor_of_session(watcher.session)
    if actor is None:
        return None
    try:
        return await viewing.grant(services().database, actor, course)
    except NotYours:
        return None


def _made(
    connection: Connection, course: str, change: Change, grants: Sequence[ViewGrant | None]
) -> tuple[dict[str, Any], list[bool]]:
    """(what is delivered, for each of `grants` whether it may be delivered), in one visit to the database."""
    now = services().database.clock.now()
    readable = [
        grant is not None and courses.may_read(Reading.at(connection, grant.actor, now), grant) for grant in grants
    ]
    return (
        _guest(connection, course, change) if change.details.get("guest") else _patch(connection, course, change, now)
    ), readable


def _guest(connection: Connection, course: str, change: Change) -> dict[str, Any]:
    """{course, who, tab, student, work}: at which cell another writer of the course is just now."""
    guest = change.details["guest"]
    names = names_of(connection, {guest["person"]})
    tab_and_cell = {name: guest[name] for name in ("tab", "student", "work")}
    return wire.numbered({"course": course, "who": names.get(guest["person"], ""), **tab_and_cell})


def _patch(connection: Connection, course: str, change: Change, now: datetime) -> dict[str, Any]:
    details = change.details
    touched = [(student, work) for student, work in details.get("cells", ())]
    if isinstance(change.made, Written):
        cells, averages = patch.written_cells(touched, change.made.cells, change.made.means, change.made.thresholds)
    else:
        cells, averages = patch.changed_cells(connection, course, touched, thresholds_of(connection, course, now))
    person = str(details.get("person", ""))
    return wire.patch(
        course,
        change.sequence,
        by=names_of(connection, {person}).get(person, ""),
        cells=cells,
        averages=averages,
        reload=bool(details.get("reload")) or change.feed == "*",
    )
