"""Which day with a lesson of the same course comes next: by then homework is to be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ScalarSelect, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import table
from ais_app.journal.lessons.models import Lesson

_lesson = table(Lesson)


def following_day(*conditions: Callable[[Any], ColumnElement[bool]]) -> ScalarSelect[Any]:
    """For each row of `lesson` in the statement around it: the next day with a lesson of its course, or null.

    A second lesson on the same day does not count, nor one that was taken back. The later lesson must meet all of
    `conditions`, which get it as an alias of `lesson`.
    """
    later = _lesson.alias("later")
    return (
        select(later.c.day)
        .where(
            later.c.course_id == _lesson.c.course_id,
            later.c.day > _lesson.c.day,
            later.c.taken_back_at.is_(None),
            *[condition(later) for condition in conditions],
        )
        .order_by(later.c.day)
        .limit(1)
        .correlate(_lesson)
        .scalar_subquery()
    )
