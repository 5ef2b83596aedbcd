"""Tables of closed periods, and of openings after the edit window with the requests for them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from ais_app.db.columns import PublicRow, Row, moment


class PeriodLock(Row, table=True):
    """A grading period closed for the courses of its scheme, by whom and when."""

    __tablename__ = "period_lock"

    period_id: int = Field(foreign_key="grading_period.id", unique=True)
    closed_at: datetime = moment()
    closed_by: str = Field(max_length=32)


class OpeningRequest(PublicRow, table=True):
    """A teacher's request to write into a lesson whose edit window is over; for one student when `student_id` is set.

    Waits until `decided_at`; `verdict` = granted, declined (with the deputy's `answer`) or withdrawn.
    """

    __tablename__ = "opening_request"
    __table_args__ = (
        Index(
            "ux_opening_request_waiting",
            "lesson_id",
            "asked_by",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_opening_request_waiting", "school_id", "decided_at"),
    )

    school_id: int = Field(foreign_key="school.id")
    course_id: int = Field(foreign_key="course.id", index=True)
    lesson_id: int | None = Field(default=None, foreign_key="lesson.id", ondelete="SET NULL")
    student_id: int | None = Field(default=None, foreign_key="person.id")
    day: date
    reason: str = Field(max_length=500)
    asked_by: int = Field(foreign_key="person.id", index=True)
    asked_at: datetime = moment()
    verdict: str = Field(default="", max_length=16)
    answer: str = Field(default="", max_length=500)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = moment(default=None, nullable=True)


class Opening(PublicRow, table=True):
    """Days that may be written until a moment although their window is over (`rules.Opening`).

    Its scope: the course, the class and the student, as far as each is given, all together; within its school.
    """

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("course_id IS NOT NULL OR class_id IS NOT NULL OR person_id IS NOT NULL", name="has_scope"),
        Index("ix_opening_until", "school_id", "until"),
    )

    school_id: int = Field(foreign_key="school.id")
    course_id: int | None = Field(default=None, foreign_key="course.id", index=True)
    class_id: int | None = Field(default=None, foreign_key="school_class.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    first_day: date
    last_day: date
    until: datetime = moment()
    over_closed_period: bool = False
    reason: str = Field(max_length=500)
    granted_by: int = Field(foreign_key="person.id")
    granted_at: datetime = moment()
    request_id: int | None = Field(default=None, foreign_key="opening_request.id")
