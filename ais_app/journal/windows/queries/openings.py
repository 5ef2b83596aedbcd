"""Openings after the edit window: those of a course, requests and their answers, what waits for a deputy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.journal import settings
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.lessons.queries import columns as lessons_columns
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.windows import rules
from ais_app.journal.windows.models import Opening, OpeningRequest
from ais_app.journal.windows.queries import periods
from ais_app.journal.windows.rules import ColumnState
from ais_app.people.models import Person
from ais_app.people.names import initials
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school.models import Course, SchoolClass
from ais_app.school_settings.queries import value

REMEMBERED = timedelta(days=1)  # how long after its end an opening is named to whoever comes too late
MOST_SHOWN = 100

_opening = table(Opening)
_request = table(OpeningRequest)
_course = table(Course)
_lesson = table(Lesson)
_class = table(SchoolClass)
_person = table(Person)
_pupil = _person.alias("pupil")
_granter = _person.alias("granter")


@dataclass(frozen=True, slots=True)
class NamedOpening:
    """An opening with who granted it, why, and the name of the student that it is for, if it is for one."""

    rule: rules.Opening
    who: str
    reason: str
    pupil: str


def _of_course() -> ColumnElement[bool]:
    """A condition on `opening` joined with `course`: its scope holds the course."""
    return (
        (_opening.c.school_id == _course.c.school_id)
        & or_(_opening.c.course_id.is_(None), _opening.c.course_id == _course.c.id)
        & or_(_opening.c.class_id.is_(None), _opening.c.class_id == _course.c.class_id)
    )


_NEAR = Prepared(
    select(
        _opening,
        _pupil.c.uid.label("pupil"),
        _pupil.c.family_name.label("pupil_family"),
        _pupil.c.given_name.label("pupil_given"),
        _granter.c.family_name,
        _granter.c.given_name,
        _granter.c.patronymic,
    )
    .select_from(_opening)
    .join(_course, _of_course())
    .join(_granter, _granter.c.id == _opening.c.granted_by)
    .outerjoin(_pupil, _pupil.c.id == _opening.c.person_id)
    .where(
        _course.c.id == bindparam("course"),
        _opening.c.until > bindparam("since", type_=_opening.c.until.type),
    )
    .order_by(_opening.c.id)
)


def openings(connection: Connection, course_id: int, now: datetime) -> list[NamedOpening]:
    """The openings of a course that last, and those that ended within a day."""
    rows = _NEAR.all(connection, {"course": course_id, "since": now - REMEMBERED})
    return [_named(row) for row in rows]


def _named(row: Any) -> NamedOpening:
    return NamedOpening(
        rules.Opening(
            row.uid, DaySpan(row.first_day, row.last_day), row.until, row.pupil or "", bool(row.over_closed_period)
        ),
        initials(row.family_name, row.given_name, row.patronymic),
        row.reason,
        f"{row.pupil_family} {row.pupil_given}" if row.pupil else "",
    )


def reaches_over_closing(now: datetime, student_id: Any) -> ColumnElement[bool]:
    """A condition on `lesson` joined with its `course`: an opening lets it be written now, closed period or not."""
    return (
        select(_opening.c.id)
        .where(
            _of_course(),
            or_(_opening.c.person_id.is_(None), _opening.c.person_id == student_id),
            _opening.c.over_closed_period,
            _opening.c.until > now,
            _lesson.c.day.between(_opening.c.first_day, _opening.c.last_day),
        )
        .correlate(_lesson, _course)
        .exists()
    )


@dataclass(frozen=True, slots=True)
class OpenColumns:
    """Indices of the columns of a sheet that an opening lets be written; `may`: whether the reader himself may."""

    opening: NamedOpening
    columns: tuple[int, ...]
    may: bool


def open_columns(reading: Reading, course: CourseRow, period: periods.PeriodRow) -> list[OpenColumns]:
    """Which columns of the sheet of a period the present openings let be written."""
    lasting = [one for one in openings(reading.connection, course.id, reading.now) if reading.now < one.rule.until]
    if not lasting:
        return []
    works = lessons_columns.columns(reading, course, period.first, period.last)
    opened: list[OpenColumns] = []
    for one in lasting:
        for may in (True, False):
            columns = [
                index
                for index, work in enumerate(works)
                if work.mine is may
                and rules.admitting([one.rule], work.state, work.day, reading.moment, one.rule.pupil)
            ]
            if columns:
                opened.append(OpenColumns(one, tuple(columns), may))
    return opened


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """The reader's last request for a lesson. `decided_at`: None while it waits; `who`: the person who answered."""

    uid: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None
    verdict: str
    answer: str
    who: str


@dataclass(frozen=True, slots=True)
class Asking:
    """About a lesson whose window is over: the openings of it that last or ended within a day, and the own request.

    `may`: the reader may ask for it now.
    """

    may: bool = False
    near: tuple[NamedOpening, ...] = ()
    request: OwnRequest | None = None


def own_request(reading: Reading, lesson_id: int) -> OwnRequest | None:
    """The actor's last request for a lesson that he did not take back; None where there is none."""
    row = reading.execute(
        select(_request, _person.c.family_name, _person.c.given_name, _person.c.patronymic)
        .outerjoin(_person, _person.c.id == _request.c.decided_by)
        .where(
            _request.c.lesson_id == lesson_id,
            _request.c.asked_by == reading.hat.person_id,
            _request.c.verdict != "withdrawn",
        )
        .order_by(_request.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    who = initials(row.family_name, row.given_name, row.patronymic) if row.family_name else ""
    return OwnRequest(row.uid, row.reason, row.asked_at, row.decided_at, row.verdict, row.answer, who)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request that waits for the deputy."""

    uid: str
    who: str
    title: str
    course: str
    lesson: str
    day: date
    number: int | None
    pupil: str
    reason: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class OpenLine:
    """Something that is open now past its window."""

    uid: str
    title: str
    days: DaySpan
    until: datetime
    who: str
    pupil: str
    reason: str


def answers(actor: Actor) -> bool:
    """Whether the actor is one of those who answer the requests of his school."""
    return Scope.SCHOOL in actor.scopes(Right.OPEN_EDITING) and actor.hat.person_id is not None


def hours(reading: Reading) -> int:
    """For how many hours the actor's school opens a lesson."""
    return value(reading.connection, settings.OPENING_HOURS, reading.hat.school_id, reading.today)


def waiting(reading: Reading) -> list[RequestLine]:
    """The requests of the actor's school without an answer, the oldest first; nothing for who does not answer them."""
    if not answers(reading.actor):
        return []
    rows = reading.execute(
        select(
            _request,
            _person.c.family_name,
            _person.c.given_name,
            _person.c.patronymic,
            _course.c.uid.label("course"),
            _course.c.name.label("subject"),
            _class.c.name.label("class_name"),
            _lesson.c.uid.label("lesson"),
            _lesson.c.number,
            _pupil.c.family_name.label("pupil_family"),
            _pupil.c.given_name.label("pupil_given"),
        )
        .join(_person, _person.c.id == _request.c.asked_by)
        .join(_course, _course.c.id == _request.c.course_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .outerjoin(_lesson, _lesson.c.id == _request.c.lesson_id)
        .outerjoin(_pupil, _pupil.c.id == _request.c.student_id)
        .where(_request.c.school_id == reading.hat.school_id, _request.c.decided_at.is_(None), LESSON_NOT_TAKEN_BACK)
        .order_by(_request.c.asked_at, _request.c.id)
        .limit(MOST_SHOWN)
    )
    return [
        RequestLine(
            uid=row.uid,
            who=initials(row.family_name, row.given_name, row.patronymic),
            title=_title(row),
            course=row.course,
            lesson=row.lesson or "",
            day=row.day,
            number=row.number,
            pupil=_full_name(row),
            reason=row.reason,
            asked_at=row.asked_at,
        )
        for row in rows
    ]


def open_now(reading: Reading) -> list[OpenLine]:
    """What is open now in the actor's school, the first to end first; nothing for who does not answer requests."""
    if not answers(reading.actor):
        return []
    rows = reading.execute(
        select(
            _opening,
            _person.c.family_name,
            _person.c.given_name,
            _person.c.patronymic,
            _course.c.name.label("subject"),
            _class.c.name.label("class_name"),
            _pupil.c.family_name.label("pupil_family"),
            _pupil.c.given_name.label("pupil_given"),
        )
        .join(_person, _person.c.id == _opening.c.granted_by)
        .outerjoin(_course, _course.c.id == _opening.c.course_id)
        .outerjoin(_class, _class.c.id == func.coalesce(_course.c.class_id, _opening.c.class_id))
        .outerjoin(_pupil, _pupil.c.id == _opening.c.person_id)
        .where(_opening.c.school_id == reading.hat.school_id, _opening.c.until > reading.now)
        .order_by(_opening.c.until, _opening.c.id)
        .limit(MOST_SHOWN)
    )
    return [
        OpenLine(
            uid=row.uid,
            title=_title(row),
            days=DaySpan(row.first_day, row.last_day),
            until=row.until,
            who=initials(row.family_name, row.given_name, row.patronymic),
            pupil=_full_name(row),
            reason=row.reason,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Opener:
    """Who opened something, and why."""

    who: str
    reason: str


def openers(connection: Connection, uids: Sequence[str]) -> dict[str, Opener]:
    """{uid of an opening: who granted it and why} of the openings with these uids."""
    rows = connection.execute(
        select(_opening.c.uid, _opening.c.reason, _person.c.family_name, _person.c.given_name, _person.c.patronymic)
        .join(_person, _person.c.id == _opening.c.granted_by)
        .where(_opening.c.uid.in_(uids))
    )
    return {row.uid: Opener(initials(row.family_name, row.given_name, row.patronymic), row.reason) for row in rows}


def is_about(one: NamedOpening, state: ColumnState, day: date) -> bool:
    """Whether an opening covers a lesson of `day` in `state`, for everybody or for one student in it."""
    return one.rule.covers(state, day, one.rule.pupil)


def _title(row: Any) -> str:
    return ", ".join(filter(None, (row.class_name, row.subject)))


def _full_name(row: Any) -> str:
    return f"{row.pupil_family} {row.pupil_given}" if row.pupil_family else ""
