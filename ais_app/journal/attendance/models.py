"""Table of attendance: one row for each student that was absent or late at a lesson."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field

from ais_app.db.columns import Row


class Attendance(Row, table=True):
    """Absent or late: «н» (reason «б», «у» or unknown) or «о» with minutes; no row = present."""

    __tablename__ = "attendance"
    __table_args__ = (Index("ux_attendance_place", "lesson_id", "student_id", unique=True),)

    lesson_id: int = Field(foreign_key="lesson.id")
    student_id: int = Field(foreign_key="person.id", index=True)
    code: str = Field(max_length=4)
    reason: str = Field(default="", max_length=4)
    minutes: int | None = None
