"""Reads of the diary."""

from ais_app.diary.queries.opened import OpenedCell, opened_cell
from ais_app.diary.queries.students import (
    ChildLine,
    children,
    feed_of,
    may_read,
    readable_students,
    student_id,
)
from ais_app.diary.queries.tasks import TaskLine
from ais_app.diary.queries.week import DayLine, LessonLine, MarkLine, Week, week
from ais_app.school.queries import birth_dates

__all__ = [
    "ChildLine",
    "DayLine",
    "LessonLine",
    "MarkLine",
    "OpenedCell",
    "TaskLine",
    "Week",
    "birth_dates",
    "children",
    "feed_of",
    "may_read",
    "opened_cell",
    "readable_students",
    "student_id",
    "week",
]
