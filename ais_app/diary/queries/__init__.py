"""Reads of the diary."""

from ais_app.diary.queries.students import (
    ChildLine,
    birth_dates,
    children,
    may_read,
    readable_students,
    student_id,
    topic_of,
)
from ais_app.diary.queries.tasks import TaskLine
from ais_app.diary.queries.week import DayLine, LessonLine, MarkLine, Week, week

__all__ = [
    "ChildLine",
    "DayLine",
    "LessonLine",
    "MarkLine",
    "TaskLine",
    "Week",
    "birth_dates",
    "children",
    "may_read",
    "readable_students",
    "student_id",
    "topic_of",
    "week",
]
