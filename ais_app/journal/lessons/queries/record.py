"""«Held» and «written down» as conditions: the SQL twins of `lessons.rules`; a test asks both the same.

For reads that join the lesson with its homework and its bell, either of which may be missing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, or_
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import table
from ais_app.journal.lessons.models import Homework, Lesson
from ais_app.school.models import Bell

_lesson, _homework, _bell = table(Lesson), table(Homework), table(Bell)

TOPIC_WRITTEN = _lesson.c.topic != ""
HOMEWORK_WRITTEN = or_(func.coalesce(_homework.c.text, "") != "", func.coalesce(_homework.c.nothing_set, False))
WRITTEN_DOWN = and_(TOPIC_WRITTEN, HOMEWORK_WRITTEN)


def held(now: datetime) -> ColumnElement[bool]:
    """The lesson is over at `now` (of the school)."""
    rung = and_(_bell.c.ends_at.is_not(None), _bell.c.ends_at <= now.time())
    return or_(_lesson.c.day < now.date(), and_(_lesson.c.day == now.date(), rung))
