"""Warnings before a lesson is added: a free day, another lesson at the same time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, or_, select

from ais_app.db.columns import holds_on, table
from ais_app.i18n import _, capital, day_and_month, weekday
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.lessons.queries.standing import LESSON_STANDS
from ais_app.rights.rules import Actor
from ais_app.school.models import Course, CourseTeacher, Enrollment, Holiday, SchoolClass

SUNDAY = 7

_course = table(Course)
_teacher = table(CourseTeacher)
_lesson = table(Lesson)
_holiday = table(Holiday)
_class = table(SchoolClass)
_enrollment = table(Enrollment)


def warnings(connection: Connection, actor: Actor, course: CourseRow, day: date, number: int) -> list[str]:
    """Sentences about a lesson of `course` that is to be added on `day` as number `number`; none: nothing is odd.

    Another lesson counts when the actor teaches it that day, or when it has a student in common with this one: two
    halves of a class may have theirs at the same time.
    """
    said = [*_free_day(connection, course, day)]
    rows = connection.execute(
        select(
            _course.c.name, _class.c.name.label("class_name"), _taught(actor, day).label("own"), _shared(course, day)
        )
        .select_from(_lesson)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .where(
            _lesson.c.school_id == actor.hat.school_id,
            _lesson.c.day == day,
            _lesson.c.number == number,
            _lesson.c.course_id != course.id,
            LESSON_STANDS,
        )
        .order_by(_class.c.name, _course.c.name)
    ).all()
    for row in rows:
        name = f"{row.class_name}, {row.name}" if row.class_name else row.name
        if row.own:
            said.append(_("You already have lesson {number} that day: {course}.").format(number=number, course=name))
        elif row.shared:
            said.append(
                _("The same students already have lesson {number} that day: {course}.").format(
                    number=number, course=name
                )
            )
    return said


def _free_day(connection: Connection, course: CourseRow, day: date) -> list[str]:
    shown = f"{capital(weekday(day))}, {day_and_month(day)}"
    said = [_("{day}: there are no lessons on a Sunday.").format(day=shown)] if day.isoweekday() == SUNDAY else []
    grade = select(_class.c.grade).where(_class.c.id == course.class_id).scalar_subquery()
    names = connection.execute(
        select(_holiday.c.name).where(
            _holiday.c.year_id == course.year_id,
            _holiday.c.starts_on <= day,
            _holiday.c.ends_on >= day,
            or_(_holiday.c.grade.is_(None), _holiday.c.grade == grade),
        )
    ).scalars()
    return said + [_("{day} is a holiday: {name}.").format(day=shown, name=name) for name in names]


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
