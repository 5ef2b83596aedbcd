"""Reads of «Успехи»: one student's year. Whether the actor may read it is part of the query."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, Row, and_, func, or_, select

from ais_app.db.columns import holds_on, table
from ais_app.db.feeds import sequence_of
from ais_app.diary.queries import feed_of, readable_students
from ais_app.diary.queries.corrections import corrections
from ais_app.diary.rules import DayRecord, DayState, attendance_state
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.means import WeightedMark
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.grid.rules import CellValue
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.rules import DaySpan
from ais_app.people.models import Person
from ais_app.people.names import sort_key
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.school.models import AcademicYear, ControlType, Course, Enrollment, GradingPeriod, Holiday, SchoolClass
from ais_app.school.queries import member_on
from ais_app.school_settings.queries import SettingValues, values_of

_person = table(Person)
_enrollment = table(Enrollment)
_class = table(SchoolClass)
_year = table(AcademicYear)
_period = table(GradingPeriod)
_holiday = table(Holiday)
_course = table(Course)
_lesson = table(Lesson)
_work = table(Work)
_type = table(ControlType)
_mark = table(Mark)
_cell = table(Cell)
_attendance = table(Attendance)


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A grading period of the class's own scheme."""

    uid: str
    name: str
    span: DaySpan


@dataclass(frozen=True, slots=True)
class GivenMark:
    """A mark as given in the cell of the work `uid`: `hundredths` None when it does not count (зач, незач, осв)."""

    uid: str
    day: date
    number: int
    code: str
    hundredths: int | None
    weight: int
    kind: str

    @property
    def weighted(self) -> WeightedMark | None:
        return None if self.hundredths is None else WeightedMark(self.hundredths, self.weight)


@dataclass(frozen=True, slots=True)
class Missed:
    """A lesson of a course that is not simply attended: «н», «б», «у», «о15»; `uid` is its first work."""

    uid: str
    day: date
    number: int
    code: str
    state: DayState


@dataclass(frozen=True, slots=True)
class Gone:
    """What was corrected in the cell of the work `uid`; `before`: its text before each correction."""

    uid: str
    day: date
    number: int
    kind: str
    weight: int
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course of the year with this student's marks, absences and corrections, in the order of the lessons."""

    uid: str
    name: str
    graded: bool
    marks: tuple[GivenMark, ...]
    missed: tuple[Missed, ...]
    gone: tuple[Gone, ...] = ()


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of work of the school, for what-if."""

    uid: str
    name: str
    weight: int
    is_default: bool


@dataclass(frozen=True, slots=True)
class StudentYear:
    """One student's school year. `days`: every day with lessons; `sequence`: the number of the last change;
    `values`: what the school has set.
    """

    student: str
    given_name: str
    class_name: str
    sequence: int
    span: DaySpan
    periods: tuple[PeriodLine, ...]
    courses: tuple[CourseLine, ...]
    kinds: tuple[KindLine, ...]
    days: dict[date, DayRecord]
    holidays: dict[date, str]
    values: SettingValues


def student_year(reading: Reading, student_uid: str) -> StudentYear | None:
    """The year of this student's present (or last) class; None when there never was a class.

    Raises NotYours for absent and foreign alike.
    """
    person = reading.execute(
        select(_person.c.id, _person.c.uid, _person.c.given_name, _person.c.school_id).where(
            _person.c.uid == student_uid, readable_students(reading.actor, reading.today)
        )
    ).one_or_none()
    if person is None:
        raise NotYours
    own_class = _class_and_year(reading.connection, person.id, reading.today)
    if own_class is None:
        return None
    span = DaySpan(own_class.starts_on, own_class.ends_on)
    lessons = _lessons(reading.connection, person.id, span)
    marks = _marks(reading.connection, person.id, own_class.year_id)
    missed = _missed(reading.connection, person.id, own_class.year_id)
    gone = _gone(reading, person, own_class.year_id)
    return StudentYear(
        student=person.uid,
        given_name=person.given_name,
        class_name=own_class.name,
        sequence=sequence_of(reading.connection, feed_of(person.uid)),
        span=span,
        periods=_periods(reading.connection, own_class.scheme_id),
        courses=_courses(reading.connection, {row.course_id for row in lessons}, marks, missed, gone),
        kinds=_kinds(reading.connection, person.school_id),
        days=_days(lessons, marks, missed, reading.today),
        holidays=_holidays(reading.connection, own_class.year_id, own_class.grade),
        values=values_of(reading.connection, person.school_id),
    )


def _class_and_year(connection: Connection, student_id: int, today: date) -> Row | None:
    """The row of the student's class with the days of its year: that of today, else the last one."""
    return connection.execute(
        select(_class.c.name, _class.c.grade, _class.c.scheme_id, _class.c.year_id, _year.c.starts_on, _year.c.ends_on)
        .select_from(_enrollment)
        .join(_class, _class.c.group_id == _enrollment.c.group_id)
        .join(_year, _year.c.id == _class.c.year_id)
        .where(_enrollment.c.person_id == student_id)
        .order_by(holds_on(_enrollment, today).desc(), _year.c.starts_on.desc(), _enrollment.c.valid_from.desc())
        .limit(1)
    ).one_or_none()


def _periods(connection: Connection, scheme_id: int) -> tuple[PeriodLine, ...]:
    rows = connection.execute(select(_period).where(_period.c.scheme_id == scheme_id).order_by(_period.c.ordinal))
    return tuple(PeriodLine(row.uid, row.name, DaySpan(row.starts_on, row.ends_on)) for row in rows)


def _lessons(connection: Connection, student_id: int, span: DaySpan) -> Sequence[Row]:
    """The lessons of the groups that the student was in on their days: course, day, how many, how many with a topic."""
    return connection.execute(
        select(
            _lesson.c.course_id,
            _lesson.c.day,
            func.count().label("planned"),
            func.count().filter(_lesson.c.topic != "").label("kept"),
        )
        .select_from(_enrollment)
        .join(_course, _course.c.group_id == _enrollment.c.group_id)
        .join(_lesson, _lesson.c.course_id == _course.c.id)
        .where(
            _enrollment.c.person_id == student_id,
            holds_on(_enrollment, _lesson.c.day),
            _lesson.c.day.between(span.first, span.last),
            LESSON_NOT_TAKEN_BACK,
        )
        .group_by(_lesson.c.course_id, _lesson.c.day)
    ).all()


def _marks(connection: Connection, student_id: int, year_id: int) -> dict[int, list[GivenMark]]:
    found: dict[int, list[GivenMark]] = defaultdict(list)
    rows = connection.execute(
        select(
            _lesson.c.course_id,
            _lesson.c.day,
            _lesson.c.number,
            _mark.c.code,
            _mark.c.hundredths,
            _work.c.uid,
            _work.c.weight,
            _type.c.name,
        )
        .select_from(_mark)
        .join(_work, _work.c.id == _mark.c.work_id)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_course, and_(_course.c.id == _lesson.c.course_id, _course.c.year_id == year_id))
        .where(
            _mark.c.student_id == student_id,
            member_on(_course.c.group_id, student_id, _lesson.c.day),
            LESSON_NOT_TAKEN_BACK,
            WORK_NOT_TAKEN_BACK,
        )
        .order_by(_lesson.c.day, _lesson.c.number, _work.c.ordinal, _mark.c.ordinal)
    )
    for row in rows:
        given = GivenMark(row.uid, row.day, row.number, row.code, row.hundredths, row.weight, row.name)
        found[row.course_id].append(given)
    return found


def _missed(connection: Connection, student_id: int, year_id: int) -> dict[int, list[Missed]]:
    found: dict[int, list[Missed]] = defaultdict(list)
    rows = connection.execute(
        select(_lesson.c.course_id, _lesson.c.day, _lesson.c.number, _work.c.uid, _attendance)
        .select_from(_attendance)
        .join(_lesson, _lesson.c.id == _attendance.c.lesson_id)
        .join(_work, and_(_work.c.lesson_id == _lesson.c.id, _work.c.ordinal == 1, WORK_NOT_TAKEN_BACK))
        .join(_course, and_(_course.c.id == _lesson.c.course_id, _course.c.year_id == year_id))
        .where(
            _attendance.c.student_id == student_id,
            member_on(_course.c.group_id, student_id, _lesson.c.day),
            LESSON_NOT_TAKEN_BACK,
        )
        .order_by(_lesson.c.day, _lesson.c.number)
    )
    for row in rows:
        text = CellValue((), row.code, row.reason, row.minutes).text
        state = attendance_state(row.code, row.reason)
        found[row.course_id].append(Missed(row.uid, row.day, row.number, text, state))
    return found


def _courses(
    connection: Connection,
    course_ids: set[int],
    marks: dict[int, list[GivenMark]],
    missed: dict[int, list[Missed]],
    gone: dict[int, list[Gone]],
) -> tuple[CourseLine, ...]:
    """The courses with these ids, and those with marks, absences or corrections; by name."""
    known = course_ids | set(marks) | set(missed) | set(gone)
    rows = connection.execute(select(_course).where(_course.c.id.in_(known))).all()
    return tuple(
        CourseLine(
            row.uid,
            row.name,
            row.graded,
            tuple(marks.get(row.id, ())),
            tuple(missed.get(row.id, ())),
            tuple(gone.get(row.id, ())),
        )
        for row in sorted(rows, key=lambda row: (sort_key(row.name), row.id))
    )


def _gone(reading: Reading, person: Row, year_id: int) -> dict[int, list[Gone]]:
    """{course id: what was corrected}; only cells that were ever written over are looked up in the ledger."""
    rows = reading.execute(
        select(_work.c.uid, _work.c.weight, _type.c.name, _lesson.c.course_id, _lesson.c.day, _lesson.c.number)
        .select_from(_cell)
        .join(_work, _work.c.id == _cell.c.work_id)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_course, and_(_course.c.id == _lesson.c.course_id, _course.c.year_id == year_id))
        .where(
            _cell.c.student_id == person.id,
            _cell.c.changed,
            member_on(_course.c.group_id, person.id, _lesson.c.day),
            LESSON_NOT_TAKEN_BACK,
            WORK_NOT_TAKEN_BACK,
        )
        .order_by(_lesson.c.day, _lesson.c.number, _work.c.ordinal)
    ).all()
    corrected = corrections(reading, person.uid, [row.uid for row in rows])
    found: dict[int, list[Gone]] = defaultdict(list)
    for row in rows:
        if row.uid in corrected:
            before = tuple(one.before for one in corrected[row.uid])
            found[row.course_id].append(Gone(row.uid, row.day, row.number, row.name, row.weight, before))
    return found


def _kinds(connection: Connection, school_id: int) -> tuple[KindLine, ...]:
    rows = connection.execute(
        select(_type).where(_type.c.school_id == school_id).order_by(_type.c.is_default.desc(), _type.c.id)
    )
    return tuple(KindLine(row.uid, row.name, row.weight, row.is_default) for row in rows)


def _days(
    lessons: Sequence[Row], marks: dict[int, list[GivenMark]], missed: dict[int, list[Missed]], today: date
) -> dict[date, DayRecord]:
    """{day: its record} of every day with lessons. Of today's lessons those count as held that have a topic, a mark or
    an absence already.
    """
    planned: Counter[date] = Counter()
    kept: Counter[date] = Counter()
    states: dict[date, list[DayState]] = defaultdict(list)
    for absences in missed.values():
        for absence in absences:
            states[absence.day].append(absence.state)
    for row in lessons:
        planned[row.day] += row.planned
        known = {one.number for one in marks.get(row.course_id, ()) if one.day == row.day}
        known |= {one.number for one in missed.get(row.course_id, ()) if one.day == row.day}
        kept[row.day] += max(row.kept, len(known)) if row.day == today else row.planned * (row.day < today)
    return {
        day: DayRecord(
            held=max(kept[day], len(states[day])), ahead=planned[day] - kept[day], records=tuple(states[day])
        )
        for day in sorted(planned.keys() | states.keys())
    }


def _holidays(connection: Connection, year_id: int, grade: int) -> dict[date, str]:
    rows = connection.execute(
        select(_holiday).where(
            _holiday.c.year_id == year_id, or_(_holiday.c.grade.is_(None), _holiday.c.grade == grade)
        )
    )
    return {
        row.starts_on + timedelta(days=offset): row.name
        for row in rows
        for offset in range((row.ends_on - row.starts_on).days + 1)
    }
