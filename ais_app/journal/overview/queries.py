"""The journals of the present year, and how each is kept in its present period: a few statements for a whole school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, select

from ais_app.db.columns import holds_on, pairs, table
from ais_app.journal.courses.queries.courses import readable, reader
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.queries.record import HOMEWORK_WRITTEN, TOPIC_WRITTEN, held
from ais_app.journal.overview.rules import LEAST_MARKS, MARKS_FROM, Kept
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
    graded: bool
    since: date | None
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
    """The present period of a scheme, or the last one that has begun."""

    name: str
    since: date


def journals(reading: Reading) -> list[Journal]:
    """Every journal of the present year that the actor may read. Raises NotYours but for who looks after the school."""
    if Scope.SCHOOL not in reading.actor.scopes(Right.SEE_KEEPING):
        raise NotYours
    periods = present_periods(reading)
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
            graded=row.graded,
            since=periods[row.scheme_id].since if row.scheme_id in periods else None,
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
        .where(_period.c.scheme_id.in_(_schemes(reading)), _period.c.starts_on <= reading.today)
        .order_by(_period.c.starts_on)
    )
    return {row.scheme_id: Period(row.name, row.starts_on) for row in rows}


def kept(reading: Reading, found: Sequence[Journal]) -> dict[int, Kept]:
    """{id of a journal: how it is kept} of these journals, each since its period began."""
    if not found:
        return {}
    among = _course.c.id.in_([one.id for one in found]) if len(found) <= NARROW else _of_the_school(reading)
    lessons, entries = _lessons(reading, among), _entries(reading, among)
    members, requests = _members(reading), _requests(reading)
    return {one.id: _kept(reading, one, lessons, entries, members, requests) for one in found}


def _kept(reading: Reading, one: Journal, lessons: Any, entries: Any, members: Any, requests: Any) -> Kept:
    lesson, entry = lessons.get(one.id), entries.get(one.id)
    held_lessons = lesson.held if lesson else 0
    enough = entry.enough if entry else 0
    counts = one.graded and held_lessons >= MARKS_FROM
    return Kept(
        held=held_lessons,
        topics=lesson.topics if lesson else 0,
        homework=lesson.homework if lesson else 0,
        few=max(0, members.get(one.group, 0) - enough) if counts else 0,
        requests=requests.get(one.id, 0),
        written=_local(entry.written, reading.zone) if entry else None,
        recorded=lesson.recorded if lesson else None,
    )


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


def _since_the_period(reading: Reading) -> ColumnElement[bool]:
    """A condition on `lesson` joined with its course: since the present period of the course's scheme, up to today."""
    begins = case({key: one.since for key, one in present_periods(reading).items()}, value=_course.c.scheme_id)
    return and_(_lesson.c.day >= begins, _lesson.c.day <= reading.today)


def _lessons(reading: Reading, among: ColumnElement[bool]) -> dict[int, Any]:
    """{course: held, topics, homework, recorded}."""
    if not present_periods(reading):
        return {}
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
            _since_the_period(reading),
            held(reading.clock),
            LESSON_NOT_TAKEN_BACK,
        )
        .group_by(_lesson.c.course_id)
    )
    return {row.course_id: row for row in rows}


def _entries(reading: Reading, among: ColumnElement[bool]) -> dict[int, Any]:
    """{course: how many of its present students have marks `enough`, and when a cell was `written` last}."""
    if not present_periods(reading):
        return {}
    of_student = (
        select(
            _lesson.c.course_id,
            _course.c.group_id,
            _cell.c.student_id,
            func.count(_mark.c.id).label("marks"),
            func.max(_cell.c.entered_at).label("written"),
        )
        .join(_course, _course.c.id == _lesson.c.course_id)
        .join(_work, _work.c.lesson_id == _lesson.c.id)
        .join(_cell, _cell.c.work_id == _work.c.id)
        .outerjoin(_mark, and_(_mark.c.work_id == _cell.c.work_id, _mark.c.student_id == _cell.c.student_id))
        .where(
            among,
            _lesson.c.school_id == reading.hat.school_id,
            _since_the_period(reading),
            LESSON_NOT_TAKEN_BACK,
            WORK_NOT_TAKEN_BACK,
        )
        .group_by(_lesson.c.course_id, _course.c.group_id, _cell.c.student_id)
        .subquery()
    )
    present = and_(
        _enrollment.c.person_id == of_student.c.student_id,
        _enrollment.c.group_id == of_student.c.group_id,
        holds_on(_enrollment, reading.today),
    )
    has_enough = and_(of_student.c.marks >= LEAST_MARKS, _enrollment.c.id.is_not(None))
    rows = reading.execute(
        select(
            of_student.c.course_id,
            func.sum(case((has_enough, 1), else_=0)).label("enough"),
            func.max(of_student.c.written, type_=_cell.c.entered_at.type).label("written"),
        )
        .select_from(of_student.outerjoin(_enrollment, present))
        .group_by(of_student.c.course_id)
    )
    return {row.course_id: row for row in rows}


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
