"""The journals of the present year, and how each is kept in its present period: a few statements for a whole school."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, false, func, select

from ais_app.db.columns import holds_on, pairs, table
from ais_app.journal import settings
from ais_app.journal.courses.queries.courses import readable, reader
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.queries.record import HOMEWORK_WRITTEN, TOPIC_WRITTEN, held
from ais_app.journal.overview.rules import LESSONS_A_MARK, RECENT_DAYS, Kept
from ais_app.journal.windows.models import OpeningRequest
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling, by_name, told_apart
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, Scope
from ais_app.school.models import (
    AcademicYear,
    Bell,
    Course,
    CourseTeacher,
    Enrollment,
    GradingPeriod,
    SchoolClass,
    Subject,
)
from ais_app.school_settings.queries import values_of

HALF_YEARS = 2  # periods of a year that is divided into half-years
NARROW = 60  # journals, up to which their lessons are found by the journals and not by the days of the school

_course, _class, _subject, _year = table(Course), table(SchoolClass), table(Subject), table(AcademicYear)
_teacher, _person, _bell = table(CourseTeacher), table(Person), table(Bell)
_lesson, _homework, _work = table(Lesson), table(Homework), table(Work)
_cell, _mark = table(Cell), table(Mark)
_enrollment, _period, _request = table(Enrollment), table(GradingPeriod), table(OpeningRequest)


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal and whose it is. `school_class`, `subject`, `teacher`: uids, "" where there is none."""

    id: int
    uid: str
    group: int
    scheme: int
    graded: bool
    grade: int
    school_class: str
    class_name: str
    subject: str
    subject_name: str
    name: str
    teacher: str
    teacher_name: str


@dataclass(frozen=True, slots=True)
class Period:
    """The present period of a scheme, or the last one that has begun. `least`: the marks that a student should have."""

    name: str
    since: date
    least: int


def journals(reading: Reading) -> list[Journal]:
    """Every journal of the present year that the actor may read. Raises NotYours but for who looks after the school."""
    if Scope.SCHOOL not in reading.actor.scopes(Right.SEE_KEEPING):
        raise NotYours
    rows = reading.execute(
        select(
            _course,
            _class.c.uid.label("class_uid"),
            _class.c.name.label("class_name"),
            _class.c.grade,
            _subject.c.uid.label("subject_uid"),
            _subject.c.name.label("subject_name"),
        )
        .join(_subject, _subject.c.id == _course.c.subject_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .where(readable(reading.actor.scopes(Right.SEE_JOURNAL)), _course.c.year_id.in_(_present_years(reading))),
        reader(reading.actor, reading.today),
    ).all()
    teachers = _teachers(reading)
    return [
        Journal(
            id=row.id,
            uid=row.uid,
            group=row.group_id,
            scheme=row.scheme_id,
            graded=row.graded,
            grade=row.grade or 0,
            school_class=row.class_uid or "",
            class_name=row.class_name or "",
            subject=row.subject_uid,
            subject_name=row.subject_name,
            name=row.name,
            teacher=teachers.get(row.id, ("", ""))[0],
            teacher_name=teachers.get(row.id, ("", ""))[1],
        )
        for row in rows
    ]


def present_periods(reading: Reading) -> dict[int, Period]:
    """{scheme: its period} of the present year."""
    rows = reading.execute(
        select(_period.c.scheme_id, _period.c.name, _period.c.starts_on)
        .where(_period.c.scheme_id.in_(_schemes(reading)))
        .order_by(_period.c.starts_on)
    ).all()
    values = values_of(reading.connection, reading.hat.school_id)
    least = values.at(settings.LEAST_MARKS, reading.today), values.at(settings.LEAST_MARKS_HALF_YEAR, reading.today)
    parts = Counter(row.scheme_id for row in rows)
    return {
        row.scheme_id: Period(row.name, row.starts_on, least[parts[row.scheme_id] <= HALF_YEARS])
        for row in rows
        if row.starts_on <= reading.today
    }


def kept(reading: Reading, found: Sequence[Journal], periods: Mapping[int, Period]) -> dict[int, Kept]:
    """{id of a journal: how it is kept} of these journals, each since the period of its scheme began."""
    if not found:
        return {}
    among = _course.c.id.in_([one.id for one in found]) if len(found) <= NARROW else _of_the_school(reading)
    among = and_(among, _since(periods), _lesson.c.day <= reading.today)
    lessons = _lessons(reading, among)
    enough, written = _enough(reading, among, periods), _written(reading, among)
    members, requests = _members(reading), _requests(reading)

    def of_journal(one: Journal) -> Kept:
        lesson = lessons.get(one.id)
        held_lessons = lesson.held if lesson else 0
        few = max(0, members.get(one.group, 0) - enough.get(one.id, 0))
        return Kept(
            held=held_lessons,
            topics=lesson.topics if lesson else 0,
            homework=lesson.homework if lesson else 0,
            few=few if one.graded and held_lessons >= LESSONS_A_MARK * _least(periods, one.scheme) else 0,
            requests=requests.get(one.id, 0),
            written=_local(written.get(one.id), reading.zone),
            recorded=lesson.recorded if lesson else None,
        )

    return {one.id: of_journal(one) for one in found}


def _local(moment: datetime | None, zone: str) -> datetime | None:
    return None if moment is None else moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _present_years(reading: Reading) -> Any:
    return select(_year.c.id).where(
        _year.c.school_id == reading.hat.school_id,
        _year.c.starts_on <= reading.today,
        _year.c.ends_on >= reading.today,
    )


def _schemes(reading: Reading) -> Any:
    return select(_course.c.scheme_id).where(_course.c.year_id.in_(_present_years(reading)))


def _of_the_school(reading: Reading) -> ColumnElement[bool]:
    return and_(_course.c.school_id == reading.hat.school_id, _course.c.year_id.in_(_present_years(reading)))


def _teachers(reading: Reading) -> dict[int, tuple[str, str]]:
    """{course: uid and name of its teacher}, of several the one who came last; no two names look alike."""
    rows = reading.execute(
        select(_teacher.c.course_id, _teacher.c.valid_from, _person)
        .join(_person, _person.c.id == _teacher.c.person_id)
        .join(_course, _course.c.id == _teacher.c.course_id)
        .where(_of_the_school(reading), holds_on(_teacher, reading.today))
        .order_by(*by_name(_person))
    ).all()
    names = told_apart({row.uid: Name.of(row) for row in rows}, Spelling.SIGNED)
    return {row.course_id: (row.uid, names[row.uid]) for row in sorted(rows, key=lambda row: row.valid_from)}


def _since(periods: Mapping[int, Period]) -> ColumnElement[bool]:
    """A condition on `lesson` joined with its course: since the present period of the course's scheme began."""
    if not periods:
        return false()
    begins = case({key: one.since for key, one in periods.items()}, value=_course.c.scheme_id)
    first = min(one.since for one in periods.values())  # a bound for the index
    return and_(_lesson.c.day >= first, _lesson.c.day >= begins)


def _lessons(reading: Reading, among: ColumnElement[bool]) -> dict[int, Any]:
    """{course: held, topics, homework, recorded}."""
    rows = reading.execute(
        select(
            _lesson.c.course_id,
            func.count().label("held"),
            func.sum(case((TOPIC_WRITTEN, 1), else_=0)).label("topics"),
            func.sum(case((HOMEWORK_WRITTEN, 1), else_=0)).label("homework"),
            func.max(case((TOPIC_WRITTEN, _lesson.c.day))).label("recorded"),
        )
        .join(_course, _course.c.id == _lesson.c.course_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .outerjoin(_bell, and_(_bell.c.schedule_id == _class.c.bell_schedule_id, _bell.c.number == _lesson.c.number))
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
        .where(
            among,
            _lesson.c.school_id == reading.hat.school_id,
            held(reading.clock),
            LESSON_NOT_TAKEN_BACK,
        )
        .group_by(_lesson.c.course_id)
    )
    return {row.course_id: row for row in rows}


def _least(periods: Mapping[int, Period], scheme: int) -> int:
    return periods[scheme].least if scheme in periods else 0


def _enough(reading: Reading, among: ColumnElement[bool], periods: Mapping[int, Period]) -> dict[int, int]:
    """{course: how many of its present students have enough marks}."""
    least = case({key: one.least for key, one in periods.items()} or {0: 0}, value=_course.c.scheme_id)
    of_student = (
        select(_lesson.c.course_id, _course.c.group_id, _mark.c.student_id)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .join(_work, _work.c.lesson_id == _lesson.c.id)
        .join(_mark, _mark.c.work_id == _work.c.id)
        .where(among, _lesson.c.school_id == reading.hat.school_id, LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK)
        .group_by(_lesson.c.course_id, _course.c.group_id, _course.c.scheme_id, _mark.c.student_id)
        .having(func.count() >= least)
        .subquery()
    )
    present = and_(
        _enrollment.c.person_id == of_student.c.student_id,
        _enrollment.c.group_id == of_student.c.group_id,
        holds_on(_enrollment, reading.today),
    )
    rows = reading.execute(
        select(of_student.c.course_id, func.count())
        .select_from(of_student.join(_enrollment, present))
        .group_by(of_student.c.course_id)
    )
    return pairs(rows)


def _written(reading: Reading, among: ColumnElement[bool]) -> dict[int, datetime]:
    """{course: when a cell of its lessons of the last `RECENT_DAYS` was written last}."""
    rows = reading.execute(
        select(_lesson.c.course_id, func.max(_cell.c.entered_at, type_=_cell.c.entered_at.type))
        .join(_course, _course.c.id == _lesson.c.course_id)
        .join(_work, _work.c.lesson_id == _lesson.c.id)
        .join(_cell, _cell.c.work_id == _work.c.id)
        .where(
            among,
            _lesson.c.school_id == reading.hat.school_id,
            _lesson.c.day > reading.today - timedelta(days=RECENT_DAYS),
            LESSON_NOT_TAKEN_BACK,
            WORK_NOT_TAKEN_BACK,
        )
        .group_by(_lesson.c.course_id)
    )
    return pairs(rows)


def _members(reading: Reading) -> dict[int, int]:
    """{group: number of its students today}."""
    rows = reading.execute(
        select(_enrollment.c.group_id, func.count(_enrollment.c.person_id.distinct()))
        .where(
            _enrollment.c.group_id.in_(select(_course.c.group_id).where(_of_the_school(reading))),
            holds_on(_enrollment, reading.today),
        )
        .group_by(_enrollment.c.group_id)
    )
    return pairs(rows)


def _requests(reading: Reading) -> dict[int, int]:
    """{course: requests to open that wait}."""
    rows = reading.execute(
        select(_request.c.course_id, func.count())
        .where(_request.c.school_id == reading.hat.school_id, _request.c.decided_at.is_(None))
        .group_by(_request.c.course_id)
    )
    return pairs(rows)
