"""Table of remarks to students."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from ais_app.db.columns import PublicRow, moment


class Remark(PublicRow, table=True):
    """A remark of a teacher to a student at a lesson, for the family; a withdrawn one is kept, unseen by the family."""

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_place", "lesson_id", "student_id"),)

    lesson_id: int = Field(foreign_key="lesson.id")
    student_id: int = Field(foreign_key="person.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    text: str = Field(max_length=500)
    created_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None, nullable=True)
