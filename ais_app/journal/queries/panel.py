"""The lesson panel beside the grid: the lesson, its roll call, and the history of one cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor
from ais_app.db.columns import table
from ais_app.i18n import _, moment_in_words
from ais_app.journal import rules
from ais_app.journal.models import ControlType, Homework, Lesson, Work
from ais_app.journal.queries import sheet as sheets
from ais_app.journal.queries.cells import StoredCell, stored_cells
from ais_app.journal.queries.courses import CourseRow
from ais_app.journal.queries.following import following_day
from ais_app.journal.rules import ColumnState
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.school.models import Bell, SchoolClass
from ais_app.school.queries import names_of

_lesson = table(Lesson)
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
class RollLine:
    """A student at the lesson: attendance code as shown («», «н», «б», «у», «о10»)."""

    student: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step of a cell: what stood there, what came, who, when (school time), and the reason when one was given."""

    before: str
    after: str
    who: str
    when: str
    reason: str


@dataclass(frozen=True, slots=True)
class CellPanel:
    student: str
    name: str
    value: str
    work: str
    comment: str
    history: tuple[HistoryLine, ...]


@dataclass(frozen=True, slots=True)
class LessonPanel:
    """What the side panel shows of a lesson. `open` = this actor may write its topic and homework.

    `term` = the last day for the homework of a held lesson that is his and has none yet. `due` = the day that the
    teacher has set for the homework, `following` = the next day with a lesson of the course.
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
    kind: str
    mine: bool
    open: bool
    marks_open: bool
    why: str
    term: date | None
    due: date | None
    following: date | None
    roll: tuple[RollLine, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many are present (""), absent without reason (н), ill (б), excused (у), late (о)."""
        return Counter(line.code[:1] for line in self.roll)


def control_types(connection: Connection, actor: Actor) -> list[TypeLine]:
    """The kinds of work of the actor's school, the lightest first."""
    rows = connection.execute(
        select(_type).where(_type.c.school_id == actor.hat.school_id).order_by(_type.c.weight, _type.c.id)
    )
    return [TypeLine(row.uid, row.name, row.weight) for row in rows]


def lesson_panel(connection: Connection, actor: Actor, course: CourseRow, work_uid: str, today: date) -> LessonPanel:
    """The panel of the lesson that `work_uid` belongs to. Raises NotYours when it is not of this course."""
    row = connection.execute(
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
        )
        .join(_work, _work.c.lesson_id == _lesson.c.id)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
        .where(_work.c.uid == work_uid, _lesson.c.course_id == course.id)
    ).one_or_none()
    if row is None:
        raise NotYours
    closed = sheets.closed_on(sheets.periods(connection, course.scheme_id), row.day)
    state = rules.column_state(row.day, today, course.window, period_closed=closed)
    terms = sheets.teaching_terms(connection, actor, course.id)
    mine = any(start <= row.day and (end is None or row.day < end) for start, end in terms)
    waits = state is ColumnState.OPEN and not (row.text or row.nothing_set)
    begins, ends = _bells(connection, course, row.number)
    first_work = _first_work(connection, row.id)
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
        kind=_("{type}, weight {weight}").format(type=row.type_code, weight=row.weight),
        mine=mine,
        open=mine and state in (ColumnState.OPEN, ColumnState.FUTURE),
        marks_open=mine and state is ColumnState.OPEN,
        why=sheets.why_not(state, row.day, course.window) if mine else "",
        term=course.window.last_day(row.day) if mine and waits else None,
        due=row.due,
        following=row.following,
        roll=_roll(connection, course, row.day, first_work),
    )


def cell_panel(connection: Connection, actor: Actor, course: CourseRow, student_uid: str, work_uid: str) -> CellPanel:
    """One cell with its history, newest first. Raises NotYours when it is not a cell of this course."""
    pupil, work, cell = _cell(connection, course, student_uid, work_uid)
    return CellPanel(
        student=pupil.uid,
        name=pupil.name,
        value=cell.value.text,
        work=_("{type}, weight {weight}").format(type=work.name, weight=work.weight),
        comment=cell.comment,
        history=_history(connection, actor, course, f"{student_uid}:{work_uid}"),
    )


def _cell(
    connection: Connection, course: CourseRow, student_uid: str, work_uid: str
) -> tuple[sheets.Student, Any, StoredCell]:
    pupils = sheets.students(connection, course.group_id, course.year_from, course.year_to)
    pupil = next((one for one in pupils if one.uid == student_uid), None)
    work = connection.execute(
        select(_work.c.id, _type.c.name, _work.c.weight)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .where(_work.c.uid == work_uid, _lesson.c.course_id == course.id)
    ).one_or_none()
    if pupil is None or work is None:
        raise NotYours
    return pupil, work, stored_cells(connection, [work.id], [pupil.id]).get((pupil.id, work.id), StoredCell())


def _history(connection: Connection, actor: Actor, course: CourseRow, subject: str) -> tuple[HistoryLine, ...]:
    steps = ledger.history(connection, school_chain(course.school_uid), "cell", subject)
    names = names_of(connection, {step.hat.rpartition(":")[2] for step in steps})
    reasons = ledger.texts_beside(connection, [step.operation for step in steps], ("reason", "excuse"))
    return tuple(
        HistoryLine(
            before=(step.before or {}).get("value", ""),
            after=(step.after or {}).get("value", ""),
            who=names.get(step.hat.rpartition(":")[2], ""),
            when=moment_in_words(step.moment, actor.hat.zone),
            reason=reasons.get(step.operation, ""),
        )
        for step in steps
    )


def _bells(connection: Connection, course: CourseRow, number: int) -> tuple[str, str]:
    row = connection.execute(
        select(_bell.c.starts_at, _bell.c.ends_at)
        .join(_class, _class.c.bell_schedule_id == _bell.c.schedule_id)
        .where(_class.c.id == course.class_id, _bell.c.number == number)
    ).one_or_none()
    return ("", "") if row is None else (f"{row.starts_at:%H:%M}", f"{row.ends_at:%H:%M}")


def _first_work(connection: Connection, lesson_id: int) -> int:
    return connection.execute(
        select(_work.c.id).where(_work.c.lesson_id == lesson_id, _work.c.ordinal == 1)
    ).scalar_one()


def _roll(connection: Connection, course: CourseRow, day: date, work_id: int) -> tuple[RollLine, ...]:
    pupils: Sequence[sheets.Student] = sheets.students(connection, course.group_id, day, day)
    cells = stored_cells(connection, [work_id])
    lines = []
    for pupil in pupils:
        if not pupil.belongs_on(day):
            continue
        cell = cells.get((pupil.id, work_id), StoredCell())
        code = rules.CellValue((), cell.attendance, cell.reason, cell.minutes).text
        lines.append(RollLine(pupil.uid, pupil.name, code))
    return tuple(lines)
