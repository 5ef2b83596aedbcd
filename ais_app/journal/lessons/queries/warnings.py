"""Warnings before a lesson is added: a free day, another lesson at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, or_, select

from ais_app.db.columns import holds_on, table
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor
from ais_app.school.models import Course, CourseTeacher, Enrollment, Holiday, SchoolClass

SUNDAY = 7

_course = table(Course)
_teacher = table(CourseTeacher)
_lesson = table(Lesson)
_holiday = table(Holiday)
_class = table(SchoolClass)
_enrollment = table(Enrollment)


class Odd(StrEnum):
    """What can be unusual about a lesson that is added on a day under a number."""

    SUNDAY = "sunday"
    HOLIDAY = "holiday"
    TEACHER_BUSY = "teacher_busy"
    STUDENTS_BUSY = "students_busy"


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning; `name`: of the holiday, or of the other course."""

    odd: Odd
    name: str = ""


def warnings(reading: Reading, course: CourseRow, day: date, number: int) -> list[Warned]:
    """About a lesson of `course` that is to be added on `day` as number `number`; nothing where nothing is odd.

    Another lesson counts when the actor teaches it that day, or when it has a student in common with this one: two
    halves of a class may have theirs at the same time.
    """
    warned = _free_day(reading.connection, course, day)
    rows = reading.execute(
        select(
            _course.c.name,
            _class.c.name.label("class_name"),
            _taught(reading.actor, day).label("own"),
            _shared(course, day),
        )
        .select_from(_lesson)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .where(
            _lesson.c.school_id == reading.hat.school_id,
            _lesson.c.day == day,
            _lesson.c.number == number,
            _lesson.c.course_id != course.id,
            LESSON_NOT_TAKEN_BACK,
        )
        .order_by(_class.c.name, _course.c.name)
    ).all()
    for row in rows:
        name = f"{row.class_name}, {row.name}" if row.class_name else row.name
        if row.own:
            warned.append(Warned(Odd.TEACHER_BUSY, name))
        elif row.shared:
            warned.append(Warned(Odd.STUDENTS_BUSY, name))
    return warned


def _free_day(connection: Connection, course: CourseRow, day: date) -> list[Warned]:
    sunday = [Warned(Odd.SUNDAY)] if day.isoweekday() == SUNDAY else []
    grade = select(_class.c.grade).where(_class.c.id == course.class_id).scalar_subquery()
    names = connection.execute(
        select(_holiday.c.name).where(
            _holiday.c.year_id == course.year_id,
            _holiday.c.starts_on <= day,
            _holiday.c.ends_on >= day,
            or_(_holiday.c.grade.is_(None), _holiday.c.grade == grade),
        )
    ).scalars()
    return sunday + [Warned(Odd.HOLIDAY, name) for name in names]


def _taught(actor: Actor, day: date):
    """Whether the actor teaches the course of a lesson on `day`."""
    return (
        select(_teacher.c.id)
        .where(
            _teacher.c.course_id == _course.c.id,
            _teacher.c.person_id == actor.hat.person_id,
            holds_on(_teacher, day),
        )
        .exists()
    )


def _shared(course: CourseRow, day: date):
    """Whether a student of `course` is in the course of a lesson too on `day`."""
    other = _enrollment.alias("other")
    return (
        select(other.c.id)
        .join(_enrollment, _enrollment.c.person_id == other.c.person_id)
        .where(
            other.c.group_id == _course.c.group_id,
            _enrollment.c.group_id == course.group_id,
            holds_on(other, day),
            holds_on(_enrollment, day),
        )
        .exists()
        .label("shared")
    )
