"""After the edit window: a teacher asks to write, a deputy opens for hours or declines (decisions 0016)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from ais_app.clock import school_moment
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.db.feeds import bump, bump_all
from ais_app.i18n import _
from ais_app.journal import events
from ais_app.journal.courses.queries import students
from ais_app.journal.courses.queries.courses import CourseRow, course_to_write
from ais_app.journal.errors import AlreadyAnswered, BadLesson
from ais_app.journal.events import CourseChanged, OpeningsChanged
from ais_app.journal.kinds import (
    OPENING_ASKED,
    OPENING_CLOSED,
    OPENING_DECLINED,
    OPENING_GRANTED,
    OPENING_WITHDRAWN,
)
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.lessons.queries import columns
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.windows import rules
from ais_app.journal.windows.models import Opening, OpeningRequest
from ais_app.journal.windows.queries import openings as reads
from ais_app.journal.windows.queries import periods
from ais_app.journal.windows.records import OPENING, OPENING_REQUEST
from ais_app.journal.windows.rules import ColumnState
from ais_app.journal.windows.views import why_not
from ais_app.ledger.operation import LONGEST_REASON, Operation, operation
from ais_app.people.models import Person
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right
from ais_app.school.models import Course, SchoolClass

MOST_WAITING, MOST_IN_AN_HOUR = 30, 30  # requests of one teacher

_opening = table(Opening)
_request = table(OpeningRequest)
_course = table(Course)
_lesson = table(Lesson)
_person = table(Person)
_class = table(SchoolClass)


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request to be made: for which lesson (uid), for one student (uid) or for everybody (""), and why."""

    lesson: str
    reason: str
    student: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """The scope of an opening: these days of the course, the class and the student (ids), as far as each is given."""

    days: DaySpan
    course_id: int | None = None
    class_id: int | None = None
    person_id: int | None = None
    over_closed_period: bool = False


def feed_of(school_uid: str) -> str:
    """The live feed of a school's requests and openings."""
    return f"openings:{school_uid}"


def ask(uow: UnitOfWork, actor: Actor, asked: NewRequest) -> str:
    """Ask to write into a lesson whose window is over; returns the uid of the request.

    Raises NotYours (not the lesson's teacher that day, no student of it) and BadLesson (open or closed by its period,
    asked already, without a reason, too often).
    """
    with operation(uow, actor, OPENING_ASKED, Right.ASK_OPENING, _sentence(asked.reason, "reason")) as op:
        row, page, pupil_id = _lesson_to_open(op, asked)
        _must_not_repeat(op, row.id)
        request = {"school_id": actor.hat.school_id, "course_id": page.id, "lesson_id": row.id, "student_id": pupil_id}
        asking = {"day": row.day, "reason": op.reason, "asked_by": actor.hat.person_id, "asked_at": op.now}
        made = op.insert(OPENING_REQUEST, request | asking)
        announce(op, [page.uid])
    return made.uid


def _lesson_to_open(op: Operation, asked: NewRequest) -> tuple[Any, CourseRow, int | None]:
    """(row of the lesson, its course, id of the student if one is named) of a request that may be made.

    Raises NotYours, BadLesson.
    """
    connection, actor, at = op.uow.connection, op.actor, school_moment(op.now, op.actor.hat.zone)
    row = op.uow.execute(
        select(_lesson.c.id, _lesson.c.uid, _lesson.c.day, _course.c.uid.label("course"))
        .join(_course, _course.c.id == _lesson.c.course_id)
        .where(_lesson.c.uid == asked.lesson, _lesson.c.school_id == actor.hat.school_id, LESSON_NOT_TAKEN_BACK)
    ).one_or_none()
    if row is None:
        raise NotYours
    page = course_to_write(op.reading, row.course)
    terms = columns.teaching_terms(connection, actor, page.id)
    if not any(start <= row.day and (end is None or row.day < end) for start, end in terms):
        raise NotYours
    pupil = None
    if asked.student:
        pupils = students.students(connection, page.group_id, row.day, row.day)
        pupil = next((one for one in pupils if one.uid == asked.student and one.belongs_on(row.day)), None)
        if pupil is None:
            raise NotYours
    closed = periods.closed_on(periods.periods(connection, page.scheme_id), row.day)
    state = rules.column_state(row.day, at.day, page.window, period_closed=closed)
    if state is not ColumnState.LOCKED:
        raise BadLesson(why_not(state, page.window.last_day(row.day)) or _("This lesson can be written now."))
    near = [one.rule for one in reads.openings(connection, page.id, at.now)]
    if rules.admitting(near, state, row.day, at, asked.student):
        raise BadLesson(_("This lesson can be written now."))
    return row, page, pupil.id if pupil else None


def may_be_asked(op: Operation, asked: NewRequest) -> str:
    """The course (uid) of a lesson for which the actor may ask now. Raises as `ask`."""
    row, page, _pupil = _lesson_to_open(op, asked)
    _must_not_repeat(op, row.id)
    return page.uid


def withdraw(uow: UnitOfWork, actor: Actor, request_uid: str) -> None:
    """Take the own request back while nobody has answered it. Raises NotYours, AlreadyAnswered."""
    with operation(uow, actor, OPENING_WITHDRAWN, Right.ASK_OPENING) as op:
        withdraw_within(op, request_uid)


def withdraw_within(op: Operation, request_uid: str) -> None:
    """`withdraw` within an operation."""
    row = _unanswered(op, request_uid)
    if row.asked_by != op.actor.hat.person_id:
        raise NotYours
    _decide(op, row, "withdrawn")


def decline(uow: UnitOfWork, actor: Actor, request_uid: str, answer: str) -> None:
    """Decline a request with a sentence for the teacher. Raises NotYours, AlreadyAnswered, BadLesson (no sentence)."""
    with operation(uow, actor, OPENING_DECLINED, Right.OPEN_EDITING, _sentence(answer, "answer")) as op:
        must_answer(op)
        _decide(op, _unanswered(op, request_uid), "declined", op.reason)


def grant(uow: UnitOfWork, actor: Actor, request_uid: str) -> datetime:
    """Open what was asked for, for the hours of the school; returns until when. Raises NotYours, AlreadyAnswered."""
    with operation(uow, actor, OPENING_GRANTED, Right.OPEN_EDITING) as op:
        must_answer(op)
        row = _unanswered(op, request_uid)
        op.reason = row.reason
        until = op.now + timedelta(hours=reads.hours(op.reading))
        reach = Reach(DaySpan(row.day, row.day), course_id=row.course_id, person_id=row.student_id)
        open_editing(op, reach, until, row.id)
        _decide(op, row, "granted")
    return until


def open_editing(op: Operation, reach: Reach, until: datetime, request_id: int | None = None) -> str:
    """Let what is in `reach` be written until a moment, for the reason of the operation; returns the opening's uid.

    The caller announces. Raises NotYours for a scope of nothing or of another school.
    """
    if not _is_of_school(op, reach):
        raise NotYours
    opening = {
        "school_id": op.actor.hat.school_id,
        "course_id": reach.course_id,
        "class_id": reach.class_id,
        "person_id": reach.person_id,
        "first_day": reach.days.first,
        "last_day": reach.days.last,
        "until": until,
        "over_closed_period": reach.over_closed_period,
        "reason": op.reason,
        "granted_by": op.actor.hat.person_id,
        "granted_at": op.now,
        "request_id": request_id,
    }
    return op.insert(OPENING, opening).uid


def close(uow: UnitOfWork, actor: Actor, opening_uid: str) -> None:
    """End an opening before its term. Raises NotYours, AlreadyAnswered (it is over)."""
    with operation(uow, actor, OPENING_CLOSED, Right.OPEN_EDITING) as op:
        close_within(op, opening_uid)


def close_within(op: Operation, opening_uid: str) -> None:
    """`close` within an operation."""
    must_answer(op)
    row = op.uow.execute(
        select(_opening).where(_opening.c.uid == opening_uid, _opening.c.school_id == op.actor.hat.school_id)
    ).one_or_none()
    if row is None:
        raise NotYours
    if row.until <= op.now:
        raise AlreadyAnswered(_("This is closed again already."))
    op.update(OPENING, row.id, until=op.now)
    announce(op, courses_of(op, row))


def must_answer(op: Operation) -> None:
    if not reads.answers(op.actor):
        raise NotYours


def _unanswered(op: Operation, request_uid: str) -> Any:
    row = op.uow.execute(
        select(_request, _course.c.uid.label("course"))
        .join(_course, _course.c.id == _request.c.course_id)
        .where(_request.c.uid == request_uid, _request.c.school_id == op.actor.hat.school_id)
    ).one_or_none()
    if row is None:
        raise NotYours
    if row.decided_at is not None:
        raise AlreadyAnswered(_("This request has been answered or taken back already."))
    return row


def _decide(op: Operation, row: Any, verdict: str, answer: str = "") -> None:
    decided = {"verdict": verdict, "answer": answer, "decided_by": op.actor.hat.person_id, "decided_at": op.now}
    op.update(OPENING_REQUEST, row.id, **decided)
    announce(op, [row.course])


def _sentence(text: str, field: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST_REASON:
        raise BadLesson(_("Write a sentence of at most {count} characters.").format(count=LONGEST_REASON), field)
    return said


def _must_not_repeat(op: Operation, lesson_id: int) -> None:
    own = _request.c.asked_by == op.actor.hat.person_id
    waiting = op.uow.execute(select(_request.c.lesson_id).where(own, _request.c.decided_at.is_(None))).scalars().all()
    if lesson_id in waiting:
        raise BadLesson(_("Your request for this lesson is waiting for its answer."))
    lately = op.uow.execute(
        select(func.count())
        .select_from(_request)
        .where(own, _request.c.asked_at > op.now - timedelta(hours=1), _request.c.asked_at <= op.now)
    ).scalar_one()
    if len(waiting) >= MOST_WAITING or lately >= MOST_IN_AN_HOUR:
        raise BadLesson(_("You have asked for many lessons. Wait for the answers."))


def _is_of_school(op: Operation, reach: Reach) -> bool:
    named = [
        (rows, key)
        for rows, key in ((_course, reach.course_id), (_class, reach.class_id), (_person, reach.person_id))
        if key is not None
    ]
    return bool(named) and all(
        op.uow.execute(select(rows.c.school_id).where(rows.c.id == key)).scalar_one_or_none() == op.actor.hat.school_id
        for rows, key in named
    )


def courses_of(op: Operation, opening: Any) -> list[str]:
    """The uids of the courses that an opening is about."""
    where = [_course.c.school_id == op.actor.hat.school_id]
    if opening.course_id is not None:
        where.append(_course.c.id == opening.course_id)
    if opening.class_id is not None:
        where.append(_course.c.class_id == opening.class_id)
    return list(op.uow.execute(select(_course.c.uid).where(*where).order_by(_course.c.uid)).scalars())


def announce(op: Operation, course_uids: list[str]) -> None:
    """Announce the change to the open pages of these courses and to the homes of the deputies."""
    feeds = {events.feed_of(uid): uid for uid in course_uids}
    for feed, sequence in bump_all(op.uow, sorted(feeds)).items():
        op.announce(CourseChanged(feeds[feed], sequence, "", "", reload=True))
    school = op.actor.hat.school_uid
    op.announce(OpeningsChanged(school, bump(op.uow, feed_of(school))))
