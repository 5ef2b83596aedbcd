"""The lesson panel beside the grid: the lesson, its roll call, and the history of one cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from ais_app.db.columns import table
from ais_app.journal.attendance.queries import RollLine, roll
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.errors import TakenBack
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.lessons.queries.columns import teaching_terms
from ais_app.journal.lessons.queries.following import following_day
from ais_app.journal.lessons.queries.last_bell import last_bell
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.queries.taken_back import made_by, was_taken_back
from ais_app.journal.lessons.rules import homework_written
from ais_app.journal.windows import rules
from ais_app.journal.windows.queries import openings, periods
from ais_app.journal.windows.queries.openings import Asking
from ais_app.journal.windows.rules import ColumnState
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right
from ais_app.school.models import Bell, ControlType, Course, SchoolClass

_lesson = table(Lesson)
_course = table(Course)
_homework = table(Homework)
_work = table(Work)
_type = table(ControlType)
_bell = table(Bell)
_class = table(SchoolClass)


@dataclass(frozen=True, slots=True)
class TypeLine:
    uid: str
    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the lesson; `own` = this actor added it and may take it back."""

    work: str
    name: str
    weight: int
    own: bool


@dataclass(frozen=True, slots=True)
class LessonPanel:
    """What the side panel shows of a lesson. `open` = this actor may write its topic and homework, `marks_open` the
    cells of everybody, `cell_open` those of the student that was asked for.

    `term` = by when (in the school's time) the homework of his lesson is to be written, while it may be and is missing.
    `due` = the day that the teacher has set for the homework, `following` = the next day with a lesson of the course.
    `shut` = what keeps its teacher from writing, `OPEN` where nothing does; `last_day` = of its edit window.
    `added` = he added the lesson and may take it back; `columns` = those of the lesson, in order; `types` = the kinds
    that one may have, where it is open.
    """

    lesson: str
    work: str
    version: int
    day: date
    number: int
    begins: str
    ends: str
    room: str
    topic: str
    homework: str
    minutes: int | None
    nothing_set: bool
    control_type: str
    code: str
    weight: int
    nth: int
    mine: bool
    open: bool
    marks_open: bool
    cell_open: bool
    asking: Asking
    shut: ColumnState
    last_day: date
    term: datetime | None
    due: date | None
    following: date | None
    roll: tuple[RollLine, ...]
    added: bool
    columns: tuple[ColumnLine, ...]
    types: tuple[TypeLine, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many are present (""), absent without reason (н), ill (б), excused (у), late (о)."""
        return Counter(pupil.code[:1] for pupil in self.roll)


def control_types(reading: Reading) -> list[TypeLine]:
    """The kinds of work of the actor's school, the lightest first."""
    rows = reading.execute(
        select(_type).where(_type.c.school_id == reading.hat.school_id).order_by(_type.c.weight, _type.c.id)
    )
    return [TypeLine(row.uid, row.name, row.weight) for row in rows]


def lesson_panel(reading: Reading, course: CourseRow, work_and_student: tuple[str, str]) -> LessonPanel:
    """The panel of the lesson of `work_and_student` = (work uid, student uid or "").

    Raises NotYours when the work is not of this course, TakenBack.
    """
    work_uid, student_uid = work_and_student
    row = reading.execute(
        select(
            _lesson,
            _homework.c.text,
            _homework.c.minutes,
            _homework.c.nothing_set,
            _homework.c.due,
            following_day().label("following"),
            _work.c.id.label("work_id"),
            _work.c.ordinal,
            _work.c.weight,
            _type.c.uid.label("type_uid"),
            _type.c.code.label("type_code"),
            last_bell().label("last_bell"),
        )
        .join(_course, _course.c.id == _lesson.c.course_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .join(_work, _work.c.lesson_id == _lesson.c.id)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
        .where(_work.c.uid == work_uid, _lesson.c.course_id == course.id, LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK)
    ).one_or_none()
    if row is None:
        raise TakenBack if was_taken_back(reading.connection, course, work_uid) else NotYours
    closed = periods.closed_on(periods.periods(reading.connection, course.scheme_id), row.day)
    state = rules.column_state(row.day, reading.today, course.window, period_closed=closed)
    terms = teaching_terms(reading.connection, reading.actor, course.id)
    mine = any(start <= row.day and (end is None or row.day < end) for start, end in terms)
    waits = state is ColumnState.OPEN and not homework_written(row.text, row.nothing_set)
    shut = state in (ColumnState.LOCKED, ColumnState.CLOSED)
    named = openings.openings(reading.connection, course.id, reading.now) if shut else []
    near = [one for one in named if openings.is_about(one, state, row.day)]
    rules_of_it = [one.rule for one in near]
    whole = rules.admitting(rules_of_it, state, row.day, reading.moment) is not None
    cell = rules.admitting(rules_of_it, state, row.day, reading.moment, student_uid) is not None
    may_ask = mine and state is ColumnState.LOCKED and reading.actor.may(Right.ASK_OPENING) and not whole
    begins, ends = _bells(reading.connection, course, row.number)
    may_write = mine and (state in (ColumnState.OPEN, ColumnState.FUTURE) or whole)
    works = _works(reading.connection, row.id)
    made = made_by(reading.connection, reading.actor, [row.uid, *(work.uid for work in works)]) if may_write else set()
    return LessonPanel(
        lesson=row.uid,
        work=work_uid,
        version=row.version,
        day=row.day,
        number=row.number,
        begins=begins,
        ends=ends,
        room=row.room,
        topic=row.topic,
        homework=row.text or "",
        minutes=row.minutes,
        nothing_set=bool(row.nothing_set),
        control_type=row.type_uid,
        code=row.type_code,
        weight=row.weight,
        nth=row.ordinal if len(works) > 1 else 0,
        mine=mine,
        open=may_write,
        marks_open=mine and (state is ColumnState.OPEN or whole),
        cell_open=mine and (state is ColumnState.OPEN or cell),
        asking=Asking(may_ask, tuple(near), openings.own_request(reading, row.id)) if shut else Asking(),
        shut=state if mine and not whole else ColumnState.OPEN,
        last_day=course.window.last_day(row.day),
        term=course.terms.homework_by(row.day, row.last_bell) if mine and waits else None,
        due=row.due,
        following=row.following,
        roll=roll(reading, course, (row.day, works[0].id)),
        added=row.uid in made,
        columns=tuple(ColumnLine(work.uid, work.name, work.weight, work.uid in made) for work in works),
        types=tuple(control_types(reading)) if may_write else (),
    )


def _bells(connection: Connection, course: CourseRow, number: int) -> tuple[str, str]:
    row = connection.execute(
        select(_bell.c.starts_at, _bell.c.ends_at)
        .join(_class, _class.c.bell_schedule_id == _bell.c.schedule_id)
        .where(_class.c.id == course.class_id, _bell.c.number == number)
    ).one_or_none()
    return ("", "") if row is None else (f"{row.starts_at:%H:%M}", f"{row.ends_at:%H:%M}")


def _works(connection: Connection, lesson_id: int) -> Sequence[Any]:
    """The columns of a lesson, in order."""
    return connection.execute(
        select(_work.c.id, _work.c.uid, _work.c.weight, _type.c.name)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .where(_work.c.lesson_id == lesson_id, WORK_NOT_TAKEN_BACK)
        .order_by(_work.c.ordinal)
    ).all()
