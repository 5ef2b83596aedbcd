"""Tables of lessons (D-7): lesson, homework, work (a column of the grid)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field

from ais_app.db.columns import PublicRow, Row, moment

_NOT_TAKEN_BACK, _TAKEN_BACK = text("taken_back_at IS NULL"), text("taken_back_at IS NOT NULL")


def _unique(name: str, *columns: str) -> Index:
    """A unique index over the rows that were not taken back."""
    return Index(name, *columns, unique=True, sqlite_where=_NOT_TAKEN_BACK, postgresql_where=_NOT_TAKEN_BACK)


def _taken_back(name: str, column: str) -> Index:
    """The few rows that were taken back, by what they belonged to."""
    return Index(name, column, sqlite_where=_TAKEN_BACK, postgresql_where=_TAKEN_BACK)


class Lesson(PublicRow, table=True):
    """A lesson. One that was taken back stays in its row, seen by nobody (`queries/not_taken_back.py`)."""

    __tablename__ = "lesson"
    __table_args__ = (
        _unique("ux_lesson_place", "course_id", "day", "number"),
        _taken_back("ix_lesson_taken_back", "course_id"),
        Index("ix_lesson_day", "school_id", "day"),
    )

    school_id: int = Field(foreign_key="school.id")
    course_id: int = Field(foreign_key="course.id")
    day: date
    number: int
    room: str = Field(default="", max_length=32)
    topic: str = Field(default="", max_length=300)
    version: int = 1
    taken_back_at: datetime | None = moment(default=None, nullable=True)


_SET = text(
    "due IS NOT NULL"
)  # an index with every other row in it would be taken for those without a day, all of them


class Homework(Row, table=True):
    """What is set at a lesson; `nothing_set` is the teacher's explicit «не задано».

    `due`: the day that the teacher has set; None = the next lesson of the course, whenever that is.
    """

    __tablename__ = "homework"
    __table_args__ = (Index("ix_homework_due", "due", sqlite_where=_SET, postgresql_where=_SET),)

    lesson_id: int = Field(foreign_key="lesson.id", unique=True)
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    minutes: int | None = None
    nothing_set: bool = False
    due: date | None = None


class Work(PublicRow, table=True):
    """A column of the grid: something of a lesson that can be marked. One that was taken back is seen by nobody."""

    __tablename__ = "work"
    __table_args__ = (
        _unique("ux_work_ordinal", "lesson_id", "ordinal"),
        _taken_back("ix_work_taken_back", "lesson_id"),
    )

    lesson_id: int = Field(foreign_key="lesson.id")
    ordinal: int = 1
    control_type_id: int = Field(foreign_key="control_type.id")
    weight: int
    taken_back_at: datetime | None = moment(default=None, nullable=True)
