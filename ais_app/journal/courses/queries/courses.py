"""Which courses an actor may read, and which of them to show first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Date, and_, bindparam, false, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import holds_on, table
from ais_app.db.prepared import Prepared
from ais_app.journal import settings
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.grid.means import Thresholds
from ais_app.journal.grid.rules import CorrectionTerm
from ais_app.journal.grid.thresholds import thresholds
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK
from ais_app.journal.lessons.queries.record import TOPIC_WRITTEN
from ais_app.journal.lessons.rules import RecordTerms
from ais_app.journal.windows.rules import EditWindow
from ais_app.people.models import Person, School
from ais_app.people.names import Name, Spelling, by_name, sort_key, told_apart
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school.models import AcademicYear, Course, CourseTeacher, SchoolClass, Subject
from ais_app.school.queries import classes_led_by
from ais_app.school_settings.queries import values_of

KEPT_DAYS = 14

_course = table(Course)
_teacher = table(CourseTeacher)
_lesson = table(Lesson)
_year = table(AcademicYear)
_school = table(School)
_class = table(SchoolClass)
_subject = table(Subject)
_person = table(Person)


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A readable course with the settings of its school that decide what may be written."""

    id: int
    uid: str
    school_uid: str
    name: str
    subject: str
    class_name: str
    class_id: int | None
    group_id: int
    scheme_id: int
    year_id: int
    graded: bool
    window: EditWindow
    terms: RecordTerms
    mark_one: bool
    mark_beside_absence: bool
    correction: CorrectionTerm
    thresholds: Thresholds
    own: bool
    hours_planned: int | None
    year_from: date
    year_to: date


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course in the list: lesson numbers of today come first."""

    uid: str
    class_name: str
    subject: str
    teacher: str
    today: tuple[int, ...]
    own: bool


def taught_by(person: Any, day: Any, since: Any = None) -> ColumnElement[bool]:
    """A condition on `course`: `person` (id) teaches it on `day`, or stopped after `since`. Values or parameters."""
    still = holds_on(_teacher, day)
    if since is not None:
        still = or_(still, and_(_teacher.c.valid_from <= day, _teacher.c.valid_to > since))
    return _course.c.id.in_(select(_teacher.c.course_id).where(_teacher.c.person_id == person, still))


def readable(scopes: frozenset[Scope]) -> ColumnElement[bool]:
    """A condition on `course` with the parameters of `reader`: authorisation is part of the query.

    A teacher keeps reading a course for the 14 days after teaching it ended, as a substitute must be able to
    look at what he wrote; whether he may write is checked at the date of each lesson.
    """
    person, day = bindparam("person"), bindparam("day", type_=Date)
    reach: list[ColumnElement[bool]] = []
    if Scope.SCHOOL in scopes:
        reach.append(_course.c.school_id == bindparam("school"))
    if Scope.OWN_COURSES in scopes:
        reach.append(taught_by(person, day, bindparam("since", type_=Date)))
    if Scope.OWN_CLASS in scopes:
        reach.append(_course.c.class_id.in_(select(_class.c.id).where(classes_led_by(person, day))))
    return and_(_course.c.school_id == bindparam("school"), or_(*reach)) if reach else false()


def reader(actor: Actor, day: date) -> dict[str, Any]:
    """The parameters of `readable`: who reads, in which school, on which day."""
    since = day - timedelta(days=KEPT_DAYS)
    return {"person": actor.hat.person_id, "school": actor.hat.school_id, "day": day, "since": since}


@cache
def _course_statement(scopes: frozenset[Scope]) -> Prepared:
    """Built once for each combination of scopes: an edit asks for its course each time."""
    return Prepared(
        select(
            _course,
            _school.c.uid.label("school_uid"),
            _subject.c.name.label("subject"),
            _class.c.name.label("class_name"),
            _year.c.starts_on,
            _year.c.ends_on,
            taught_by(bindparam("person"), bindparam("day", type_=Date)).label("own"),
        )
        .select_from(_course)
        .join(_school, _school.c.id == _course.c.school_id)
        .join(_subject, _subject.c.id == _course.c.subject_id)
        .join(_year, _year.c.id == _course.c.year_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .where(_course.c.uid == bindparam("course"), readable(scopes))
    )


def course(reading: Reading, grant: ViewGrant) -> CourseRow:
    """The course of a grant. Raises NotYours when it is absent or not readable: no difference (S-05).

    Whatever shows something of a course needs this row, so nothing of it is shown without a grant.
    """
    if not isinstance(grant, ViewGrant):
        raise TypeError(type(grant))
    if grant.actor != reading.actor:
        raise NotYours
    return _course_of(reading, grant.course)


def course_to_write(reading: Reading, uid: str) -> CourseRow:
    """The course for a service that writes. It needs no grant, as it shows nothing, and checks itself who may write.

    Raises NotYours, also for an inspector.
    """
    if reading.hat.is_watched:  # who only looks has no way around the grant
        raise NotYours
    return _course_of(reading, uid)


def _course_of(reading: Reading, uid: str) -> CourseRow:
    statement = _course_statement(reading.actor.scopes(Right.SEE_JOURNAL))
    row = statement.first(reading.connection, reader(reading.actor, reading.today) | {"course": uid})
    if row is None:
        raise NotYours
    values = values_of(reading.connection, row.school_id)
    return CourseRow(
        id=row.id,
        uid=row.uid,
        school_uid=row.school_uid,
        name=row.name,
        subject=row.subject,
        class_name=row.class_name or "",
        class_id=row.class_id,
        group_id=row.group_id,
        scheme_id=row.scheme_id,
        year_id=row.year_id,
        graded=row.graded,
        window=EditWindow(values.over_time(settings.EDIT_WINDOW)),
        terms=RecordTerms(values.over_time(settings.TOPIC_DAYS), values.over_time(settings.HOMEWORK_MINUTES)),
        mark_one=values.at(settings.MARK_ONE, reading.today),
        mark_beside_absence=values.at(settings.MARK_BESIDE_ABSENCE, reading.today),
        correction=CorrectionTerm(values.at(settings.CORRECTION_HOURS, reading.today)),
        thresholds=thresholds(values, reading.today),
        own=bool(row.own) and reading.actor.may(Right.ENTER_MARKS),
        hours_planned=row.hours_planned,
        year_from=row.starts_on,
        year_to=row.ends_on,
    )


@cache
def _readable_statement(scopes: frozenset[Scope]) -> Prepared:
    return Prepared(select(_course.c.id).where(_course.c.uid == bindparam("course"), readable(scopes)))


def may_read(reading: Reading, grant: ViewGrant) -> bool:
    """Whether the course of a grant may be read now; asked again at every live delivery."""
    return grant.actor == reading.actor and is_readable(reading, grant.course)


def is_readable(reading: Reading, uid: str) -> bool:
    """Whether the actor may read this course now; reads nothing of it."""
    statement = _readable_statement(reading.actor.scopes(Right.SEE_JOURNAL))
    return statement.first(reading.connection, reader(reading.actor, reading.today) | {"course": uid}) is not None


def courses(reading: Reading) -> list[CourseLine]:
    """The readable courses of the present year: today's lessons first in their order, then by class and name."""
    rows = reading.execute(
        select(
            _course.c.id,
            _course.c.uid,
            _course.c.name,
            _class.c.name.label("class_name"),
            _class.c.grade,
            taught_by(reading.hat.person_id, reading.today).label("own"),
        )
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .where(
            readable(reading.actor.scopes(Right.SEE_JOURNAL)),
            _course.c.year_id.in_(
                select(_year.c.id).where(_year.c.starts_on <= reading.today, _year.c.ends_on >= reading.today)
            ),
        ),
        reader(reading.actor, reading.today),
    ).all()
    ids = [row.id for row in rows]
    today = _numbers_of_today(reading.connection, ids, reading.today)
    teachers = _teachers(reading.connection, ids, reading.today)
    writes = reading.actor.may(Right.ENTER_MARKS)
    ordered = sorted(
        rows,
        key=lambda row: (
            not row.own,
            min(today.get(row.id, (99,))),
            row.grade or 0,
            sort_key(row.class_name or ""),
            sort_key(row.name),
            row.id,
        ),
    )
    return [
        CourseLine(
            uid=row.uid,
            class_name=row.class_name or "",
            subject=row.name,
            teacher=teachers.get(row.id, ""),
            today=today.get(row.id, ()),
            own=bool(row.own) and writes,
        )
        for row in ordered
    ]


def held_lessons(connection: Connection, course_id: int, day: date) -> int:
    """How many lessons of the course were held up to `day`: those with a topic."""
    return connection.execute(
        select(func.count())
        .select_from(_lesson)
        .where(_lesson.c.course_id == course_id, _lesson.c.day <= day, TOPIC_WRITTEN, LESSON_NOT_TAKEN_BACK)
    ).scalar_one()


def _numbers_of_today(connection: Connection, course_ids: list[int], day: date) -> dict[int, tuple[int, ...]]:
    numbers: dict[int, tuple[int, ...]] = {}
    rows = connection.execute(
        select(_lesson.c.course_id, _lesson.c.number)
        .where(_lesson.c.course_id.in_(course_ids), _lesson.c.day == day, LESSON_NOT_TAKEN_BACK)
        .order_by(_lesson.c.number)
    )
    for row in rows:
        numbers[row.course_id] = (*numbers.get(row.course_id, ()), row.number)
    return numbers


def _teachers(connection: Connection, course_ids: list[int], day: date) -> dict[int, str]:
    """{course: its teacher}, of several the one who came last."""
    rows = connection.execute(
        select(_teacher.c.course_id, _teacher.c.valid_from, _person)
        .join(_person, _person.c.id == _teacher.c.person_id)
        .where(_teacher.c.course_id.in_(course_ids), holds_on(_teacher, day))
        .order_by(*by_name(_person))
    ).all()
    names = told_apart({row.uid: Name.of(row) for row in rows}, Spelling.SIGNED)
    return {row.course_id: names[row.uid] for row in sorted(rows, key=lambda row: row.valid_from)}


def title(course: CourseRow) -> str:
    """«7А, Алгебра», or the name alone where there is no class."""
    return f"{course.class_name}, {course.name}" if course.class_name else course.name
