"""Writing the records of a school anew from an export: lessons, works, marks, absences, remarks, closed periods.

Only for a school in which nothing is kept yet: where a journal is kept, nobody writes past the windows and locks that
`marks.enter_marks` asks for (S-30).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.journal import restored_cells
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.rules import CellValue
from ais_app.journal.grid.service.cells import ADD_CELL, ADD_MARK, subject
from ais_app.journal.kinds import PERIODS_CLOSED, RECORDS_RESTORED
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.lessons.records import HOMEWORK, LESSON, WORK
from ais_app.journal.remarks.records import REMARK
from ais_app.journal.windows.records import PERIOD_LOCK
from ais_app.ledger.operation import Operation
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor
from ais_app.school.models import GradingPeriod
from ais_app.school.rules import PersonRef
from ais_app.school.service.courses import CourseRef
from ais_app.school.service.operation import setting_up

_lesson = table(Lesson)
_attendance = table(Attendance)
_period = table(GradingPeriod)


@dataclass(frozen=True, slots=True)
class RestoredCell:
    """What a cell held: its value, a comment for each mark, when it was first written, whether it was ever changed."""

    student: PersonRef
    value: CellValue
    comments: Sequence[str]
    entered_at: datetime
    changed: bool

    @property
    def content(self) -> restored_cells.Content:
        return restored_cells.Content(self.value, self.comments, self.entered_at, self.changed)


@dataclass(frozen=True, slots=True)
class RestoredWork:
    ordinal: int
    type_id: int
    weight: int
    cells: Sequence[RestoredCell]


@dataclass(frozen=True, slots=True)
class RestoredRemark:
    """A remark with its moments; a withdrawn one stays withdrawn."""

    student: PersonRef
    author: PersonRef
    text: str
    created_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A closed period by its ordinal in a scheme; `closed_at` is None when that is not known."""

    scheme_id: int
    ordinal: int
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RestoredLesson:
    course: CourseRef
    day: date
    number: int
    room: str
    topic: str
    homework: str
    minutes: int | None
    nothing_set: bool
    works: Sequence[RestoredWork]
    remarks: Sequence[RestoredRemark] = ()
    due: date | None = None


def restore_records(uow: UnitOfWork, actor: Actor, school: SchoolRef, lessons: Sequence[RestoredLesson]) -> None:
    """Write lessons with everything in them; one operation for each course.

    Raises NotYours when the actor may not set the school up, or something is kept in it already.
    """
    kept = uow.execute(select(func.count()).select_from(_lesson).where(_lesson.c.school_id == school.id)).scalar_one()
    if kept:
        raise NotYours
    by_course: dict[int, list[RestoredLesson]] = {}
    for lesson in lessons:
        by_course.setdefault(lesson.course.id, []).append(lesson)
    for of_course in by_course.values():
        with setting_up(uow, actor, school, RECORDS_RESTORED) as op:
            _write_course(op, school, of_course)


def restore_locks(uow: UnitOfWork, actor: Actor, school: SchoolRef, periods: Sequence[ClosedPeriod]) -> None:
    """Close periods that were closed where the records come from, at the moments at which they were."""
    with setting_up(uow, actor, school, PERIODS_CLOSED) as op:
        schemes = {one.scheme_id for one in periods}
        held = uow.execute(
            select(_period.c.scheme_id, _period.c.ordinal, _period.c.id).where(_period.c.scheme_id.in_(schemes))
        )
        ids = {(row.scheme_id, row.ordinal): row.id for row in held}
        locks = [
            {
                "period_id": ids[one.scheme_id, one.ordinal],
                "closed_at": one.closed_at or op.now,
                "closed_by": actor.account_uid,
            }
            for one in periods
        ]
        op.insert_all(PERIOD_LOCK, locks)


def _write_course(op: Operation, school: SchoolRef, lessons: Sequence[RestoredLesson]) -> None:
    """Write the lessons of a course with their homework, remarks, works and cells."""
    rows = [
        {
            "school_id": school.id,
            "course_id": lesson.course.id,
            "day": lesson.day,
            "number": lesson.number,
            "room": lesson.room,
            "topic": lesson.topic,
        }
        for lesson in lessons
    ]
    written = [(row.id, lesson) for row, lesson in zip(op.insert_all(LESSON, rows), lessons, strict=True)]
    op.insert_all(HOMEWORK, [_homework(lesson_id, lesson) for lesson_id, lesson in written if _is_set(lesson)])
    op.insert_all(REMARK, [_remark(lesson_id, remark) for lesson_id, lesson in written for remark in lesson.remarks])
    _write_works(op, [(lesson_id, work) for lesson_id, lesson in written for work in lesson.works])


def _is_set(lesson: RestoredLesson) -> bool:
    return bool(lesson.homework or lesson.nothing_set)


def _homework(lesson_id: int, lesson: RestoredLesson) -> dict[str, Any]:
    return {
        "lesson_id": lesson_id,
        "text": lesson.homework,
        "minutes": lesson.minutes,
        "nothing_set": lesson.nothing_set,
        "due": lesson.due if lesson.homework else None,
    }


def _remark(lesson_id: int, remark: RestoredRemark) -> dict[str, Any]:
    return {
        "lesson_id": lesson_id,
        "student_id": remark.student.id,
        "author_id": remark.author.id,
        "text": remark.text,
        "created_at": remark.created_at,
        "withdrawn_at": remark.withdrawn_at,
    }


def _write_works(op: Operation, works: Sequence[tuple[int, RestoredWork]]) -> None:
    """Write works, given with the ids of their lessons, and their cells."""
    rows = [
        {
            "lesson_id": lesson_id,
            "ordinal": work.ordinal,
            "control_type_id": work.type_id,
            "weight": work.weight,
        }
        for lesson_id, work in works
    ]
    cells: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    attendance: list[dict[str, Any]] = []
    for added, (lesson_id, work) in zip(op.insert_all(WORK, rows), works, strict=True):
        for cell in work.cells:
            at = {"work_id": added.id, "student_id": cell.student.id}
            at_lesson = {"lesson_id": lesson_id, "student_id": cell.student.id}
            cells.append(at | restored_cells.row(cell.content))
            marks += [at | mark for mark in restored_cells.marks(cell.content)]
            if cell.value.attendance:
                attendance.append(at_lesson | restored_cells.attendance(cell.content))
            op.add(restored_cells.item(subject(cell.student.uid, added.uid), cell.content))
    op.uow.execute(ADD_CELL, cells)
    op.uow.execute(ADD_MARK, marks)
    if attendance:
        op.uow.execute(insert(_attendance), attendance)
