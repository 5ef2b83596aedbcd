"""Laying lessons out from the timetable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, or_, select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.journal.kinds import LESSONS_LAID_OUT
from ais_app.journal.lessons import rules
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK
from ais_app.journal.lessons.records import LESSON, WORK
from ais_app.ledger.service import lock, school_chain
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor
from ais_app.school.models import (
    AcademicYear,
    ControlType,
    Course,
    Holiday,
    SchoolClass,
    TimetableSlot,
    TimetableVersion,
)
from ais_app.school.service.operation import may_set_up, setting_up

_course = table(Course)
_lesson = table(Lesson)
_type = table(ControlType)
_slot = table(TimetableSlot)
_version = table(TimetableVersion)
_holiday = table(Holiday)
_class = table(SchoolClass)
_year = table(AcademicYear)


def lay_out_lessons(uow: UnitOfWork, actor: Actor, school: SchoolRef, version_id: int) -> int:
    """Make the lessons of a timetable version over its days, without holidays; returns how many.

    A lesson that is there already stays as it is. Each new one gets one work of the default kind. One operation for
    each course. Raises NotYours for a version of another school.
    """
    if not may_set_up(actor, school):
        raise NotYours
    lock(uow, school_chain(school.uid))
    planned = lessons_of(uow.connection, school, version_id)
    present = _present(uow.connection, school, [one["day"] for one in planned])
    lessons = [one for one in planned if (one["course_id"], one["day"], one["number"]) not in present]
    kind = ordinary(uow.connection, school)
    for _course_id, of_course in groupby(lessons, itemgetter("course_id")):
        add_lessons(uow, actor, school, kind, list(of_course))
    return len(lessons)


def add_lessons(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, kind: Mapping[str, int], lessons: Sequence[Mapping[str, Any]]
) -> None:
    """Add lessons, as `lessons_of` gives them, with one work of the `ordinary` kind each, in one operation."""
    with setting_up(uow, actor, school, LESSONS_LAID_OUT) as op:
        added = op.insert_all(LESSON, lessons)
        op.insert_all(WORK, [{"lesson_id": lesson.id, "ordinal": 1, **kind} for lesson in added])


def ordinary(connection: Connection, school: SchoolRef) -> dict[str, int]:
    """The columns of a work of the school's default kind. Raises NoResultFound where it has none."""
    query = select(_type.c.id, _type.c.weight).where(_type.c.school_id == school.id, _type.c.is_default).limit(1)
    default = connection.execute(query).one()
    return {"control_type_id": default.id, "weight": default.weight}


def lessons_of(connection: Connection, school: SchoolRef, version_id: int) -> list[dict[str, Any]]:
    """The columns of the lessons that a version of the timetable makes over its days, without holidays, course by
    course; whether they are there or not. Raises NotYours for a version of another school.
    """
    version = connection.execute(
        select(_version, _year.c.starts_on, _year.c.ends_on)
        .join(_year, _year.c.id == _version.c.year_id)
        .where(_version.c.id == version_id, _version.c.school_id == school.id)
    ).one_or_none()
    if version is None:
        raise NotYours
    last = version.ends_on
    if version.valid_to is not None:
        last = min(last, version.valid_to.fromordinal(version.valid_to.toordinal() - 1))
    span = rules.DaySpan(max(version.valid_from, version.starts_on), last)
    return [
        {"school_id": school.id, "course_id": course_id, "day": day, "number": number, "room": room}
        for (course_id, grade), weekly in _weekly(connection, version_id).items()
        for day, number, room in rules.lesson_days(span, weekly, _holidays(connection, version.year_id, grade))
    ]


def _weekly(connection: Connection, version_id: int) -> dict[tuple[int, int | None], list[rules.Slot]]:
    """{(course, grade): its slots}."""
    rows = connection.execute(
        select(_slot, _class.c.grade)
        .join(_course, _course.c.id == _slot.c.course_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .where(_slot.c.version_id == version_id)
        .order_by(_slot.c.course_id, _slot.c.weekday, _slot.c.number)
    )
    slots: dict[tuple[int, int | None], list[rules.Slot]] = {}
    for row in rows:
        slots.setdefault((row.course_id, row.grade), []).append(rules.Slot(row.weekday, row.number, row.room))
    return slots


def _present(connection: Connection, school: SchoolRef, days: Sequence[date]) -> set[tuple[int, date, int]]:
    """(course, day, number) of the lessons that are there from the first to the last of these days."""
    if not days:
        return set()
    columns = (_lesson.c.course_id, _lesson.c.day, _lesson.c.number)
    of_school = (_lesson.c.school_id == school.id, _lesson.c.day.between(min(days), max(days)))
    rows = connection.execute(select(*columns).where(*of_school, LESSON_NOT_TAKEN_BACK))
    return {(row.course_id, row.day, row.number) for row in rows}


def _holidays(connection: Connection, year_id: int, grade: int | None) -> list[rules.DaySpan]:
    rows = connection.execute(
        select(_holiday).where(
            _holiday.c.year_id == year_id, or_(_holiday.c.grade.is_(None), _holiday.c.grade == grade)
        )
    )
    return [rules.DaySpan(row.starts_on, row.ends_on) for row in rows]
