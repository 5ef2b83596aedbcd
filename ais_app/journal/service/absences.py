"""Reasons of absence: the class teacher's document turns «н» into «б» or «у» in the cells it covers (D-3)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select, true

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor, Right, Scope
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.db.topics import bump
from ais_app.journal import rules
from ais_app.journal.events import CourseChanged, announce_diaries
from ais_app.journal.models import Attendance, Course, Lesson, Work
from ais_app.journal.queries.cells import StoredCell, stored_cells
from ais_app.journal.queries.openings import reaches_over_closing
from ais_app.journal.queries.sheet import in_closed_period, topic_of
from ais_app.journal.rules import CellValue
from ais_app.journal.service.cells import subject, touch_cell, write_attendance
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import FreeText, Item
from ais_app.school.models import Person
from ais_app.school.queries import leads_on, leads_within

_attendance = table(Attendance)
_course = table(Course)
_lesson = table(Lesson)
_work = table(Work)
_person = table(Person)


@dataclass(frozen=True, slots=True)
class Excuse:
    """A document: the student was absent from `days.first` to `days.last` for `reason` («б» or «у»)."""

    student: str
    days: rules.DaySpan
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class _Absence:
    work_id: int
    work_uid: str
    lesson_id: int
    course_uid: str
    cell: StoredCell


def excuse(uow: UnitOfWork, actor: Actor, document: Excuse) -> int:
    """Give every unexplained «н» that the document covers its reason; returns how many cells changed.

    Closed periods stay as they are, and so do lessons of days on which the actor did not lead the student's class: that
    is asked at the date of each lesson, not today. Raises NotYours when there is no such day in the document, or the
    student is of another school.
    """
    if document.reason not in rules.REASONS:
        raise NotYours
    chain = ledger.lock(uow, ledger.school_chain(actor.hat.school_uid))
    student_id = _own_student(uow, actor, document)
    items: list[Item] = []
    by_course: dict[str, list[str]] = {}
    for absence in _unexplained(uow, actor, student_id, document.days):
        before = absence.cell
        value = CellValue(tuple(before.marks), rules.ABSENT, document.reason)
        write_attendance(uow, absence.lesson_id, student_id, value, before)
        touch_cell(uow, absence.work_id, student_id, before)
        items.append(
            Item(
                "cell",
                subject(document.student, absence.work_uid),
                {"value": before.value.text, "version": before.version},
                {"value": value.text, "version": before.version + 1},
            )
        )
        by_course.setdefault(absence.course_uid, []).append(absence.work_uid)
    if not items:
        return 0
    items.append(Item("excuse", document.student, None, {"document": FreeText(document.document)}))
    operation = ledger.append(uow, chain, actor.author, "absence_excused", items)
    for course_uid, works in sorted(by_course.items()):
        cells = tuple((document.student, work) for work in works)
        sequence = bump(uow, topic_of(course_uid))
        uow.announce(CourseChanged(course_uid, sequence, operation, actor.hat.person_uid, cells))
    announce_diaries(uow, [document.student])
    return len(items) - 1


def _own_student(uow: UnitOfWork, actor: Actor, document: Excuse) -> int:
    scopes = actor.scopes(Right.SET_ABSENCE_REASON)
    statement = select(_person.c.id).where(
        _person.c.uid == document.student, _person.c.school_id == actor.hat.school_id
    )
    if Scope.SCHOOL not in scopes:
        days = document.days
        statement = statement.where(leads_within(actor.hat.person_id, _person.c.id, days.first, days.last))
    student_id = uow.execute(statement).scalar_one_or_none() if scopes else None
    if student_id is None:
        raise NotYours
    return student_id


def _unexplained(uow: UnitOfWork, actor: Actor, student_id: int, days: rules.DaySpan) -> list[_Absence]:
    everywhere = Scope.SCHOOL in actor.scopes(Right.SET_ABSENCE_REASON)
    own = true() if everywhere else leads_on(actor.hat.person_id, _attendance.c.student_id, _lesson.c.day)
    rows = uow.execute(
        select(
            _work.c.id.label("work_id"),
            _work.c.uid.label("work_uid"),
            _lesson.c.id.label("lesson_id"),
            _course.c.uid.label("course_uid"),
        )
        .select_from(_attendance)
        .join(_lesson, _lesson.c.id == _attendance.c.lesson_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .join(_work, (_work.c.lesson_id == _lesson.c.id) & (_work.c.ordinal == 1))
        .where(
            _attendance.c.student_id == student_id,
            _attendance.c.code == rules.ABSENT,
            _attendance.c.reason == "",
            _lesson.c.day.between(days.first, days.last),
            or_(~in_closed_period(), reaches_over_closing(uow.now, student_id)),
            own,
        )
        .order_by(_lesson.c.day, _lesson.c.number)
    ).all()
    cells = stored_cells(uow.connection, [row.work_id for row in rows], [student_id])
    return [
        _Absence(row.work_id, row.work_uid, row.lesson_id, row.course_uid, cells[student_id, row.work_id])
        for row in rows
    ]
