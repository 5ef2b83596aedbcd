"""Reasons of absence: the class teacher's document turns «н» into «б» or «у» in the cells it covers, and back (D-3)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select, true

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.db.feeds import bump
from ais_app.i18n import _
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.events import CourseChanged, announce_diaries, feed_of
from ais_app.journal.grid.queries.cells import StoredCell, stored_cells
from ais_app.journal.grid.rules import ABSENT, REASONS, CellValue, parse_cell
from ais_app.journal.grid.service.cells import cell_item, subject, touch_cell, write_attendance
from ais_app.journal.kinds import ABSENCE_EXCUSED, ABSENCE_REASON_CHANGED
from ais_app.journal.lessons import rules
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.windows.queries.openings import reaches_over_closing
from ais_app.journal.windows.queries.periods import in_closed_period
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.undoing import Part
from ais_app.people.models import Person
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school.models import Course
from ais_app.school.queries import leads_on, leads_within, member_on

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
class ReasonChange:
    """A reason that was wrong: in these days `before` («б» or «у») becomes `after`; empty = nobody knows it."""

    student: str
    days: rules.DaySpan
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class _Absence:
    work_id: int
    work_uid: str
    lesson_id: int
    course_uid: str
    cell: StoredCell


def excuse(uow: UnitOfWork, actor: Actor, document: Excuse) -> int:
    """Give every unexplained «н» that the document covers its reason; returns how many cells changed.

    Lessons of closed periods stay as they are, and so do those of days on which the actor did not lead the student's
    class. Raises NotYours when he led it on no day of the document, or the student is of another school.
    """
    if document.reason not in REASONS:
        raise NotYours
    with operation(uow, actor, ABSENCE_EXCUSED, Right.SET_ABSENCE_REASON, document.document) as op:
        return _rewrite(op, document.student, document.days, ("", document.reason))


def change_reason(uow: UnitOfWork, actor: Actor, change: ReasonChange) -> int:
    """Change a reason of absence or take it back, in the cells that have it; returns how many changed.

    Who may, and where: as for `excuse`.
    """
    if change.before not in REASONS or change.after not in ("", *REASONS) or change.before == change.after:
        raise NotYours
    with operation(uow, actor, ABSENCE_REASON_CHANGED, Right.SET_ABSENCE_REASON, change.why) as op:
        return _rewrite(op, change.student, change.days, (change.before, change.after))


def undo_reasons(op: Operation, part: Part) -> None:
    """Give the absences of an operation the reason that they had before it, where its author still may.

    Raises NotYours, Refused.
    """
    lessons = select(_work.c.uid, _lesson.c.day).join(_lesson, _lesson.c.id == _work.c.lesson_id)
    asked: dict[tuple[str, str, str], set[str]] = {}
    for item in part.items:
        student, _colon, work = item.subject.partition(":")
        before, after = (parse_cell((side or {})["value"], mark_one=True) for side in (item.before, item.after))
        asked.setdefault((student, after.reason, before.reason), set()).add(work)
    for (student, held, wanted), works in sorted(asked.items()):
        days = [row.day for row in op.uow.execute(lessons.where(_work.c.uid.in_(works)))]
        if _rewrite(op, student, rules.DaySpan(min(days), max(days)), (held, wanted), works) != len(works):
            raise Refused(_("Some of these absences cannot be changed any more."))


def _rewrite(
    op: Operation, student_uid: str, days: rules.DaySpan, reasons: tuple[str, str], works: Collection[str] | None = None
) -> int:
    """Replace the reason `reasons` = (before, after) in the absences of a student on these days; returns how many.

    `works`: only in these columns (uids).
    """
    uow = op.uow
    student_id = _own_student(op, student_uid, days)
    by_course: dict[str, list[str]] = {}
    found = [one for one in _absences(op, student_id, days, reasons[0]) if works is None or one.work_uid in works]
    for absence in found:
        before = absence.cell
        value = CellValue(tuple(before.marks), ABSENT, reasons[1])
        write_attendance(uow, absence.lesson_id, student_id, value, before)
        touch_cell(uow, absence.work_id, student_id, before)
        change = (before.value.text, before.version), (value.text, before.version + 1)
        op.add(cell_item(subject(student_uid, absence.work_uid), *change))
        by_course.setdefault(absence.course_uid, []).append(absence.work_uid)
    if not found:
        return 0
    for course_uid, works in sorted(by_course.items()):
        cells = tuple((student_uid, work) for work in works)
        sequence = bump(uow, feed_of(course_uid))
        op.announce(CourseChanged(course_uid, sequence, op.uid, op.actor.hat.person_uid, cells))
    announce_diaries(op, [student_uid])
    return len(found)


def _own_student(op: Operation, student_uid: str, days: rules.DaySpan) -> int:
    actor = op.actor
    scopes = actor.scopes(Right.SET_ABSENCE_REASON)
    statement = select(_person.c.id).where(_person.c.uid == student_uid, _person.c.school_id == actor.hat.school_id)
    if Scope.SCHOOL not in scopes:
        statement = statement.where(leads_within(actor.hat.person_id, _person.c.id, days.first, days.last))
    student_id = op.uow.execute(statement).scalar_one_or_none()
    if student_id is None:
        raise NotYours
    return student_id


def _absences(op: Operation, student_id: int, days: rules.DaySpan, reason: str) -> list[_Absence]:
    """The absences with this reason that the actor may give another one."""
    uow, actor = op.uow, op.actor
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
            _attendance.c.code == ABSENT,
            _attendance.c.reason == reason,
            LESSON_NOT_TAKEN_BACK,
            WORK_NOT_TAKEN_BACK,
            _lesson.c.day.between(days.first, days.last),
            or_(~in_closed_period(), reaches_over_closing(uow.now, student_id)),
            member_on(_course.c.group_id, student_id, _lesson.c.day),
            own,
        )
        .order_by(_lesson.c.day, _lesson.c.number)
    ).all()
    cells = stored_cells(uow.connection, [row.work_id for row in rows], [student_id])
    return [
        _Absence(row.work_id, row.work_uid, row.lesson_id, row.course_uid, cells[student_id, row.work_id])
        for row in rows
    ]
