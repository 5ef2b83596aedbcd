"""The rows of a school for an export, read in one transaction; nothing of the format is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.access.models import Account, RoleAssignment
from ais_app.db.columns import table
from ais_app.diary.models import Acknowledgement
from ais_app.exchange.models import ImportedId
from ais_app.exchange.oneroster.roster import OWN_ROLES
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.remarks.models import Remark
from ais_app.journal.windows.models import PeriodLock
from ais_app.people.models import Guardianship, Person, School
from ais_app.school.models import (
    AcademicYear,
    Bell,
    BellSchedule,
    ClassLeading,
    ControlType,
    Course,
    CourseTeacher,
    Enrollment,
    GradingPeriod,
    Group,
    Holiday,
    PeriodScheme,
    SchoolClass,
    Subject,
    TimetableSlot,
    TimetableVersion,
)
from ais_app.school_settings.models import SettingValue

Rows = Sequence[Any]

_imported = table(ImportedId)


@dataclass(frozen=True, slots=True)
class Archive:
    """The rows of one school. They refer to each other by the integers of this database; only uids are written.

    `roles` are those that an export carries, `accounts` those that hold one of them.
    """

    school: Any
    settings: Rows
    years: Rows
    schemes: Rows
    periods: Rows
    holidays: Rows
    schedules: Rows
    bells: Rows
    subjects: Rows
    people: Rows
    accounts: dict[int, Any]
    roles: Rows
    guardianships: Rows
    groups: Rows
    classes: Rows
    leadings: Rows
    enrollments: Rows
    types: Rows
    courses: Rows
    teachers: Rows
    versions: Rows
    slots: Rows
    lessons: Rows
    works: Rows
    cells: Rows
    marks: Rows
    attendance: Rows
    remarks: Rows
    acknowledgements: Rows
    imported: Rows


@dataclass
class Index:
    """The rows of a school by their keys."""

    held: Archive
    years: dict[int, Any] = field(init=False)
    schemes: dict[int, Any] = field(init=False)
    people: dict[int, str] = field(init=False)
    subjects: dict[int, Any] = field(init=False)
    groups: dict[int, Any] = field(init=False)
    classes: dict[int, Any] = field(init=False)
    courses: dict[int, Any] = field(init=False)
    types: dict[int, Any] = field(init=False)
    lessons: dict[int, Any] = field(init=False)
    schedules: dict[int, str] = field(init=False)
    periods: dict[int, list[Any]] = field(init=False)

    def __post_init__(self) -> None:
        for name in ("years", "schemes", "subjects", "groups", "classes", "courses", "types", "lessons"):
            setattr(self, name, {row.id: row for row in getattr(self.held, name)})
        self.people = {row.id: row.uid for row in self.held.people}
        self.schedules = {row.id: row.uid for row in self.held.schedules}
        self.periods = grouped(self.held.periods, "scheme_id")


def grouped(rows: Rows, column: str) -> dict[int, list[Any]]:
    """{value of a column: its rows, in their order}."""
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(getattr(row, column), []).append(row)
    return groups


def archive(connection: Connection, school_id: int) -> Archive:
    """Everything of a school that an export carries."""
    read = _Reader(connection, school_id)
    account = table(Account)
    roles = [row for row in read.of(RoleAssignment) if row.role in OWN_ROLES and row.person_id is not None]
    holders = {row.account_id for row in roles}
    in_school = select(table(RoleAssignment).c.account_id).where(table(RoleAssignment).c.school_id == school_id)
    rows = connection.execute(select(account).where(account.c.id.in_(in_school)))
    accounts = {row.id: row for row in rows if row.id in holders}
    school = connection.execute(select(table(School)).where(table(School).c.id == school_id)).one()
    years = read.of(AcademicYear)
    return Archive(
        school=school,
        settings=read.of(SettingValue),
        years=years,
        schemes=read.of(PeriodScheme),
        periods=read.periods(),
        holidays=read.through(Holiday, "year_id", AcademicYear),
        schedules=read.of(BellSchedule),
        bells=read.through(Bell, "schedule_id", BellSchedule),
        subjects=read.of(Subject),
        people=read.of(Person),
        accounts=accounts,
        roles=roles,
        guardianships=read.through(Guardianship, "student_id", Person),
        groups=read.of(Group),
        classes=read.of(SchoolClass),
        leadings=read.through(ClassLeading, "class_id", SchoolClass),
        enrollments=read.through(Enrollment, "group_id", Group),
        types=read.of(ControlType),
        courses=read.of(Course),
        teachers=read.through(CourseTeacher, "course_id", Course),
        versions=read.of(TimetableVersion),
        slots=read.through(TimetableSlot, "version_id", TimetableVersion),
        lessons=read.lessons(),
        works=read.works(Work),
        cells=read.works(Cell),
        marks=read.works(Mark),
        attendance=read.through(Attendance, "lesson_id", Lesson, LESSON_NOT_TAKEN_BACK),
        remarks=read.through(Remark, "lesson_id", Lesson, LESSON_NOT_TAKEN_BACK),
        acknowledgements=read.through(Acknowledgement, "student_id", Person),
        imported=read.imported(school.uid, [row.uid for row in years], {row.uid for row in accounts.values()}),
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
            .where(lesson.c.school_id == self._school_id, LESSON_NOT_TAKEN_BACK)
            .order_by(lesson.c.id)
        )
        return self._connection.execute(statement).all()

    def works(self, model: Any) -> Rows:
        """Rows of works, or of a table with a `work_id`; also those outside a membership, which count nowhere."""
        rows, work, lesson = table(model), table(Work), table(Lesson)
        statement = select(rows)
        if rows is not work:
            statement = statement.join(work, work.c.id == rows.c.work_id)
        statement = (
            statement.join(lesson, lesson.c.id == work.c.lesson_id)
            .where(lesson.c.school_id == self._school_id, LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK)
            .order_by(rows.c.id)
        )
        return self._connection.execute(statement).all()

    def imported(self, school_uid: str, year_uids: Sequence[str], account_uids: set[str]) -> Rows:
        """The ids of this school's rows in other systems.

        Those within the school and its years are recognised by their entity, those of the school itself and of its
        accounts by the uid of the row.
        """
        entity = _imported.c.entity
        scoped = [entity.like(f"%@{uid}") for uid in (school_uid, *year_uids)]
        of_school = (entity == "org") & (_imported.c.uid == school_uid)
        rows = self._connection.execute(
            select(_imported)
            .where(or_(*scoped, of_school, entity.in_(("account", "blocked"))))
            .order_by(_imported.c.source, _imported.c.entity, _imported.c.id)
        ).all()
        ours = {(row.source, row.source_id) for row in rows if row.entity == "account" and row.uid in account_uids}
        return [row for row in rows if "@" in row.entity or row.entity == "org" or (row.source, row.source_id) in ours]
