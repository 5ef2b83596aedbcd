"""The last bell of the students of a lesson on its day, for reads that join the lesson, its course and its class."""

from __future__ import annotations

from datetime import time

from sqlalchemy import ScalarSelect, func, select

from ais_app.db.columns import table
from ais_app.journal.lessons.models import Lesson
from ais_app.school.models import Bell, Course, SchoolClass

_lesson, _course = table(Lesson), table(Course)
_class, _bell = table(SchoolClass), table(Bell)
_others, _of_others = _lesson.alias("others"), _course.alias("of_others")
_rung = _bell.alias("rung")


def last_bell() -> ScalarSelect[time | None]:
    """When the last lesson of the class ends on the lesson's day; NULL for a course without class, or without bells."""
    return (
        select(func.max(_rung.c.ends_at))
        .select_from(_others)
        .join(_of_others, _of_others.c.id == _others.c.course_id)
        .join(_rung, _rung.c.number == _others.c.number)
        .where(
            _others.c.day == _lesson.c.day,
            _of_others.c.class_id == _course.c.class_id,
            _rung.c.schedule_id == _class.c.bell_schedule_id,
            _others.c.taken_back_at.is_(None),
        )
        .correlate(_lesson, _course, _class)
        .scalar_subquery()
    )
