"""Topics and homework: the lessons of a period as a list, with when each was written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from ais_app.db.columns import table
from ais_app.i18n import _, clock_time, day_and_month, short_date
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries.courses import CourseRow, course
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.lessons.queries.standing import LESSON_STANDS, WORK_STANDS
from ais_app.journal.windows.queries import periods as sheets
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.school.models import ControlType

_lesson = table(Lesson)
_homework = table(Homework)
_work = table(Work)
_type = table(ControlType)


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A lesson of the list, ready to show. `state`: ok, late, missing or plan; `record` says it in words."""

    work: str
    day: str
    number: str
    topic: str
    homework: str
    kinds: str
    state: str
    record: str
    today: bool


SOON = 3


def topics(
    connection: Connection, grant: ViewGrant, period_uid: str, today: date
) -> tuple[list[TopicLine], list[TopicLine]]:
    """The lessons of a course in a period: the held ones and the next three, newest first; then those further ahead.

    Raises NotYours.
    """
    page = course(connection, grant, today)
    found = sheets.periods(connection, page.scheme_id)
    period = next((one for one in found if one.uid == period_uid), sheets.present_period(found, today))
    rows = connection.execute(
        select(_lesson, _homework.c.text, _homework.c.nothing_set, _homework.c.due)
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
        .where(_lesson.c.course_id == page.id, _lesson.c.day.between(period.first, period.last), LESSON_STANDS)
        .order_by(_lesson.c.day, _lesson.c.number)
    ).all()
    kinds, first_works = _kinds(connection, page, period)
    written = ledger.first_moments(
        connection, school_chain(page.school_uid), "lesson_described", [row.uid for row in rows]
    )
    before = connection.execute(
        select(func.count())
        .select_from(_lesson)
        .where(_lesson.c.course_id == page.id, _lesson.c.day < period.first, LESSON_STANDS)
    ).scalar_one()
    lines = []
    for position, row in enumerate(rows, before + 1):
        state, record = _record(row, written.get(row.uid), today, grant.actor.hat.zone)
        homework = row.text or (_("Nothing is set") if row.nothing_set else "")
        if row.text and row.due:
            homework += f" ({_('for {day}').format(day=short_date(row.due))})"
        day = short_date(row.day)
        lines.append(
            TopicLine(
                first_works[row.id],
                day,
                str(position),
                row.topic,
                homework,
                kinds[row.id],
                state,
                record,
                row.day == today,
            )
        )
    ahead = sum(row.day > today for row in rows)
    cut = len(lines) - max(0, ahead - SOON)
    return lines[:cut][::-1], lines[cut:]


def _kinds(connection: Connection, page: CourseRow, period: sheets.PeriodRow) -> tuple[dict[int, str], dict[int, str]]:
    """{lesson id: «КР × 5, УР × 3»} and {lesson id: uid of its first work}."""
    kinds: dict[int, str] = {}
    first: dict[int, str] = {}
    rows = connection.execute(
        select(_work.c.lesson_id, _work.c.uid, _work.c.weight, _type.c.code)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .where(
            _lesson.c.course_id == page.id,
            _lesson.c.day.between(period.first, period.last),
            LESSON_STANDS,
            WORK_STANDS,
        )
        .order_by(_work.c.lesson_id, _work.c.ordinal)
    )
    for row in rows:
        spelled = f"{row.code}\u00a0×\u00a0{row.weight}"
        kinds[row.lesson_id] = f"{kinds[row.lesson_id]}, {spelled}" if row.lesson_id in kinds else spelled
        first.setdefault(row.lesson_id, row.uid)
    return kinds, first


def _record(row, written: datetime | None, today: date, zone: str) -> tuple[str, str]:
    """Whether topic and homework were written on the day of the lesson and when."""
    if not row.topic or not (row.text or row.nothing_set):
        if row.day > today:
            return "plan", _("ahead")
        return "missing", _("no topic yet") if not row.topic else _("no homework yet")
    if row.day > today or written is None:
        return "plan", _("prepared")
    moment = written.astimezone(ZoneInfo(zone))
    if moment.date() <= row.day:
        return "ok", _("on the day of the lesson")
    return "late", _("later: {day}, {time}").format(day=day_and_month(moment.date()), time=clock_time(moment))
