"""The sheet: everything the grid shows of a course in one grading period, in display-ready form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import holds_within, table
from ais_app.db.prepared import Prepared
from ais_app.db.topics import sequence_of
from ais_app.i18n import _, capital, day_and_month, month, weekday
from ais_app.journal import rules
from ais_app.journal.models import Lesson, PeriodLock, Work
from ais_app.journal.queries.cells import StoredCell, means_of, stored_cells
from ais_app.journal.queries.courses import CourseRow
from ais_app.journal.queries.standing import LESSON_STANDS, WORK_STANDS
from ais_app.journal.rules import ColumnState
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right
from ais_app.school.models import ControlType, Course, CourseTeacher, Enrollment, GradingPeriod
from ais_app.school.queries import listed

_period = table(GradingPeriod)
_lock = table(PeriodLock)
_course = table(Course)
_lesson = table(Lesson)
_work = table(Work)
_type = table(ControlType)
_teacher = table(CourseTeacher)
_enrollment = table(Enrollment)
_person = table(Person)


# Built once: an edit asks for periods, terms, columns and students each time.
_PERIODS = Prepared(
    select(_period, _lock.c.closed_at)
    .select_from(_period)
    .outerjoin(_lock, _lock.c.period_id == _period.c.id)
    .where(_period.c.scheme_id == bindparam("scheme"))
    .order_by(_period.c.ordinal)
)
_TERMS = Prepared(
    select(_teacher.c.valid_from, _teacher.c.valid_to).where(
        _teacher.c.course_id == bindparam("course"), _teacher.c.person_id == bindparam("person")
    )
)
_COLUMNS = (
    select(
        _work.c.id,
        _work.c.uid,
        _work.c.ordinal,
        _work.c.weight,
        _lesson.c.id.label("lesson_id"),
        _lesson.c.uid.label("lesson_uid"),
        _lesson.c.day,
        _lesson.c.number,
        _lesson.c.topic,
        _type.c.code,
        _type.c.name.label("type_name"),
        _type.c.is_control,
    )
    .select_from(_work)
    .join(_lesson, _lesson.c.id == _work.c.lesson_id)
    .join(_type, _type.c.id == _work.c.control_type_id)
    .where(
        _lesson.c.course_id == bindparam("course"),
        _lesson.c.day.between(bindparam("first"), bindparam("last")),
        LESSON_STANDS,
        WORK_STANDS,
    )
    .order_by(_lesson.c.day, _lesson.c.number, _work.c.ordinal)
)
_ALL_COLUMNS = Prepared(_COLUMNS)
_NAMED_COLUMNS = Prepared(_COLUMNS.where(_work.c.uid.in_(bindparam("works", expanding=True))))
_STUDENTS = Prepared(
    select(
        _person.c.id,
        _person.c.uid,
        _person.c.family_name,
        _person.c.given_name,
        _person.c.patronymic,
        _person.c.sort_key,
        _enrollment.c.valid_from,
        _enrollment.c.valid_to,
        _enrollment.c.note,
    )
    .select_from(_person)
    .join(_enrollment, _enrollment.c.person_id == _person.c.id)
    .where(
        _enrollment.c.group_id == bindparam("group"),
        holds_within(_enrollment, bindparam("first"), bindparam("last")),
    )
    .order_by(_enrollment.c.valid_from)
)


@dataclass(frozen=True, slots=True)
class PeriodRow:
    id: int
    uid: str
    name: str
    first: date
    last: date
    closed: bool


def topic_of(course_uid: str) -> str:
    """The live topic of a course."""
    return f"course:{course_uid}"


def periods(connection: Connection, scheme_id: int) -> list[PeriodRow]:
    """The grading periods of a scheme in order, with their locks."""
    rows = _PERIODS.all(connection, {"scheme": scheme_id})
    return [PeriodRow(row.id, row.uid, row.name, row.starts_on, row.ends_on, row.closed_at is not None) for row in rows]


def present_period(found: Sequence[PeriodRow], day: date) -> PeriodRow:
    """The period of `day`; between two of them the one before, before the first the first."""
    started = [period for period in found if period.first <= day]
    return started[-1] if started else found[0]


def closed_on(found: Sequence[PeriodRow], day: date) -> bool:
    """Whether `day` lies in a closed period."""
    return any(period.closed and period.first <= day <= period.last for period in found)


def in_closed_period() -> ColumnElement[bool]:
    """A condition on `lesson` joined with its `course`: its day lies in a closed period of the course's scheme."""
    return (
        select(_lock.c.id)
        .join(_period, _period.c.id == _lock.c.period_id)
        .where(
            _period.c.scheme_id == _course.c.scheme_id, _lesson.c.day.between(_period.c.starts_on, _period.c.ends_on)
        )
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A work with its lesson: one column, and whether this actor may write into it today."""

    id: int
    uid: str
    lesson_id: int
    lesson_uid: str
    day: date
    number: int
    ordinal: int
    topic: str
    code: str
    type_name: str
    weight: int
    is_control: bool
    state: ColumnState
    why: str
    mine: bool


def columns(
    connection: Connection, actor: Actor, course: CourseRow, first: date, last: date, today: date
) -> list[Column]:
    """The columns of a course from `first` to `last`, in the order of the lessons."""
    all_periods = periods(connection, course.scheme_id)
    terms = teaching_terms(connection, actor, course.id)
    rows = _ALL_COLUMNS.all(connection, {"course": course.id, "first": first, "last": last})
    return [column(row, course, all_periods, terms, today) for row in rows]


def named_columns(connection: Connection, course: CourseRow, work_uids: Sequence[str]) -> list[Any]:
    """The rows of the works of the course and its year with these uids; `column` makes columns of them."""
    asked = {"course": course.id, "first": course.year_from, "last": course.year_to, "works": list(work_uids)}
    return _NAMED_COLUMNS.all(connection, asked)


def column(
    row: Any,
    course: CourseRow,
    all_periods: Sequence[PeriodRow],
    terms: Sequence[tuple[date, date | None]],
    today: date,
) -> Column:
    """A column as an actor who teaches in `terms` finds it today."""
    closed = closed_on(all_periods, row.day)
    state = rules.column_state(row.day, today, course.window, period_closed=closed)
    return Column(
        id=row.id,
        uid=row.uid,
        lesson_id=row.lesson_id,
        lesson_uid=row.lesson_uid,
        day=row.day,
        number=row.number,
        ordinal=row.ordinal,
        topic=row.topic,
        code=row.code,
        type_name=row.type_name,
        weight=row.weight,
        is_control=row.is_control,
        state=state,
        why=why_not(state, row.day, course.window),
        mine=any(term_from <= row.day and (term_to is None or row.day < term_to) for term_from, term_to in terms),
    )


def teaching_terms(connection: Connection, actor: Actor, course_id: int) -> list[tuple[date, date | None]]:
    """When the actor teaches the course, as [from, to); empty for everybody who may not enter marks."""
    if not actor.may(Right.ENTER_MARKS):
        return []
    rows = _TERMS.all(connection, {"course": course_id, "person": actor.hat.person_id})
    return [(row.valid_from, row.valid_to) for row in rows]


def why_not(state: ColumnState, day: date, window: rules.EditWindow) -> str:
    """The reason a column cannot be written, for a person."""
    if state is ColumnState.CLOSED:
        return _("The period is closed.")
    if state is ColumnState.FUTURE:
        return _("This lesson has not taken place yet.")
    if state is ColumnState.LOCKED:
        return _("The term for changes ended on {day}.").format(day=day_and_month(window.last_day(day)))
    return ""


@dataclass(frozen=True, slots=True)
class Student:
    """A student of the course's group with the dates of membership that meet the period."""

    id: int
    uid: str
    name: Name
    sort_key: str
    note: str
    terms: tuple[tuple[date, date | None], ...]

    def belongs_on(self, day: date) -> bool:
        return any(start <= day and (end is None or day < end) for start, end in self.terms)


def students(connection: Connection, group_id: int, first: date, last: date) -> list[Student]:
    """Everybody who was in the group at some time from `first` to `last`, by name."""
    return sorted(members(connection, group_id, first, last), key=lambda student: (student.sort_key, student.id))


def names(connection: Connection, actor: Actor, pupils: Collection[Student], today: date) -> dict[str, str]:
    """{uid: «Иванов Иван»} of students in one list, namesakes told apart."""
    return listed(connection, actor, {pupil.uid: pupil.name for pupil in pupils}, Spelling.LISTED, today)


def members(connection: Connection, group_id: int, first: date, last: date) -> Collection[Student]:
    """The same in no order."""
    rows = _STUDENTS.all(connection, {"group": group_id, "first": first, "last": last})
    found: dict[int, Student] = {}
    for row in rows:
        earlier = found[row.id].terms if row.id in found else ()
        found[row.id] = Student(
            id=row.id,
            uid=row.uid,
            name=Name.of(row),
            sort_key=row.sort_key,
            note=row.note,
            terms=(*earlier, (row.valid_from, row.valid_to)),
        )
    return found.values()


def first_work(connection: Connection, course: CourseRow, lesson_uid: str) -> tuple[str, date]:
    """The first work of a lesson of this course and the lesson's day; of one that was taken back the day alone.

    Raises NotYours when it is not of this course.
    """
    row = connection.execute(
        select(_work.c.uid, _lesson.c.day, LESSON_STANDS.label("stands"))
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .where(_lesson.c.uid == lesson_uid, _lesson.c.course_id == course.id, _work.c.ordinal == 1, WORK_STANDS)
    ).one_or_none()
    if row is None:
        raise NotYours
    return (row.uid if row.stands else ""), row.day


def sheet(connection: Connection, actor: Actor, course: CourseRow, period: PeriodRow, today: date) -> dict[str, Any]:
    """The snapshot the grid opens with; its shape is the contract of `web/grid`."""
    pupils = students(connection, course.group_id, period.first, period.last)
    works = columns(connection, actor, course, period.first, period.last, today)
    cells = belonging(
        stored_cells(connection, [work.id for work in works]),
        {pupil.id: pupil for pupil in pupils},
        {work.id: work.day for work in works},
    )
    shown = names(connection, actor, pupils, today)
    averages = means_of(cells, {work.id: work.weight for work in works}, [pupil.id for pupil in pupils])
    plain, others = _spelled(cells, [pupil.id for pupil in pupils], [work.id for work in works])
    return {
        "course": course.uid,
        "period": period.uid,
        "seq": sequence_of(connection, topic_of(course.uid)),
        "may": {"marks": any(work.mine for work in works), "reasons": may_set_reasons(actor, course)},
        "caption": _("Marks: {course}, {period}").format(course=title(course), period=period.name),
        "values": values(course),
        "codes": codes(course, reasons=may_set_reasons(actor, course)),
        "both": course.mark_beside_absence,
        "students": [[pupil.uid, shown[pupil.uid], pupil.note] for pupil in pupils],
        "columns": [_column_view(work, today) for work in works],
        "plain": plain,
        "cells": others,
        "outside": [
            [row, column]
            for row, pupil in enumerate(pupils)
            for column, work in enumerate(works)
            if not pupil.belongs_on(work.day)
        ],
        "means": [[rules.shown_mean(averages[pupil.id].exact), averages[pupil.id].count] for pupil in pupils],
    }


def belonging(
    cells: Mapping[tuple[int, int], StoredCell], pupils: Mapping[int, Student], days: Mapping[int, date]
) -> dict[tuple[int, int], StoredCell]:
    """Those of {(student, work): cell} whose student was in the group on the day of the work.

    What else stands there was entered before a membership was dated back: it is listed in `queries/outside.py`.
    """
    return {
        (student, work): cell
        for (student, work), cell in cells.items()
        if student in pupils and pupils[student].belongs_on(days[work])
    }


def values(course: CourseRow) -> list[str]:
    """The marks that a course has."""
    return [*rules.MARKS, *(rules.MARK_ONE if course.mark_one else ())] if course.graded else []


def codes(course: CourseRow, *, reasons: bool) -> list[str]:
    """What else can be typed: attendance, «осв», and «зач», «незач» where no marks are given (D-49)."""
    passing = () if course.graded else rules.PASSING
    return [rules.ABSENT, rules.LATE, *(rules.REASONS if reasons else ()), rules.EXEMPT, *passing]


def _spelled(
    cells: Mapping[tuple[int, int], StoredCell], students: Sequence[int], works: Sequence[int]
) -> tuple[list[dict[str, list[int]]], list[list[Any]]]:
    """The cells of a table, most of which were written once and say nothing but their value.

    Those stand as {value: [columns]} for each row, the others as [row, column, text, version, flags?, comment?].
    """
    row_of = {student_id: index for index, student_id in enumerate(students)}
    column_of = {work_id: index for index, work_id in enumerate(works)}
    plain: list[dict[str, list[int]]] = [{} for _student in students]
    others: list[list[Any]] = []
    for (student_id, work_id), cell in cells.items():
        row, column = row_of[student_id], column_of[work_id]
        text, version, *rest = cell.spelled()
        if version == 1 and not rest:
            plain[row].setdefault(text, []).append(column)
        else:
            others.append([row, column, text, version, *rest])
    return plain, others


def title(course: CourseRow) -> str:
    """«7А, Алгебра», or the name alone where there is no class."""
    return f"{course.class_name}, {course.name}" if course.class_name else course.name


def may_set_reasons(actor: Actor, course: CourseRow) -> bool:
    """Whether «б» and «у» are this actor's in this course; who exactly is asked when they are written."""
    return bool(actor.scopes(Right.SET_ABSENCE_REASON)) and course.class_id is not None and course.own


def _column_view(work: Column, today: date) -> dict[str, Any]:
    readable = work.state is ColumnState.OPEN and not work.mine
    return {
        "id": work.uid,
        "lesson": work.lesson_uid,
        "nth": work.ordinal,
        "date": work.day.isoformat(),
        "day": str(work.day.day),
        "weekday": weekday(work.day, short=True),
        "month": capital(month(work.day)),
        "number": work.number,
        "type": work.code,
        "typeName": work.type_name,
        "weight": work.weight,
        "control": work.is_control,
        "topic": work.topic,
        "state": ColumnState.LOCKED if readable else work.state,
        "why": _("Only its teacher writes here.") if readable else work.why,
        "today": work.day == today,
    }
