"""Homework by the day on which it is due for a student: one statement, whatever the number of lessons."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Date, Integer, Select, and_, bindparam, cast, func, null, or_, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import holds_on, table
from ais_app.db.prepared import Prepared
from ais_app.diary.due import Meeting, next_meeting
from ais_app.diary.queries.parameters import FIRST, LAST, STUDENT
from ais_app.journal.lessons.models import Homework, Lesson
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK
from ais_app.journal.lessons.rules import DaySpan
from ais_app.school.models import AcademicYear, Course, Enrollment, TimetableSlot, TimetableVersion

_lesson = table(Lesson)
_homework = table(Homework)
_course = table(Course)
_enrollment = table(Enrollment)
_year = table(AcademicYear)
_slot = table(TimetableSlot)
_version = table(TimetableVersion)

_TODAY = bindparam("today")

_Select = Select[*tuple[Any, ...]]
_HOMEWORK_COLUMNS = (
    _lesson.c.uid,
    _lesson.c.day.label("given"),
    _lesson.c.number,
    _lesson.c.course_id,
    _course.c.name.label("subject"),
    _year.c.ends_on,
    _homework.c.text,
    _homework.c.minutes,
    _homework.c.nothing_set,
)
_NO_MEETING = (
    cast(null(), Integer).label("weekday"),
    cast(null(), Date).label("valid_from"),
    cast(null(), Date).label("valid_to"),
)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """Homework set at a lesson (uid), with the day on which it is due; None: nobody knows that day yet.

    Where `text` is empty: nothing was set (`nothing_set`), or nothing is written yet.
    """

    lesson: str
    course: int
    subject: str
    given: date
    number: int
    text: str
    minutes: int | None
    nothing_set: bool
    due: date | None


def tasks(
    connection: Connection, student_id: int, span: DaySpan, today: date, holidays: Container[date]
) -> list[TaskLine]:
    """What is due in `span`, what a teacher has set today or earlier for a later day, and the last homework of courses
    that have no lesson after it, by day. Only what was set while the student belonged to the group.
    """
    rows = _TASKS.all(connection, {"student": student_id, "first": span.first, "last": span.last, "today": today})
    found: dict[str, tuple[Any, list[Meeting]]] = {}
    for row in rows:
        _row, meetings = found.setdefault(row.uid, (row, []))
        if row.weekday is not None and row.valid_from is not None:
            meetings.append(Meeting(row.weekday, row.valid_from, row.valid_to))
    due = [_task(row, meetings, holidays) for row, meetings in found.values()]
    return sorted(due, key=lambda task: (task.due or date.max, task.subject, task.given, task.number))


def belongs(lesson: Any) -> ColumnElement[bool]:
    """A condition: the student is in the group of `course` on the day of `lesson` (the table or an alias of it)."""
    return (
        select(_enrollment.c.id)
        .where(
            _enrollment.c.person_id == STUDENT,
            _enrollment.c.group_id == _course.c.group_id,
            holds_on(_enrollment, lesson.c.day),
        )
        .correlate(_course, lesson)
        .exists()
    )


def _task(row: Any, meetings: list[Meeting], holidays: Container[date]) -> TaskLine:
    return TaskLine(
        lesson=row.uid,
        course=row.course_id,
        subject=row.subject,
        given=row.given,
        number=row.number,
        text=row.text or "",
        minutes=row.minutes,
        nothing_set=bool(row.nothing_set),
        due=row.due or next_meeting(row.given, row.ends_on, meetings, holidays),
    )


def _of_his_courses(statement: _Select, lesson: Any) -> _Select:
    """`statement`, restricted to rows of `lesson` that were not taken back, of groups in which the student was on their
    days, in school years that the span touches (P-13).
    """
    return (
        statement.join(_course, _course.c.id == lesson.c.course_id)
        .join(_enrollment, _enrollment.c.group_id == _course.c.group_id)
        .join(_year, _year.c.id == _course.c.year_id)
        .where(
            _enrollment.c.person_id == STUDENT,
            holds_on(_enrollment, lesson.c.day),
            lesson.c.taken_back_at.is_(None),
            _year.c.starts_on <= LAST,
            _year.c.ends_on >= FIRST,
        )
    )


def _by_next_lesson() -> _Select:
    """What was set at the lesson before each lesson of the span, unless the teacher has set another day."""
    held, earlier = _lesson.alias("held"), _lesson.alias("earlier")
    day_before = (
        select(func.max(earlier.c.day))
        .where(earlier.c.course_id == held.c.course_id, earlier.c.day < held.c.day, earlier.c.taken_back_at.is_(None))
        .correlate(held)
        .scalar_subquery()
    )
    due = held.c.day.label("due")
    statement = select(*_HOMEWORK_COLUMNS, due, *_NO_MEETING).select_from(held)
    return (
        _of_his_courses(statement, held)
        .join(_lesson, and_(_lesson.c.course_id == held.c.course_id, _lesson.c.day == day_before))
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
        .where(
            held.c.day.between(FIRST, LAST),
            LESSON_NOT_TAKEN_BACK,
            _homework.c.due.is_(None),
            belongs(_lesson),
        )
    )


def _by_day_set() -> _Select:
    """What a teacher has set for a day of the span, or already given for a later one."""
    statement = select(*_HOMEWORK_COLUMNS, _homework.c.due.label("due"), *_NO_MEETING).select_from(_lesson)
    set_for = _homework.alias("set_for")
    lessons = select(set_for.c.lesson_id).where(set_for.c.due >= FIRST)  # few: most homework has no day of its own
    return (
        _of_his_courses(statement, _lesson)
        .join(_homework, _homework.c.lesson_id == _lesson.c.id)
        .where(
            _lesson.c.id.in_(lessons),
            _homework.c.due >= FIRST,
            or_(_homework.c.due <= LAST, _lesson.c.day <= _TODAY),
            _homework.c.text != "",
            LESSON_NOT_TAKEN_BACK,
        )
    )


def _last() -> _Select:
    """What was set at the last lesson that a course has, with the course's meetings in the timetable."""
    latest = _lesson.alias("latest")
    last_day = (
        select(func.max(latest.c.day))
        .where(latest.c.course_id == _course.c.id, latest.c.taken_back_at.is_(None))
        .correlate(_course)
        .scalar_subquery()
    )
    meeting = (_slot.c.weekday.label("weekday"), _version.c.valid_from, _version.c.valid_to)
    return (
        select(*_HOMEWORK_COLUMNS, cast(null(), Date).label("due"), *meeting)
        .select_from(_enrollment)
        .join(_course, _course.c.group_id == _enrollment.c.group_id)
        .join(_year, _year.c.id == _course.c.year_id)
        .join(_lesson, and_(_lesson.c.course_id == _course.c.id, _lesson.c.day == last_day))
        .join(_homework, _homework.c.lesson_id == _lesson.c.id)
        .outerjoin(_slot, _slot.c.course_id == _course.c.id)
        .outerjoin(_version, _version.c.id == _slot.c.version_id)
        .where(
            _enrollment.c.person_id == STUDENT,
            _year.c.starts_on <= LAST,
            _year.c.ends_on >= FIRST,
            LESSON_NOT_TAKEN_BACK,
            belongs(_lesson),
            _homework.c.text != "",
            _homework.c.due.is_(None),
        )
    )


_TASKS = Prepared(union_all(_by_next_lesson(), _by_day_set(), _last()))
