"""The sheet of an open course as the grid reads it: by its address, with the number of the last change in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ais_app.db.feeds import sequence_of
from ais_app.journal import events
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries import courses
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.grid.queries import sheet
from ais_app.journal.grid.wire import packed, sheet_view
from ais_app.journal.lessons.queries import columns as lessons_columns
from ais_app.journal.windows.queries import openings
from ais_app.journal.windows.queries import periods as windows_periods
from ais_app.journal.windows.queries.periods import PeriodRow
from ais_app.journal.windows.views import sheet_openings
from ais_app.rights.reading import Reading

PeriodOrLesson = tuple[str, str]  # (period uid, lesson uid), either may be empty


@dataclass(frozen=True, slots=True)
class Named:
    """Which sheet a page reads ({"at": its address, "seq": the number of the course's last change}), and its period."""

    read: dict[str, Any]
    period: str


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A course with the period to show; `work`: uid of the first work of the lesson that was asked for, or "".

    `read`: which sheet it is, as in `Named`.
    """

    course: CourseRow
    periods: Sequence[PeriodRow]
    period: PeriodRow
    work: str
    read: dict[str, Any]


def open_sheet(reading: Reading, grant: ViewGrant, period_or_lesson: PeriodOrLesson) -> OpenSheet:
    """The sheet of the named period, else of the period of the named lesson, else of the present one.

    Its number is read before its content: a change that comes between is sent once more as a patch, never missed.
    Raises NotYours.
    """
    course, connection = courses.course(reading, grant), reading.connection
    periods, (period_uid, lesson) = windows_periods.periods(connection, course.scheme_id), period_or_lesson
    work, day = lessons_columns.first_work(connection, course, lesson) if lesson else ("", reading.today)
    period = next((one for one in periods if one.uid == period_uid), windows_periods.present_period(periods, day))
    address = f"/journal/{course.uid}/sheet?period={period.uid}" + (f"&lesson={lesson}" if lesson else "")
    read = {"at": address, "seq": sequence_of(connection, events.feed_of(course.uid))}
    return OpenSheet(course, periods, period, work, read)


def named(reading: Reading, grant: ViewGrant, period_or_lesson: PeriodOrLesson) -> Named:
    """Which sheet a page is to read, without its content. Raises NotYours."""
    opened = open_sheet(reading, grant, period_or_lesson)
    return Named(opened.read, opened.period.uid)


def content_of(reading: Reading, opened: OpenSheet) -> dict[str, Any]:
    """What a sheet holds, in the shape of the wire (`wire.packed`), with its openings, its reader and its number."""
    shown = packed(sheet_view(sheet.sheet(reading, opened.course, opened.period), reading.today))
    shown |= sheet_openings(openings.open_columns(reading, opened.course, opened.period), reading.moment, reading.zone)
    whose = {"account": reading.actor.account_uid, "zone": reading.zone}
    return shown | whose | {"seq": opened.read["seq"], "at": opened.work}
