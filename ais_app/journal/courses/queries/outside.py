"""Entries of days on which their student was not in the group, because a transfer was dated back after them.

They count nowhere (`school.queries.member_on`); here they are listed for those who may clear them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, literal, or_, select, true

from ais_app.db.columns import table
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.models import Mark
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.remarks.models import Remark
from ais_app.journal.windows.queries.periods import in_closed_period
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling, sort_key
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, Scope
from ais_app.school.models import AcademicYear, Course, Enrollment, Group, SchoolClass
from ais_app.school.queries import listed, member_on

MARK, ABSENCE, REMARK = "mark", "absence", "remark"

_lesson = table(Lesson)
_work = table(Work)
_mark = table(Mark)
_attendance = table(Attendance)
_remark = table(Remark)
_course = table(Course)
_enrollment = table(Enrollment)
_group = table(Group)
_year = table(AcademicYear)
_person = table(Person)
_class = table(SchoolClass)


@dataclass(frozen=True, slots=True)
class Entry:
    """A mark, an absence (or lateness) or a remark outside the membership; `remark` is the uid of a remark.

    `class_or_course`: the uid of the course's class, or of the course itself where it has none.
    """

    kind: str
    student_id: int
    student: str
    name: Name
    class_or_course: str
    class_or_course_name: str
    lesson_id: int
    work_id: int
    work: str
    remark: str
    has_comment: bool
    day: date
    closed: bool


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """The entries of a student in a class (or course); `closed` of them lie in closed periods and stay."""

    student: str
    name: str
    class_or_course: str
    class_or_course_name: str
    marks: int
    comments: int
    absences: int
    remarks: int
    closed: int
    first: date
    last: date

    @property
    def count(self) -> int:
        """How many entries there are: a comment belongs to its mark."""
        return self.marks + self.absences + self.remarks

    @property
    def open(self) -> int:
        """How many of them can be cleared."""
        return self.count - self.closed


def outside(reading: Reading) -> list[OutsideLine]:
    """The entries outside memberships of the actor's school, by class and name; none for who may not clear them."""
    if Scope.SCHOOL not in reading.actor.scopes(Right.CLEAR_ENTRIES) or reading.hat.school_id is None:
        return []
    found = entries(reading.connection, reading.hat.school_id, reading.today)
    return by_student(found, listed(reading, {one.student: one.name for one in found}, Spelling.LISTED))


def by_student(found: Sequence[Entry], names: Mapping[str, str]) -> list[OutsideLine]:
    """Entries summed up for each student and class (or course), in their order; `names` = {student uid: name}."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for one in found:
        groups.setdefault((one.class_or_course, one.student), []).append(one)
    return [_sums(group, names[student]) for (_class_or_course, student), group in groups.items()]


def _sums(found: Sequence[Entry], name: str) -> OutsideLine:
    kinds, days = [one.kind for one in found], [one.day for one in found]
    return OutsideLine(
        student=found[0].student,
        name=name,
        class_or_course=found[0].class_or_course,
        class_or_course_name=found[0].class_or_course_name,
        marks=kinds.count(MARK),
        comments=sum(one.has_comment for one in found),
        absences=kinds.count(ABSENCE),
        remarks=kinds.count(REMARK),
        closed=sum(one.closed for one in found),
        first=min(days),
        last=max(days),
    )


def entries(connection: Connection, school_id: int, today: date, people: Collection[int] | None = None) -> list[Entry]:
    """The entries outside memberships in the school's present year (or its last one), by class, name and day.

    Of everybody or of these `people`; only memberships that are not for the whole year can have any.
    """
    members = _part_of_the_year(school_id, today, people)
    rows = [
        (kind, row)
        for kind, statement in (
            (MARK, _entries(members, _mark, _mark.c.work_id == _work.c.id, _mark.c.comment)),
            (ABSENCE, _entries(members, _attendance, _of_lesson(_attendance))),
            (REMARK, _entries(members, _remark, and_(_of_lesson(_remark), _remark.c.withdrawn_at.is_(None)))),
        )
        for row in connection.execute(statement.where(_lesson.c.day <= today))
    ]
    rows.sort(key=lambda one: (one[1].grade or 0, sort_key(_class_or_course_name(one[1])), *_order(one[1]), one[0]))
    return [_entry(kind, row) for kind, row in rows]


def _part_of_the_year(school_id: int, today: date, people: Collection[int] | None) -> Any:
    """(person, group) of memberships that begin after the first day of the year or have an end."""
    present = _year.alias("present")
    year = (
        select(present.c.id)
        .where(present.c.school_id == school_id, present.c.starts_on <= today)
        .order_by(present.c.starts_on.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(_enrollment.c.person_id, _enrollment.c.group_id)
        .join(_group, _group.c.id == _enrollment.c.group_id)
        .join(_year, _year.c.id == _group.c.year_id)
        .where(
            _group.c.year_id == year,
            or_(_enrollment.c.valid_to.is_not(None), _enrollment.c.valid_from > _year.c.starts_on),
            true() if people is None else _enrollment.c.person_id.in_(people),
        )
        .distinct()
        .subquery("members")
    )


def _of_lesson(rows: Any) -> Any:
    """The condition that joins rows of a lesson (absences, remarks) to it and to its first work."""
    return and_(rows.c.lesson_id == _lesson.c.id, _work.c.ordinal == 1)


def _entries(members: Any, rows: Any, of_work: Any, comment: Any = None) -> Any:
    """The entries of `members` in `rows` (marks, attendance or remarks) on days on which they did not belong.

    `of_work`: the condition that joins `rows` to a work and its lesson; `comment`: their column of comments, if any.
    """
    return (
        select(
            _person.c.id.label("student_id"),
            _person.c.uid.label("student"),
            _person.c.family_name,
            _person.c.given_name,
            _person.c.patronymic,
            _person.c.sort_key,
            _course.c.uid.label("course"),
            _course.c.name.label("course_name"),
            _class.c.uid.label("class_uid"),
            _class.c.name.label("class_name"),
            _class.c.grade,
            _lesson.c.id.label("lesson_id"),
            _lesson.c.day,
            _lesson.c.number,
            _work.c.id.label("work_id"),
            _work.c.uid.label("work"),
            (rows.c.uid if rows is _remark else literal("")).label("remark"),
            (literal("") if comment is None else comment).label("comment"),
            in_closed_period().label("closed"),
        )
        .select_from(members)
        .join(_course, _course.c.group_id == members.c.group_id)
        .join(_lesson, _lesson.c.course_id == _course.c.id)
        .join(_work, _work.c.lesson_id == _lesson.c.id)
        .join(rows, and_(of_work, rows.c.student_id == members.c.person_id))
        .join(_person, _person.c.id == members.c.person_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .where(~member_on(_course.c.group_id, _person.c.id, _lesson.c.day), LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK)
    )


def _class_or_course_name(row: Any) -> str:
    return row.class_name or row.course_name


def _order(row: Any) -> tuple[Any, ...]:
    return row.sort_key, row.student_id, row.day, row.number, row.work_id


def _entry(kind: str, row: Any) -> Entry:
    return Entry(
        kind=kind,
        student_id=row.student_id,
        student=row.student,
        name=Name.of(row),
        class_or_course=row.class_uid or row.course,
        class_or_course_name=_class_or_course_name(row),
        lesson_id=row.lesson_id,
        work_id=row.work_id,
        work=row.work,
        remark=row.remark,
        has_comment=row.comment != "",
        day=row.day,
        closed=bool(row.closed),
    )
