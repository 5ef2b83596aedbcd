"""The sheet of an open course as the grid reads it: by its address, with the number of the last change in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ais_app.clock import SchoolMoment
from ais_app.db.topics import sequence_of
from ais_app.journal import events
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries import courses
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.grid.queries import sheet
from ais_app.journal.grid.wire import packed
from ais_app.journal.lessons.queries import columns as lessons_columns
from ais_app.journal.windows.queries import openings
from ais_app.journal.windows.queries import periods as windows_periods
from ais_app.journal.windows.queries.periods import PeriodRow
from ais_app.rights.rules import Actor

Place = tuple[str, str]  # (period uid, lesson uid), either may be empty


@dataclass(frozen=True, slots=True)
class Named:
    """Which sheet a page reads ({"at": its address, "seq": the number of the course's last change}), and its period."""

    read: dict[str, Any]
    period: str


@dataclass(frozen=True, slots=True)
class Found:
    """A course at a place: its periods, the one that is shown, the first work of the lesson that was asked for."""

    course: CourseRow
    periods: Sequence[PeriodRow]
    period: PeriodRow
    work: str
    read: dict[str, Any]


def found(connection: Connection, grant: ViewGrant, place: Place, moment: SchoolMoment) -> Found:
    """The named period, else that of the named lesson, else the present one. Raises NotYours.

    Numbered before anything of it is read: what comes between is patched once more, never missed.
    """
    course = courses.course(connection, grant, moment.day)
    periods, (period_uid, lesson) = windows_periods.periods(connection, course.scheme_id), place
    work, day = lessons_columns.first_work(connection, course, lesson) if lesson else ("", moment.day)
    period = next((one for one in periods if one.uid == period_uid), windows_periods.present_period(periods, day))
    address = f"/journal/{course.uid}/sheet?period={period.uid}" + (f"&lesson={lesson}" if lesson else "")
    read = {"at": address, "seq": sequence_of(connection, events.topic_of(course.uid))}
    return Found(course, periods, period, work, read)


def named(connection: Connection, grant: ViewGrant, place: Place, moment: SchoolMoment) -> Named:
    """The same for who does not read it. Raises NotYours."""
    there = found(connection, grant, place, moment)
    return Named(there.read, there.period.uid)


def sheet_at(connection: Connection, actor: Actor, there: Found, moment: SchoolMoment) -> dict[str, Any]:
    """The sheet of a course that was found."""
    shown = packed(sheet.sheet(connection, actor, there.course, there.period, moment.day))
    shown |= openings.of_sheet(connection, actor, there.course, there.period, moment)
    whose = {"account": actor.account_uid, "zone": actor.hat.zone}
    return shown | whose | {"seq": there.read["seq"], "at": there.work}
