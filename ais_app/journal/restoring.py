"""Writing the records of a school anew from an export: lessons, works, marks, absences, remarks, closed periods.

Only for a school in which nothing is kept yet: where a journal is kept, nobody writes past the windows and locks that
`marks.enter_marks` asks for (S-30).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.grid.rules import CellValue
from ais_app.journal.grid.service.marks import subject
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.remarks.models import Remark
from ais_app.journal.windows.models import PeriodLock
from ais_app.ledger.rules import FreeText
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor
from ais_app.school.models import GradingPeriod
from ais_app.school.rules import PersonRef
from ais_app.school.service.courses import CourseRef
from ais_app.school.service.operation import SettingUp, add_rows, put_rows

_lesson = table(Lesson)
_period = table(GradingPeriod)


@dataclass(frozen=True, slots=True)
class RestoredCell:
    """What a cell held: its value, a comment for each mark, when it was first written, whether it was ever changed."""

    student: PersonRef
    value: CellValue
    comments: Sequence[str]
    entered_at: datetime
    changed: bool


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
        operation = SettingUp(uow, actor, school, "records_restored")
        _write_course(uow, school, operation, of_course)
        operation.record()


def restore_locks(uow: UnitOfWork, actor: Actor, school: SchoolRef, periods: Sequence[ClosedPeriod]) -> None:
    """Close periods that were closed where the records come from, at the moments at which they were."""
    operation = SettingUp(uow, actor, school, "periods_closed")
    for one in periods:
        this_period = (_period.c.scheme_id == one.scheme_id) & (_period.c.ordinal == one.ordinal)
        row = uow.execute(select(_period.c.id, _period.c.uid).where(this_period)).one()
        closed = {"period_id": row.id, "closed_at": one.closed_at or uow.now, "closed_by": actor.account_uid}
        put_rows(uow, PeriodLock, [closed])
        operation.changed("grading_period", row.uid, {"closed": False}, {"closed": True})
    operation.record()


def _write_course(uow: UnitOfWork, school: SchoolRef, operation: SettingUp, lessons: Sequence[RestoredLesson]) -> None:
    uids = [uow.make_uid() for _lesson in lessons]
    lesson_ids = add_rows(
        uow,
        Lesson,
        [
            {
                "uid": uid,
                "school_id": school.id,
                "course_id": lesson.course.id,
                "day": lesson.day,
                "number": lesson.number,
                "room": lesson.room,
                "topic": lesson.topic,
                "version": 1,
            }
            for uid, lesson in zip(uids, lessons, strict=True)
        ],
    )
    for uid, lesson in zip(uids, lessons, strict=True):
        after = {"day": lesson.day, "number": lesson.number, "course": lesson.course.uid}
        texts: dict[str, Any] = {"topic": FreeText(lesson.topic), "homework": FreeText(lesson.homework)}
        if lesson.due is not None and lesson.homework:
            texts["due"] = lesson.due.isoformat()
        operation.added("lesson", uid, after | texts if lesson.topic or lesson.homework else after)
    set_at = [
        {
            "lesson_id": lesson_id,
            "text": lesson.homework,
            "minutes": lesson.minutes,
            "nothing_set": lesson.nothing_set,
            "due": lesson.due if lesson.homework else None,
        }
        for lesson_id, lesson in zip(lesson_ids, lessons, strict=True)
        if lesson.homework or lesson.nothing_set
    ]
    put_rows(uow, Homework, set_at)
    _write_works(uow, operation, list(zip(lesson_ids, lessons, strict=True)))
    _write_remarks(uow, operation, list(zip(lesson_ids, uids, lessons, strict=True)))


def _write_remarks(uow: UnitOfWork, operation: SettingUp, lessons: Sequence[tuple[int, str, RestoredLesson]]) -> None:
    rows = []
    for lesson_id, lesson_uid, lesson in lessons:
        for remark in lesson.remarks:
            uid = uow.make_uid()
            rows.append(
                {
                    "uid": uid,
                    "lesson_id": lesson_id,
                    "student_id": remark.student.id,
                    "author_id": remark.author.id,
                    "text": remark.text,
                    "created_at": remark.created_at,
                    "withdrawn_at": remark.withdrawn_at,
                }
            )
            withdrawn = {} if remark.withdrawn_at is None else {"withdrawn": True}
            after = {"lesson": lesson_uid, "student": remark.student.uid, "text": FreeText(remark.text)}
            operation.added("remark", uid, after | withdrawn)
    put_rows(uow, Remark, rows)


def _write_works(uow: UnitOfWork, operation: SettingUp, lessons: Sequence[tuple[int, RestoredLesson]]) -> None:
    works = [(lesson_id, work, uow.make_uid()) for lesson_id, lesson in lessons for work in lesson.works]
    ids = add_rows(
        uow,
        Work,
        [
            {
                "uid": uid,
                "lesson_id": lesson_id,
                "ordinal": work.ordinal,
                "control_type_id": work.type_id,
                "weight": work.weight,
            }
            for lesson_id, work, uid in works
        ],
    )
    cells: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    attendance: list[dict[str, Any]] = []
    for work_id, (lesson_id, work, uid) in zip(ids, works, strict=True):
        for cell in work.cells:
            at = {"work_id": work_id, "student_id": cell.student.id}
            cells.append(at | {"version": 1, "changed": cell.changed, "entered_at": cell.entered_at})
            marks += [
                at
                | {"ordinal": ordinal, "code": mark.code, "hundredths": mark.hundredths, "comment": comment}
                | {"written_at": cell.entered_at}
                for ordinal, (mark, comment) in enumerate(zip(cell.value.marks, cell.comments, strict=True))
            ]
            if cell.value.attendance:
                attendance.append(
                    {
                        "lesson_id": lesson_id,
                        "student_id": cell.student.id,
                        "code": cell.value.attendance,
                        "reason": cell.value.reason,
                        "minutes": cell.value.minutes,
                    }
                )
            comments = [comment for comment in cell.comments if comment]
            after: dict[str, Any] = {"value": cell.value.text, "version": 1}
            operation.added(
                "cell",
                subject(cell.student.uid, uid),
                after | ({"comment": FreeText(" · ".join(comments))} if comments else {}),
            )
    for model, rows in ((Cell, cells), (Mark, marks), (Attendance, attendance)):
        put_rows(uow, model, rows)
