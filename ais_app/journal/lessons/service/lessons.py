"""Keeping lessons: adding one by hand, its topic, homework and kind of work, and its columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from ais_app.clock import SchoolMoment, school_moment
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.db.feeds import bump
from ais_app.i18n import _
from ais_app.journal import events
from ais_app.journal.courses.queries import students
from ais_app.journal.courses.queries.courses import CourseRow, course_to_write
from ais_app.journal.errors import BadLesson, BadNumber, Question, StaleLesson, TakenBack
from ais_app.journal.events import CourseChanged, announce_diaries
from ais_app.journal.kinds import LESSON_ADDED, LESSON_DESCRIBED, WORK_ADDED, WORK_CHANGED
from ais_app.journal.lessons.models import Homework, Lesson, Work
from ais_app.journal.lessons.queries import columns
from ais_app.journal.lessons.queries.not_taken_back import WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.queries.warnings import warnings
from ais_app.journal.lessons.records import HOMEWORK, LESSON, WORK
from ais_app.journal.lessons.views import warnings_in_words
from ais_app.journal.windows.queries import periods
from ais_app.journal.windows.queries.openings import openings
from ais_app.journal.windows.rules import ColumnState, admitting, column_state, ended
from ais_app.journal.windows.views import why_not, why_shut
from ais_app.ledger.operation import Operation, operation
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right
from ais_app.school.models import ControlType, Course

LONGEST_TOPIC, LONGEST_HOMEWORK, MOST_MINUTES, LAST_NUMBER, MOST_WORKS = 300, 2000, 240, 12, 4

_lesson = table(Lesson)
_homework = table(Homework)
_work = table(Work)
_type = table(ControlType)
_course = table(Course)


@dataclass(frozen=True, slots=True)
class LessonText:
    """What a teacher writes about a lesson (uid); `version` is the one he saw.

    `kind` (uid): the new kind of its column `work` (uid); where `kind` is empty, the kind stays.
    """

    lesson: str
    version: int
    topic: str
    homework: str
    minutes: int | None
    nothing_set: bool
    work: str = ""
    kind: str = ""
    due: date | None = None


class LessonTexts(NamedTuple):
    """The texts of a lesson: topic, homework, its minutes, «nothing is set», the day that was set for the homework."""

    topic: str = ""
    homework: str = ""
    minutes: int | None = None
    nothing_set: bool = False
    due: date | None = None


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson that this actor may write, with its course; `homework_id`: the row of its homework, where it has one."""

    id: int
    uid: str
    day: date
    version: int
    topic: str
    homework: str
    minutes: int | None
    nothing_set: bool
    due: date | None
    homework_id: int | None
    page: CourseRow


def add_lesson(
    uow: UnitOfWork, actor: Actor, course_uid: str, day: date, number: int, confirmed: str | None = None
) -> str:
    """Add a lesson by hand with one ordinary work; returns its uid.

    `confirmed`: the text of the warnings that the person has accepted; None for a program: nothing is warned of.
    Raises NotYours, BadLesson (outside the year, day and number taken, period closed, window over), Question (a
    Sunday, a holiday, another lesson of the teacher or of the same students at that time).
    """
    with operation(uow, actor, LESSON_ADDED, Right.KEEP_LESSONS) as op:
        at = school_moment(op.now, actor.hat.zone)
        page = course_to_write(op.reading, course_uid)
        if not page.year_from <= day <= page.year_to:
            raise BadLesson(_("This day is not in the school year."), "day")
        _must_teach(uow, actor, page, day)
        if not 0 <= number <= LAST_NUMBER:
            raise BadNumber("number", 0, LAST_NUMBER)
        _must_be_open(op, page, day, at)
        if confirmed is not None:
            against = warnings(op.reading, page, day, number)
            ask(warnings_in_words(against, day, number), confirmed)
        try:
            made = op.insert(
                LESSON, {"school_id": actor.hat.school_id, "course_id": page.id, "day": day, "number": number}
            )
        except IntegrityError as error:
            raise BadLesson(_("This course already has a lesson with this number on that day."), "number") from error
        _add_work(op, made.id, 1, type_uid=None)
        announce_lesson(op, page, day)
    return made.uid


def describe_lesson(uow: UnitOfWork, actor: Actor, text: LessonText) -> int:
    """Write topic and homework of a lesson; returns its new version. Future lessons may be prepared.

    Raises NotYours, StaleLesson, BadLesson (too long, no day to do it by, period closed, window over).
    """
    with operation(uow, actor, LESSON_DESCRIBED, Right.KEEP_LESSONS) as op:
        held = lesson_to_write(op, text.lesson)
        if text.version != held.version:
            raise StaleLesson
        after = _checked(held, text)
        before = LessonTexts(held.topic, held.homework, held.minutes, held.nothing_set, held.due)
        retyped = bool(text.kind) and _change_work(op, work_of(op, text.work, held.uid), text.kind)
        if after == before and not retyped:
            return held.version
        op.update(LESSON, held.id, topic=after.topic, version=held.version + 1)
        _write_homework(op, held, after)
        announce_lesson(op, held.page, held.day)
    return held.version + 1


def _checked(held: LessonRow, text: LessonText) -> LessonTexts:
    """The texts as they are written. Raises BadLesson."""
    topic, homework = text.topic.strip(), text.homework.strip()
    for field, said, longest in (("topic", topic, LONGEST_TOPIC), ("homework", homework, LONGEST_HOMEWORK)):
        if len(said) > longest:
            raise BadLesson(_("The text is too long."), field)
    if text.minutes is not None and not 0 < text.minutes <= MOST_MINUTES:
        raise BadNumber("minutes", 1, MOST_MINUTES)
    if text.nothing_set and homework:
        raise BadLesson(_("Either homework is set, or «nothing is set» is ticked."), "homework")
    if not homework:
        return LessonTexts(topic, nothing_set=text.nothing_set)
    if text.due is not None:
        _must_be_after(held, text.due)
    return LessonTexts(topic, homework, text.minutes, due=text.due)


def add_work(uow: UnitOfWork, actor: Actor, lesson_uid: str, type_uid: str) -> str:
    """Add a column to a lesson: a second thing that is marked in it; returns the work's uid."""
    with operation(uow, actor, WORK_ADDED, Right.KEEP_LESSONS) as op:
        held = lesson_to_write(op, lesson_uid)
        ordinal = next_ordinal(uow, held.id)
        uid = _add_work(op, held.id, ordinal, type_uid)
        announce_lesson(op, held.page, held.day)
    return uid


def next_ordinal(uow: UnitOfWork, lesson_id: int) -> int:
    """The ordinal of one more column of a lesson. Raises BadLesson when there are `MOST_WORKS` already."""
    last = uow.execute(
        select(func.max(_work.c.ordinal)).where(_work.c.lesson_id == lesson_id, WORK_NOT_TAKEN_BACK)
    ).scalar_one()
    if (last or 0) >= MOST_WORKS:
        raise BadLesson(_("A lesson has at most {count} columns.").format(count=MOST_WORKS))
    return (last or 0) + 1


def change_work(uow: UnitOfWork, actor: Actor, work_uid: str, type_uid: str) -> None:
    """Give a column another control type, and with it that type's weight; means follow at once."""
    with operation(uow, actor, WORK_CHANGED, Right.KEEP_LESSONS) as op:
        work = work_of(op, work_uid)
        held = lesson_to_write(op, work.lesson_uid)
        if _change_work(op, work, type_uid):
            announce_lesson(op, held.page, held.day)


def _change_work(op: Operation, work: Any, type_uid: str) -> bool:
    """Give a column another kind and its weight; whether it had another one. The caller has checked who may write."""
    type_id, weight = _control_type(op, type_uid)
    if type_uid == work.type_uid:
        return False
    return op.update(WORK, work.id, control_type_id=type_id, weight=weight)


def work_of(op: Operation, work_uid: str, lesson_uid: str = "", *, taken_back: bool = False) -> Any:
    """The row of a column with its `lesson_uid` and `type_uid`; where `lesson_uid` is given, it must be a column of it.

    `taken_back`: the column must have been taken back, else it must not. Raises NotYours, TakenBack, and what
    `lesson_to_write` raises.
    """
    row = op.uow.execute(
        select(
            _work,
            _lesson.c.uid.label("lesson_uid"),
            _type.c.uid.label("type_uid"),
            WORK_NOT_TAKEN_BACK.label("not_taken_back"),
        )
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .where(_work.c.uid == work_uid, _lesson.c.school_id == op.actor.hat.school_id)
    ).one_or_none()
    if row is None or lesson_uid not in ("", row.lesson_uid):
        raise NotYours
    if taken_back is bool(row.not_taken_back):
        lesson_to_write(op, row.lesson_uid)  # only who may write there hears that it was taken back
        raise NotYours if taken_back else TakenBack
    return row


def lesson_to_write(op: Operation, lesson_uid: str, pupil: str = "", *, taken_back: bool = False) -> LessonRow:
    """A lesson that the actor teaches and may still write. `pupil` (uid): what will be written is about him alone.

    `taken_back`: the lesson must have been taken back, else it must not.
    Raises NotYours, TakenBack, BadLesson (period closed, window over).
    """
    uow, actor = op.uow, op.actor
    at = school_moment(op.now, actor.hat.zone)
    row = uow.execute(
        select(
            _lesson,
            _course.c.uid.label("course_uid"),
            _homework.c.id.label("homework_id"),
            _homework.c.text,
            _homework.c.minutes,
            _homework.c.nothing_set,
            _homework.c.due,
        )
        .join(_course, _course.c.id == _lesson.c.course_id)
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
        .where(
            _lesson.c.uid == lesson_uid,
            _lesson.c.school_id == actor.hat.school_id,
        )
    ).one_or_none()
    if row is None:
        raise NotYours
    page = course_to_write(op.reading, row.course_uid)
    _must_teach(uow, actor, page, row.day)
    if taken_back is (row.taken_back_at is None):
        raise NotYours if taken_back else TakenBack
    _must_be_open(op, page, row.day, at, pupil)
    return LessonRow(
        id=row.id,
        uid=row.uid,
        day=row.day,
        version=row.version,
        topic=row.topic,
        homework=row.text or "",
        minutes=row.minutes,
        nothing_set=bool(row.nothing_set),
        due=row.due,
        homework_id=row.homework_id,
        page=page,
    )


def ask(question: str, confirmed: str) -> None:
    """Raise Question unless `question` is empty or exactly what the person has `confirmed`."""
    if question and question != confirmed:
        raise Question(question)


def _must_teach(uow: UnitOfWork, actor: Actor, page: CourseRow, day: date) -> None:
    terms = columns.teaching_terms(uow.connection, actor, page.id) if actor.may(Right.KEEP_LESSONS) else []
    if not any(start <= day and (end is None or day < end) for start, end in terms):
        raise NotYours


def _must_be_after(held: LessonRow, due: date) -> None:
    """Homework is due after its lesson and within the school year; a day that was set already is not checked again.

    Raises BadLesson.
    """
    if due != held.due and not held.day < due <= held.page.year_to:
        raise BadLesson(_("Homework is due after its lesson, in this school year."), "due")


def _must_be_open(op: Operation, page: CourseRow, day: date, at: SchoolMoment, pupil: str = "") -> None:
    """A lesson that lies ahead may be prepared; a closed period or an ended window refuses, unless it is opened now.

    Where only an opening lets it be written, the operation names that in the ledger. Raises BadLesson.
    """
    connection = op.uow.connection
    closed = periods.closed_on(periods.periods(connection, page.scheme_id), day)
    state = column_state(day, at.day, page.window, period_closed=closed)
    if state not in (ColumnState.CLOSED, ColumnState.LOCKED):
        return
    near = [one.rule for one in openings(connection, page.id, at.now)]
    opening = admitting(near, state, day, at, pupil)
    if opening is None:
        why, last = why_not(state, page.window.last_day(day)), ended(near, state, day, at, pupil)
        raise BadLesson(why_shut(last, why, at, op.actor.hat.zone), "day")
    op.by_opening(opening.uid)


def _add_work(op: Operation, lesson_id: int, ordinal: int, type_uid: str | None) -> str:
    type_id, weight = _control_type(op, type_uid)
    row = {"lesson_id": lesson_id, "ordinal": ordinal, "control_type_id": type_id, "weight": weight}
    return op.insert(WORK, row).uid


def _control_type(op: Operation, type_uid: str | None) -> tuple[int, int]:
    """(id, weight) of a kind of work of the school; None: of the ordinary one. Raises NotYours."""
    which = _type.c.is_default if type_uid is None else _type.c.uid == type_uid
    row = op.uow.execute(
        select(_type).where(_type.c.school_id == op.actor.hat.school_id, which).order_by(_type.c.id).limit(1)
    ).one_or_none()
    if row is None:
        raise NotYours
    return row.id, row.weight


def _write_homework(op: Operation, held: LessonRow, after: LessonTexts) -> None:
    values = {"text": after.homework, "minutes": after.minutes, "nothing_set": after.nothing_set, "due": after.due}
    if held.homework_id is not None:
        op.update(HOMEWORK, held.homework_id, **values)
    elif after.homework or after.nothing_set:
        op.insert(HOMEWORK, {"lesson_id": held.id, **values})


def announce_lesson(op: Operation, page: CourseRow, day: date) -> None:
    """Announce that columns of a course on `day` changed, and the diaries of those who were in its group that day."""
    uow = op.uow
    sequence = bump(uow, events.feed_of(page.uid))
    op.announce(CourseChanged(page.uid, sequence, "", op.actor.hat.person_uid, reload=True))
    present = [one.uid for one in students.members(uow.connection, page.group_id, day, day) if one.belongs_on(day)]
    announce_diaries(op, present)
