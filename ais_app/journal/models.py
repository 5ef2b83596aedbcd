"""Tables of the journal (D-7): course → lesson → work (column) → cell (unit of conflict) → marks."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, text
from sqlmodel import Field

from ais_app.db.columns import PublicRow, Row, moment

_STANDING, _TAKEN_BACK = text("taken_back_at IS NULL"), text("taken_back_at IS NOT NULL")


def _place(name: str, *columns: str) -> Index:
    """One row at each place, of those that were not taken back."""
    return Index(name, *columns, unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING)


def _taken_back(name: str, column: str) -> Index:
    """The few rows that were taken back, by what they belonged to."""
    return Index(name, column, sqlite_where=_TAKEN_BACK, postgresql_where=_TAKEN_BACK)


class Lesson(PublicRow, table=True):
    """A lesson. One that was taken back stays in its row, seen by nobody (`queries/standing.py`)."""

    __tablename__ = "lesson"
    __table_args__ = (
        _place("ux_lesson_place", "course_id", "day", "number"),
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
    __table_args__ = (_place("ux_work_ordinal", "lesson_id", "ordinal"), _taken_back("ix_work_taken_back", "lesson_id"))

    lesson_id: int = Field(foreign_key="lesson.id")
    ordinal: int = 1
    control_type_id: int = Field(foreign_key="control_type.id")
    weight: int
    taken_back_at: datetime | None = moment(default=None, nullable=True)


class Cell(Row, table=True):
    """The version of a student × work: what a writer must have seen in order to change it."""

    __tablename__ = "cell"
    __table_args__ = (Index("ux_cell_place", "work_id", "student_id", unique=True),)

    work_id: int = Field(foreign_key="work.id")
    student_id: int = Field(foreign_key="person.id", index=True)
    version: int
    changed: bool = False
    entered_at: datetime = moment()


class Mark(Row, table=True):
    """One mark of a cell. `hundredths` is what it counts as (500 = «5»); None does not enter a mean.

    `written_at`: since when this mark stands here, whatever became of the rest of its cell.
    """

    __tablename__ = "mark"
    __table_args__ = (Index("ux_mark_place", "work_id", "student_id", "ordinal", unique=True),)

    work_id: int = Field(foreign_key="work.id")
    student_id: int = Field(foreign_key="person.id", index=True)
    ordinal: int
    code: str = Field(max_length=8)
    hundredths: int | None = None
    comment: str = Field(default="", max_length=500)
    written_at: datetime = moment()


class Attendance(Row, table=True):
    """Absent or late: «н» (reason «б», «у» or unknown) or «о» with minutes; no row = present."""

    __tablename__ = "attendance"
    __table_args__ = (Index("ux_attendance_place", "lesson_id", "student_id", unique=True),)

    lesson_id: int = Field(foreign_key="lesson.id")
    student_id: int = Field(foreign_key="person.id", index=True)
    code: str = Field(max_length=4)
    reason: str = Field(default="", max_length=4)
    minutes: int | None = None


class Remark(PublicRow, table=True):
    """What a teacher remarks to a student at a lesson, for the family; withdrawn ones stay, unseen by the family."""

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_place", "lesson_id", "student_id"),)

    lesson_id: int = Field(foreign_key="lesson.id")
    student_id: int = Field(foreign_key="person.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    text: str = Field(max_length=500)
    created_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None, nullable=True)


class PeriodLock(Row, table=True):
    """A grading period closed for the courses of its scheme, by whom and when."""

    __tablename__ = "period_lock"

    period_id: int = Field(foreign_key="grading_period.id", unique=True)
    closed_at: datetime = moment()
    closed_by: str = Field(max_length=32)


class OpeningRequest(PublicRow, table=True):
    """A teacher asks to write into a lesson whose edit window is over; of one student when `student_id` is set.

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
    """Days may be written until a moment although their window is over (`rules.Opening`).

    Its scope is what is named of course, class and student, together; it never reaches past its school.
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
