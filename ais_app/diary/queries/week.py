"""The week of a student: lessons, homework, marks, absences, remarks, what was seen of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor
from ais_app.db.columns import holds_on, holds_within, table
from ais_app.db.topics import sequence_of
from ais_app.diary.queries.seen import SeenLine, appeared_since, seen_by
from ais_app.diary.queries.students import student_id, topic_of
from ais_app.journal.models import (
    Attendance,
    ControlType,
    Course,
    Homework,
    Lesson,
    Mark,
    Remark,
    Work,
)
from ais_app.journal.queries.standing import LESSON_STANDS, WORK_STANDS
from ais_app.journal.rules import CellValue
from ais_app.school.models import AcademicYear, Bell, Enrollment, Holiday, SchoolClass

_enrollment = table(Enrollment)
_class = table(SchoolClass)
_lesson = table(Lesson)
_course = table(Course)
_homework = table(Homework)
_work = table(Work)
_type = table(ControlType)
_mark = table(Mark)
_remark = table(Remark)
_attendance = table(Attendance)
_bell = table(Bell)
_holiday = table(Holiday)
_year = table(AcademicYear)


@dataclass(frozen=True, slots=True)
class MarkLine:
    """What stands in a cell: «5», with the kind of work, its weight and the teacher's comment."""

    code: str
    work: str
    weight: int
    comment: str


@dataclass(frozen=True, slots=True)
class LessonLine:
    uid: str
    number: int
    begins: str
    ends: str
    subject: str
    room: str
    topic: str
    homework: str
    minutes: int | None
    nothing_set: bool
    control: str
    marks: tuple[MarkLine, ...]
    attendance: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayLine:
    """`holiday` and the day until which it lasts, where it is one."""

    day: date
    holiday: str
    holiday_until: date | None
    lessons: tuple[LessonLine, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A student's week; `sequence` is the number of the last change that it shows."""

    student: str
    grade: int
    sequence: int
    days: tuple[DayLine, ...]
    seen: tuple[SeenLine, ...]
    appeared: int


def week(connection: Connection, actor: Actor, student_uid: str, monday: date, today: date) -> Week:
    """The lessons of a student from `monday` to Saturday. Raises NotYours for absent and foreign alike."""
    found = student_id(connection, actor, student_uid, today)
    if found is None:
        raise NotYours
    saturday = monday + timedelta(days=5)
    lessons = _lessons(connection, found, monday, saturday)
    works = _works(connection, [row.id for row in lessons])
    marks = _marks(connection, found, works)
    attended = _attended(connection, found, [row.id for row in lessons])
    remarks = _remarks(connection, found, [row.id for row in lessons])
    controls = {row.lesson_id: row.name for row in works if row.is_control}  # for the badge
    bells = _bells(connection, found, monday, saturday)
    holidays = _holidays(connection, {row.year_id for row in lessons}, found, monday, saturday)
    days = []
    for offset in range(6):
        day = monday + timedelta(days=offset)
        lines = tuple(
            LessonLine(
                uid=row.uid,
                number=row.number,
                begins=bells.get(row.number, ("", ""))[0],
                ends=bells.get(row.number, ("", ""))[1],
                subject=row.course,
                room=row.room,
                topic=row.topic,
                homework=row.text or "",
                minutes=row.minutes,
                nothing_set=bool(row.nothing_set),
                control=controls.get(row.id, ""),
                marks=tuple(marks.get(row.id, ())),
                attendance=attended.get(row.id, ""),
                remarks=tuple(remarks.get(row.id, ())),
            )
            for row in lessons
            if row.day == day
        )
        if lines or offset < 5:
            days.append(DayLine(day, *holidays.get(day, ("", None)), lines))
    seen = seen_by(connection, found, monday)
    return Week(
        student=student_uid,
        grade=_grade(connection, found, monday, saturday),
        sequence=sequence_of(connection, topic_of(student_uid)),
        days=tuple(days),
        seen=tuple(seen),
        appeared=appeared_since(connection, actor, (found, student_uid), monday, seen[0].at) if seen else 0,
    )


def _lessons(connection: Connection, student_id: int, first: date, last: date):
    return connection.execute(
        select(
            _lesson,
            _course.c.name.label("course"),
            _course.c.year_id,
            _homework.c.text,
            _homework.c.minutes,
            _homework.c.nothing_set,
        )
        .select_from(_lesson)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .join(_enrollment, _enrollment.c.group_id == _course.c.group_id)
        .join(_year, _year.c.id == _course.c.year_id)  # or every course of his life is looked through (P-13)
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
        .where(
            _enrollment.c.person_id == student_id,
            holds_on(_enrollment, _lesson.c.day),
            _year.c.starts_on <= last,
            _year.c.ends_on >= first,
            _lesson.c.day.between(first, last),
            LESSON_STANDS,
        )
        .order_by(_lesson.c.day, _lesson.c.number, _course.c.name)
    ).all()


def _works(connection: Connection, lesson_ids: list[int]) -> Sequence[Any]:
    """The columns of these lessons, in order."""
    return connection.execute(
        select(_work.c.id, _work.c.lesson_id, _work.c.weight, _type.c.name, _type.c.is_control)
        .select_from(_work)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .where(_work.c.lesson_id.in_(lesson_ids), WORK_STANDS)
        .order_by(_work.c.lesson_id, _work.c.ordinal)
    ).all()


def _marks(connection: Connection, student_id: int, works: Sequence[Any]) -> dict[int, list[MarkLine]]:
    """{lesson id: marks}. Looked up by work and student: by student alone it would read all his years (P-13)."""
    rows = connection.execute(
        select(_mark.c.work_id, _mark.c.code, _mark.c.comment)
        .where(_mark.c.work_id.in_([work.id for work in works]), _mark.c.student_id == student_id)
        .order_by(_mark.c.work_id, _mark.c.ordinal)
    ).all()
    found: dict[int, list[MarkLine]] = {}
    for work in works:
        lines = [MarkLine(row.code, work.name, work.weight, row.comment) for row in rows if row.work_id == work.id]
        if lines:
            found.setdefault(work.lesson_id, []).extend(lines)
    return found


def _remarks(connection: Connection, student_id: int, lesson_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = connection.execute(
        select(_remark.c.lesson_id, _remark.c.text)
        .where(
            _remark.c.student_id == student_id,
            _remark.c.lesson_id.in_(lesson_ids),
            _remark.c.withdrawn_at.is_(None),
        )
        .order_by(_remark.c.id)
    )
    for row in rows:
        found.setdefault(row.lesson_id, []).append(row.text)
    return found


def _grade(connection: Connection, student_id: int, first: date, last: date) -> int:
    """The year of study of the student's class in these days; 0 when in none."""
    return (
        connection.execute(
            select(_class.c.grade)
            .join(_enrollment, _enrollment.c.group_id == _class.c.group_id)
            .where(
                _enrollment.c.person_id == student_id,
                holds_within(_enrollment, first, last),
            )
            .order_by(_enrollment.c.valid_from.desc())
            .limit(1)
        ).scalar_one_or_none()
        or 0
    )


def _attended(connection: Connection, student_id: int, lesson_ids: list[int]) -> dict[int, str]:
    rows = connection.execute(
        select(_attendance).where(_attendance.c.student_id == student_id, _attendance.c.lesson_id.in_(lesson_ids))
    )
    return {row.lesson_id: CellValue((), row.code, row.reason, row.minutes).text for row in rows}


def _bells(connection: Connection, student_id: int, first: date, last: date) -> dict[int, tuple[str, str]]:
    rows = connection.execute(
        select(_bell)
        .select_from(_bell)
        .join(_class, _class.c.bell_schedule_id == _bell.c.schedule_id)
        .join(_enrollment, _enrollment.c.group_id == _class.c.group_id)
        .where(
            _enrollment.c.person_id == student_id,
            holds_within(_enrollment, first, last),
        )
    )
    return {row.number: (f"{row.starts_at:%H:%M}", f"{row.ends_at:%H:%M}") for row in rows}


def _holidays(
    connection: Connection, year_ids: set[int], student_id: int, first: date, last: date
) -> dict[date, tuple[str, date]]:
    """{day: (name, last day)} of the holidays from `first` to `last`."""
    grade = (
        select(_class.c.grade)
        .join(_enrollment, _enrollment.c.group_id == _class.c.group_id)
        .where(_enrollment.c.person_id == student_id, holds_on(_enrollment, first))
        .limit(1)
        .scalar_subquery()
    )
    years = (
        select(_class.c.year_id)
        .join(_enrollment, _enrollment.c.group_id == _class.c.group_id)
        .where(_enrollment.c.person_id == student_id)
    )
    rows = connection.execute(
        select(_holiday).where(
            or_(_holiday.c.year_id.in_(years), _holiday.c.year_id.in_(year_ids)),
            _holiday.c.starts_on <= last,
            _holiday.c.ends_on >= first,
            or_(_holiday.c.grade.is_(None), _holiday.c.grade == grade),
        )
    ).all()
    return {
        first + timedelta(days=offset): (row.name, row.ends_on)
        for row in rows
        for offset in range((last - first).days + 1)
        if row.starts_on <= first + timedelta(days=offset) <= row.ends_on
    }
