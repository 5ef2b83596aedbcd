"""What a school is, row by row, for an export: one consistent read, no decisions about the format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.access.models import Account, RoleAssignment
from ais_app.db.columns import pairs, table
from ais_app.exchange.models import ImportedId
from ais_app.journal.models import (
    Attendance,
    Cell,
    ControlType,
    Course,
    CourseTeacher,
    Homework,
    Lesson,
    Mark,
    PeriodLock,
    Work,
)
from ais_app.journal.queries.standing import LESSON_STANDS, WORK_STANDS
from ais_app.school.models import (
    AcademicYear,
    ClassLeading,
    Enrollment,
    GradingPeriod,
    Group,
    Guardianship,
    PeriodScheme,
    Person,
    School,
    SchoolClass,
    Subject,
)
from ais_app.school.queries import member_on

Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Archive:
    """The rows of one school. Keys between them are the integers of this database; only uids are ever written."""

    school: Any
    years: Rows
    schemes: Rows
    periods: Rows
    subjects: Rows
    people: Rows
    accounts: dict[int, Any]
    roles: Rows
    guardianships: Rows
    groups: dict[int, Any]
    classes: Rows
    leadings: Rows
    enrollments: dict[int, list[Any]]
    types: Rows
    courses: Rows
    teachers: Rows
    lessons: Rows
    works: Rows
    cells: dict[tuple[int, int], Any]
    marks: Rows
    attendance: Rows
    source_ids: dict[str, str]


def archive(connection: Connection, school_id: int) -> Archive:
    """Everything of a school that an export carries."""
    read = _Reader(connection, school_id)
    people = read.of(Person)
    roles = read.of(RoleAssignment)
    account, assignment = table(Account), table(RoleAssignment)
    holders = select(assignment.c.account_id).where(assignment.c.school_id == school_id)
    accounts = {row.id: row for row in connection.execute(select(account).where(account.c.id.in_(holders)))}
    by_person: dict[int, Any] = {}
    for row in roles:  # in the order in which roles were given: the first account of a person stands for him
        by_person.setdefault(row.person_id, accounts[row.account_id])
    enrollments: dict[int, list[Any]] = {}
    for row in read.through(Enrollment, "group_id", Group):
        enrollments.setdefault(row.group_id, []).append(row)
    school = connection.execute(select(table(School)).where(table(School).c.id == school_id)).one()
    imported = table(ImportedId)
    known = connection.execute(
        select(imported.c.uid, imported.c.source_id).where(imported.c.entity == f"user@{school.uid}")
    )
    return Archive(
        school=school,
        years=read.of(AcademicYear),
        schemes=read.of(PeriodScheme),
        periods=read.periods(),
        subjects=read.of(Subject),
        people=people,
        accounts=by_person,
        roles=roles,
        guardianships=read.through(Guardianship, "student_id", Person),
        groups={row.id: row for row in read.of(Group)},
        classes=read.of(SchoolClass),
        leadings=read.through(ClassLeading, "class_id", SchoolClass),
        enrollments=enrollments,
        types=read.of(ControlType),
        courses=read.of(Course),
        teachers=read.through(CourseTeacher, "course_id", Course),
        lessons=read.lessons(),
        works=read.works(Work),
        cells={(row.work_id, row.student_id): row for row in read.works(Cell)},
        marks=read.works(Mark),
        attendance=read.attendance(),
        source_ids=pairs(known),
    )


class _Reader:
    """Reads tables of one school, always in the order in which their rows were written."""

    def __init__(self, connection: Connection, school_id: int) -> None:
        self._connection, self._school_id = connection, school_id

    def of(self, model: Any) -> Rows:
        rows = table(model)
        statement = select(rows).where(rows.c.school_id == self._school_id).order_by(rows.c.id)
        return self._connection.execute(statement).all()

    def through(self, model: Any, column: str, owner: Any, *also: ColumnElement[bool]) -> Rows:
        """Rows whose `column` names a row of `owner` in this school."""
        rows, owners = table(model), table(owner)
        statement = (
            select(rows)
            .join(owners, owners.c.id == rows.c[column])
            .where(owners.c.school_id == self._school_id, *also)
            .order_by(rows.c.id)
        )
        return self._connection.execute(statement).all()

    def periods(self) -> Rows:
        period, scheme, lock = table(GradingPeriod), table(PeriodScheme), table(PeriodLock)
        statement = (
            select(period, lock.c.closed_at)
            .join(scheme, scheme.c.id == period.c.scheme_id)
            .outerjoin(lock, lock.c.period_id == period.c.id)
            .where(scheme.c.school_id == self._school_id)
            .order_by(period.c.scheme_id, period.c.ordinal)
        )
        return self._connection.execute(statement).all()

    def lessons(self) -> Rows:
        lesson, homework = table(Lesson), table(Homework)
        statement = (
            select(lesson, homework.c.text, homework.c.minutes, homework.c.nothing_set, homework.c.due)
            .outerjoin(homework, homework.c.lesson_id == lesson.c.id)
            .where(lesson.c.school_id == self._school_id, LESSON_STANDS)
            .order_by(lesson.c.id)
        )
        return self._connection.execute(statement).all()

    def works(self, model: Any) -> Rows:
        """Rows of works, or of what hangs on works: of students who were in the course on the lesson's day."""
        rows, work, lesson, course = table(model), table(Work), table(Lesson), table(Course)
        statement = select(rows)
        if rows is not work:
            statement = statement.join(work, work.c.id == rows.c.work_id)
        statement = (
            statement.join(lesson, lesson.c.id == work.c.lesson_id)
            .join(course, course.c.id == lesson.c.course_id)
            .where(lesson.c.school_id == self._school_id, LESSON_STANDS, WORK_STANDS)
            .order_by(rows.c.id)
        )
        if rows is not work:
            statement = statement.where(member_on(course.c.group_id, rows.c.student_id, lesson.c.day))
        return self._connection.execute(statement).all()

    def attendance(self) -> Rows:
        """Absences and latenesses of students who were in the course on the day of the lesson."""
        rows, lesson, course = table(Attendance), table(Lesson), table(Course)
        statement = (
            select(rows)
            .join(lesson, lesson.c.id == rows.c.lesson_id)
            .join(course, course.c.id == lesson.c.course_id)
            .where(
                lesson.c.school_id == self._school_id,
                LESSON_STANDS,
                member_on(course.c.group_id, rows.c.student_id, lesson.c.day),
            )
            .order_by(rows.c.id)
        )
        return self._connection.execute(statement).all()
