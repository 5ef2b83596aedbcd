"""Tables of the school. Membership, leading and guardianship hold in [valid_from, valid_to)."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import Column, Index
from sqlmodel import Field

from ais_app.db.columns import PublicRow, Row, moment, named
from ais_app.school.names import NO_KEY, SORT_KEY, key_of_names


class School(PublicRow, table=True):
    """A school and the settings that its journal needs today.

    `correction_hours`: a mark that has stood longer is changed with a reason only.
    """

    __tablename__ = "school"

    name: str = named(200)
    short_name: str = named(64)
    zone: str = Field(max_length=64)
    edit_window_days: int = 7
    topic_days: int = 0
    homework_minutes: int = 60
    mark_one_allowed: bool = False
    mark_beside_absence: bool = True
    correction_hours: int = 24
    opening_hours: int = 24
    demonstration: bool = False
    created_at: datetime = moment()


class AcademicYear(PublicRow, table=True):
    """A school year, both days included."""

    __tablename__ = "academic_year"

    school_id: int = Field(foreign_key="school.id", index=True)
    name: str = named(32)
    starts_on: date
    ends_on: date


class PeriodScheme(PublicRow, table=True):
    """How a year is divided for some classes: quarters, trimesters, half-years."""

    __tablename__ = "period_scheme"

    school_id: int = Field(foreign_key="school.id", index=True)
    year_id: int = Field(foreign_key="academic_year.id", index=True)
    name: str = named(64)


class GradingPeriod(PublicRow, table=True):
    """One grading period of a scheme, both days included."""

    __tablename__ = "grading_period"
    __table_args__ = (Index("ux_grading_period_ordinal", "scheme_id", "ordinal", unique=True),)

    scheme_id: int = Field(foreign_key="period_scheme.id")
    ordinal: int
    name: str = named(64)
    starts_on: date
    ends_on: date


class Holiday(Row, table=True):
    """Days without lessons, both included; of one grade only when `grade` is set."""

    __tablename__ = "holiday"

    year_id: int = Field(foreign_key="academic_year.id", index=True)
    name: str = named(64)
    starts_on: date
    ends_on: date
    grade: int | None = None


class BellSchedule(PublicRow, table=True):
    __tablename__ = "bell_schedule"

    school_id: int = Field(foreign_key="school.id", index=True)
    name: str = named(64)


class Bell(Row, table=True):
    """When lesson number `number` begins and ends, in local time."""

    __tablename__ = "bell"
    __table_args__ = (Index("ux_bell_number", "schedule_id", "number", unique=True),)

    schedule_id: int = Field(foreign_key="bell_schedule.id")
    number: int
    starts_at: time
    ends_at: time


class Subject(PublicRow, table=True):
    __tablename__ = "subject"

    school_id: int = Field(foreign_key="school.id", index=True)
    name: str = named(120)
    short_name: str = named(64)


class Person(PublicRow, table=True):
    """A person of one school: staff, student or guardian (D-1). `sort_key` follows the names by itself."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name", "school_id", "sort_key"),)

    school_id: int | None = Field(default=None, foreign_key="school.id", index=True)
    family_name: str = named(120)
    given_name: str = named(120)
    patronymic: str = named(120, default="")
    birth_date: date | None = None
    sort_key: str = Field(
        default=None,
        sa_column=Column(SORT_KEY, nullable=False, server_default=NO_KEY, default=key_of_names, onupdate=key_of_names),
    )


class Group(PublicRow, table=True):
    """A dated audience: a whole class (its default group), half of it, or students of several classes (D-8)."""

    __tablename__ = "study_group"

    school_id: int = Field(foreign_key="school.id", index=True)
    year_id: int = Field(foreign_key="academic_year.id", index=True)
    name: str = named(64)


class SchoolClass(PublicRow, table=True):
    __tablename__ = "school_class"

    school_id: int = Field(foreign_key="school.id", index=True)
    year_id: int = Field(foreign_key="academic_year.id", index=True)
    grade: int
    letter: str = named(15)
    name: str = named(32)
    group_id: int = Field(foreign_key="study_group.id", unique=True)
    scheme_id: int = Field(foreign_key="period_scheme.id")
    bell_schedule_id: int | None = Field(default=None, foreign_key="bell_schedule.id")


class Enrollment(Row, table=True):
    """A student in a group. Being in the class is being in its default group."""

    __tablename__ = "enrollment"
    __table_args__ = (Index("ix_enrollment_person", "person_id", "group_id"),)

    group_id: int = Field(foreign_key="study_group.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    note: str = Field(default="", max_length=32)
    valid_from: date
    valid_to: date | None = None


class ClassLeading(Row, table=True):
    """Who is the class teacher of a class, and when."""

    __tablename__ = "class_leading"

    class_id: int = Field(foreign_key="school_class.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    valid_from: date
    valid_to: date | None = None


class Guardianship(Row, table=True):
    """Who may see a student's diary as guardian, and when; ended by decision or at a date."""

    __tablename__ = "guardianship"

    guardian_id: int = Field(foreign_key="person.id", index=True)
    student_id: int = Field(foreign_key="person.id", index=True)
    relation: str = Field(max_length=32)
    valid_from: date
    valid_to: date | None = None


class TimetableVersion(PublicRow, table=True):
    """A timetable that holds from a day on, until another one does."""

    __tablename__ = "timetable_version"

    school_id: int = Field(foreign_key="school.id", index=True)
    year_id: int = Field(foreign_key="academic_year.id", index=True)
    valid_from: date
    valid_to: date | None = None


class TimetableSlot(Row, table=True):
    """A course meets on a weekday (1 = Monday) as lesson number `number` in a room."""

    __tablename__ = "timetable_slot"
    __table_args__ = (Index("ux_timetable_slot", "version_id", "course_id", "weekday", "number", unique=True),)

    version_id: int = Field(foreign_key="timetable_version.id")
    course_id: int = Field(foreign_key="course.id", index=True)
    weekday: int
    number: int
    room: str = Field(default="", max_length=32)
