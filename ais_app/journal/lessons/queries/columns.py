"""Columns of a course: works with their lessons, and whether an actor may write into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.windows import rules
from ais_app.journal.windows.queries.periods import PeriodRow, closed_on, periods
from ais_app.journal.windows.rules import ColumnState
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.school.models import ControlType, CourseTeacher

_lesson = table(Lesson)
_work = table(Work)
_type = table(ControlType)
_teacher = table(CourseTeacher)

_TERMS = Prepared(
    select(_teacher.c.valid_from, _teacher.c.valid_to).where(
        _teacher.c.course_id == bindparam("course"), _teacher.c.person_id == bindparam("person")
    )
)
_COLUMNS = (
    select(
        _work.c.id,
        _work.c.uid,
        _work.c.ordinal,
        _work.c.weight,
        _lesson.c.id.label("lesson_id"),
        _lesson.c.uid.label("lesson_uid"),
        _lesson.c.day,
        _lesson.c.number,
        _lesson.c.topic,
        _type.c.code,
        _type.c.name.label("type_name"),
        _type.c.is_control,
    )
    .select_from(_work)
    .join(_lesson, _lesson.c.id == _work.c.lesson_id)
    .join(_type, _type.c.id == _work.c.control_type_id)
    .where(
        _lesson.c.course_id == bindparam("course"),
        _lesson.c.day.between(bindparam("first"), bindparam("last")),
        LESSON_NOT_TAKEN_BACK,
        WORK_NOT_TAKEN_BACK,
    )
    .order_by(_lesson.c.day, _lesson.c.number, _work.c.ordinal)
)
_ALL_COLUMNS = Prepared(_COLUMNS)
_NAMED_COLUMNS = Prepared(_COLUMNS.where(_work.c.uid.in_(bindparam("works", expanding=True))))


@dataclass(frozen=True, slots=True)
class Column:
    """A work with its lesson: one column, and whether this actor may write into it today.

    `last_day`: of its edit window.
    """

    id: int
    uid: str
    lesson_id: int
    lesson_uid: str
    day: date
    number: int
    ordinal: int
    topic: str
    code: str
    type_name: str
    weight: int
    is_control: bool
    state: ColumnState
    last_day: date
    mine: bool


def columns(reading: Reading, course: CourseRow, first: date, last: date) -> list[Column]:
    """The columns of a course from `first` to `last`, in the order of the lessons."""
    all_periods = periods(reading.connection, course.scheme_id)
    terms = teaching_terms(reading.connection, reading.actor, course.id)
    rows = _ALL_COLUMNS.all(reading.connection, {"course": course.id, "first": first, "last": last})
    return [column(row, course, all_periods, terms, reading.today) for row in rows]


def named_columns(connection: Connection, course: CourseRow, work_uids: Sequence[str]) -> list[Any]:
    """The rows of the works of the course and its year with these uids; `column` makes columns of them."""
    asked = {"course": course.id, "first": course.year_from, "last": course.year_to, "works": list(work_uids)}
    return _NAMED_COLUMNS.all(connection, asked)


def column(
    row: Any,
    course: CourseRow,
    all_periods: Sequence[PeriodRow],
    terms: Sequence[tuple[date, date | None]],
    today: date,
) -> Column:
    """A column as an actor who teaches in `terms` finds it today."""
    closed = closed_on(all_periods, row.day)
    state = rules.column_state(row.day, today, course.window, period_closed=closed)
    return Column(
        id=row.id,
        uid=row.uid,
        lesson_id=row.lesson_id,
        lesson_uid=row.lesson_uid,
        day=row.day,
        number=row.number,
        ordinal=row.ordinal,
        topic=row.topic,
        code=row.code,
        type_name=row.type_name,
        weight=row.weight,
        is_control=row.is_control,
        state=state,
        last_day=course.window.last_day(row.day),
        mine=any(term_from <= row.day and (term_to is None or row.day < term_to) for term_from, term_to in terms),
    )


def teaching_terms(connection: Connection, actor: Actor, course_id: int) -> list[tuple[date, date | None]]:
    """When the actor teaches the course, as [from, to); empty for everybody who may not enter marks."""
    if not actor.may(Right.ENTER_MARKS):
        return []
    rows = _TERMS.all(connection, {"course": course_id, "person": actor.hat.person_id})
    return [(row.valid_from, row.valid_to) for row in rows]


def first_work(connection: Connection, course: CourseRow, lesson_uid: str) -> tuple[str, date]:
    """(uid of the first work of a lesson, its day); the uid is "" where the lesson was taken back.

    Raises NotYours when it is not of this course.
    """
    row = connection.execute(
        select(_work.c.uid, _lesson.c.day, LESSON_NOT_TAKEN_BACK.label("not_taken_back"))
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .where(_lesson.c.uid == lesson_uid, _lesson.c.course_id == course.id, _work.c.ordinal == 1, WORK_NOT_TAKEN_BACK)
    ).one_or_none()
    if row is None:
        raise NotYours
    return (row.uid if row.not_taken_back else ""), row.day
