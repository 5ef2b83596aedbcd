"""Tables of the school. Membership, leading and guardianship hold in [valid_from, valid_to)."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import Index
from sqlmodel import Field

from ais_app.db.columns import PublicRow, Row, named


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


class Holiday(PublicRow, table=True):
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


class Enrollment(PublicRow, table=True):
    """A student in a group. Being in the class is being in its default group."""

    __tablename__ = "enrollment"
    __table_args__ = (Index("ix_enrollment_person", "person_id", "group_id"),)

    group_id: int = Field(foreign_key="study_group.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    note: str = Field(default="", max_length=32)
    valid_from: date
    valid_to: date | None = None


class ClassLeading(PublicRow, table=True):
    """Who is the class teacher of a class, and when."""

    __tablename__ = "class_leading"

    class_id: int = Field(foreign_key="school_class.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
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


class ControlType(PublicRow, table=True):
    """A kind of work with its weight, such as «Контрольная работа», КР, 5."""

    __tablename__ = "control_type"

    school_id: int = Field(foreign_key="school.id", index=True)
    name: str = named(64)
    code: str = named(8)
    weight: int
    is_control: bool = False
    is_default: bool = False


class Course(PublicRow, table=True):
    """A journal page: a subject taught to a group; of a class when the group belongs to one."""

    __tablename__ = "course"
    __table_args__ = (Index("ix_course_year", "school_id", "year_id"),)

    school_id: int = Field(foreign_key="school.id", index=True)
    year_id: int = Field(foreign_key="academic_year.id", index=True)
    subject_id: int = Field(foreign_key="subject.id")
    group_id: int = Field(foreign_key="study_group.id", index=True)
    class_id: int | None = Field(default=None, foreign_key="school_class.id", index=True)
    scheme_id: int = Field(foreign_key="period_scheme.id")
    name: str = named(120)
    graded: bool = True
    hours_planned: int | None = None


class CourseTeacher(PublicRow, table=True):
    """Who teaches a course, and when; a substitute is a teacher for his days."""

    __tablename__ = "course_teacher"

    course_id: int = Field(foreign_key="course.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    valid_from: date
    valid_to: date | None = None
