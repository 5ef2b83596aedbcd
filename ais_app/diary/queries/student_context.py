"""The context of a student's week: class and school, bells, holidays, teachers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, and_, bindparam, or_, select

from ais_app.db.columns import holds_within, table
from ais_app.db.prepared import Prepared
from ais_app.diary.queries.parameters import FIRST, LAST, STUDENT
from ais_app.journal.lessons.rules import DaySpan
from ais_app.people.models import Person, School
from ais_app.people.names import Name, Spelling, told_apart
from ais_app.school.models import AcademicYear, Bell, CourseTeacher, Enrollment, GradingPeriod, Holiday, SchoolClass

_person = table(Person)
_school = table(School)
_enrollment = table(Enrollment)
_class = table(SchoolClass)
_year = table(AcademicYear)
_period = table(GradingPeriod)
_bell = table(Bell)
_holiday = table(Holiday)
_teacher = table(CourseTeacher)

NO_YEAR = 0  # no row has this key: a list of a statement is never empty
_CONTEXT = Prepared(
    select(
        _person.c.family_name,
        _person.c.given_name,
        _person.c.patronymic,
        _school.c.name.label("school"),
        _class.c.id.label("class_id"),
        _class.c.name.label("class_name"),
        _class.c.grade,
        _year.c.name.label("year"),
        _period.c.name.label("period"),
    )
    .select_from(_person)
    .join(_school, _school.c.id == _person.c.school_id)
    .outerjoin(
        _enrollment,
        and_(
            _enrollment.c.person_id == _person.c.id,
            holds_within(_enrollment, FIRST, LAST),
            _enrollment.c.group_id.in_(select(_class.c.group_id)),
        ),
    )
    .outerjoin(_class, _class.c.group_id == _enrollment.c.group_id)
    .outerjoin(_year, _year.c.id == _class.c.year_id)
    .outerjoin(
        _period,
        and_(
            _period.c.scheme_id == _class.c.scheme_id,
            _period.c.starts_on <= LAST,
            _period.c.ends_on >= FIRST,
        ),
    )
    .where(_person.c.id == STUDENT)
    .order_by(_enrollment.c.valid_from.desc(), _period.c.ordinal)
)
_BELLS = Prepared(
    select(_bell)
    .select_from(_bell)
    .join(_class, _class.c.bell_schedule_id == _bell.c.schedule_id)
    .join(_enrollment, _enrollment.c.group_id == _class.c.group_id)
    .where(
        _enrollment.c.person_id == STUDENT,
        holds_within(_enrollment, FIRST, LAST),
    )
)
_GRADE = (
    select(_class.c.grade)
    .join(_enrollment, _enrollment.c.group_id == _class.c.group_id)
    .where(_enrollment.c.person_id == STUDENT, holds_within(_enrollment, FIRST, LAST))
    .order_by(_enrollment.c.valid_from.desc())
    .limit(1)
    .scalar_subquery()
)
_YEARS = (
    select(_class.c.year_id)
    .join(_enrollment, _enrollment.c.group_id == _class.c.group_id)
    .where(_enrollment.c.person_id == STUDENT)
)
_HOLIDAYS = Prepared(
    select(_holiday)
    .join(_year, _year.c.id == _holiday.c.year_id)
    .where(
        or_(_holiday.c.year_id.in_(_YEARS), _holiday.c.year_id.in_(bindparam("years", expanding=True))),
        or_(
            and_(_year.c.starts_on <= LAST, _year.c.ends_on >= FIRST),
            and_(_holiday.c.starts_on <= LAST, _holiday.c.ends_on >= FIRST),
        ),
        or_(_holiday.c.grade.is_(None), _holiday.c.grade == _GRADE),
    )
)
_TEACHERS = Prepared(
    select(_teacher.c.course_id, _teacher.c.valid_from, _teacher.c.valid_to, _person)
    .join(_person, _person.c.id == _teacher.c.person_id)
    .where(_teacher.c.course_id.in_(bindparam("courses", expanding=True)), holds_within(_teacher, FIRST, LAST))
    .order_by(_teacher.c.valid_from, _teacher.c.id)
)


@dataclass(frozen=True, slots=True)
class StudentContext:
    """Whose week it is, as a printed sheet says it; class, year and periods are empty for who is in no class."""

    name: str = ""
    school: str = ""
    class_name: str = ""
    year: str = ""
    periods: tuple[str, ...] = ()
    grade: int = 0


def context(connection: Connection, student_id: int, week: DaySpan) -> StudentContext:
    """The student, his class in these days (when he changed it, the later one), the grading periods that they touch."""
    rows = _CONTEXT.all(connection, {"student": student_id, "first": week.first, "last": week.last})
    first = rows[0]
    return StudentContext(
        name=" ".join(filter(None, (first.family_name, first.given_name, first.patronymic))),
        school=first.school,
        class_name=first.class_name or "",
        year=first.year or "",
        periods=tuple(row.period for row in rows if row.period and row.class_id == first.class_id),
        grade=first.grade or 0,
    )


def bells(connection: Connection, student_id: int, week: DaySpan) -> dict[int, tuple[str, str]]:
    """{number of a lesson: (begins, ends)} by the bells of the student's class."""
    rows = _BELLS.all(connection, {"student": student_id, "first": week.first, "last": week.last})
    return {row.number: (f"{row.starts_at:%H:%M}", f"{row.ends_at:%H:%M}") for row in rows}


def holidays(
    connection: Connection, year_ids: set[int], student_id: int, week: DaySpan
) -> dict[date, tuple[str, date]]:
    """{day: (name, last day)} of these days and of the whole school years that they touch."""
    of_years = {"student": student_id, "first": week.first, "last": week.last, "years": list(year_ids) or [NO_YEAR]}
    rows = _HOLIDAYS.all(connection, of_years)
    return {
        row.starts_on + timedelta(days=offset): (row.name, row.ends_on)
        for row in rows
        for offset in range((row.ends_on - row.starts_on).days + 1)
    }


@dataclass(frozen=True, slots=True)
class TeacherLine:
    """Who teaches a course, from a day on and before another one."""

    name: str
    first: date
    until: date | None

    def teaches_on(self, day: date) -> bool:
        return self.first <= day and (self.until is None or day < self.until)


def teachers(connection: Connection, course_ids: Collection[int], week: DaySpan) -> dict[int, list[TeacherLine]]:
    """{course id: who teaches it in these days}, as families see them: «Орлова Н. В.», namesakes told apart."""
    if not course_ids:
        return {}
    rows = _TEACHERS.all(connection, {"courses": list(course_ids), "first": week.first, "last": week.last})
    names = told_apart({row.id: Name.of(row) for row in rows}, Spelling.SIGNED)
    found: dict[int, list[TeacherLine]] = {}
    for row in rows:
        found.setdefault(row.course_id, []).append(TeacherLine(names[row.id], row.valid_from, row.valid_to))
    return found
