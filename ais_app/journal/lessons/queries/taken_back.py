"""What a teacher has taken back in a course and may put back: lessons, columns, remarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import table
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.kinds import LESSON_ADDED, WORK_ADDED
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries import columns
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.records import LESSON, WORK
from ais_app.journal.remarks.models import Remark
from ais_app.journal.windows import rules
from ais_app.journal.windows.queries import openings
from ais_app.journal.windows.queries import periods as windows_periods
from ais_app.journal.windows.queries.periods import closed_on
from ais_app.journal.windows.rules import ColumnState
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.people.models import Person
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor
from ais_app.school.models import ControlType

_lesson = table(Lesson)
_work = table(Work)
_type = table(ControlType)
_remark = table(Remark)
_person = table(Person)

Conditions = tuple[ColumnElement[bool], ...]  # conditions on a lesson


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Something taken back. `what`: lesson, column or remark; `name`: the kind of the column, whom the remark is to."""

    what: str
    uid: str
    day: date
    number: int
    name: str = ""
    text: str = ""


def made_by(connection: Connection, actor: Actor, uids: Sequence[str]) -> set[str]:
    """Those of these lessons and columns that the actor added by hand; the first column comes with its lesson."""
    if not uids:
        return set()
    by = {LESSON.name: LESSON_ADDED.name, WORK.name: WORK_ADDED.name}
    hats = ledger.makers(connection, school_chain(actor.hat.school_uid), by, uids)
    return {uid for uid, hat in hats.items() if hat.rpartition(":")[2] == actor.hat.person_uid}


def was_taken_back(connection: Connection, course: CourseRow, work_uid: str) -> bool:
    """Whether this is a column of the course that was taken back, or one of a lesson that was."""
    found = connection.execute(
        select(_work.c.id)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .where(
            _work.c.uid == work_uid, _lesson.c.course_id == course.id, ~(LESSON_NOT_TAKEN_BACK & WORK_NOT_TAKEN_BACK)
        )
    )
    return found.first() is not None


def taken_back(reading: Reading, course: CourseRow) -> list[TakenBack]:
    """What the actor made and took back in a course, at lessons that he may still write; by day."""
    terms = columns.teaching_terms(reading.connection, reading.actor, course.id)
    if not terms:
        return []
    periods = windows_periods.periods(reading.connection, course.scheme_id)
    opened = [
        one.rule
        for one in openings.openings(reading.connection, course.id, reading.now)
        if one.rule.until > reading.now
    ]

    def is_open(day: date) -> bool:
        state = rules.column_state(day, reading.today, course.window, period_closed=closed_on(periods, day))
        taught = any(start <= day and (end is None or day < end) for start, end in terms)
        now = state in (ColumnState.OPEN, ColumnState.FUTURE)
        return taught and (now or rules.admitting(opened, state, day, reading.moment) is not None)

    first = min([course.window.first_day(reading.today), *(one.days.first for one in opened)])
    conditions = (_lesson.c.course_id == course.id, _lesson.c.day >= first)
    found = [
        one
        for one in (
            *_lessons(reading.connection, conditions),
            *_works(reading.connection, conditions),
            *_remarks(reading, conditions),
        )
        if is_open(one.day)
    ]
    mine = made_by(reading.connection, reading.actor, [one.uid for one in found if one.what != "remark"])
    kept = [one for one in found if one.what == "remark" or one.uid in mine]
    return sorted(kept, key=lambda one: (one.day, one.number))


def _lessons(connection: Connection, conditions: Conditions) -> Sequence[TakenBack]:
    rows = connection.execute(select(_lesson).where(*conditions, ~LESSON_NOT_TAKEN_BACK).order_by(_lesson.c.id))
    return [TakenBack("lesson", row.uid, row.day, row.number) for row in rows]


def _works(connection: Connection, conditions: Conditions) -> Sequence[TakenBack]:
    rows = connection.execute(
        select(_work.c.uid, _lesson.c.day, _lesson.c.number, _type.c.name)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .where(*conditions, LESSON_NOT_TAKEN_BACK, ~WORK_NOT_TAKEN_BACK)
        .order_by(_work.c.id)
    )
    return [TakenBack("column", row.uid, row.day, row.number, row.name) for row in rows]


def _remarks(reading: Reading, conditions: Conditions) -> Sequence[TakenBack]:
    rows: Sequence[Any] = reading.execute(
        select(
            _remark.c.uid, _remark.c.text, _lesson.c.day, _lesson.c.number, _person.c.family_name, _person.c.given_name
        )
        .join(_lesson, _lesson.c.id == _remark.c.lesson_id)
        .join(_person, _person.c.id == _remark.c.student_id)
        .where(
            *conditions,
            LESSON_NOT_TAKEN_BACK,
            _remark.c.author_id == reading.hat.person_id,
            _remark.c.withdrawn_at.is_not(None),
        )
        .order_by(_remark.c.id)
    ).all()
    return [
        TakenBack("remark", row.uid, row.day, row.number, f"{row.family_name} {row.given_name}", row.text)
        for row in rows
    ]
