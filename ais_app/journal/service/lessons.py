"""Keeping lessons: adding one by hand, its topic and homework, the works that stand as columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor, Right
from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.db.topics import bump
from ais_app.i18n import _
from ais_app.journal.errors import BadLesson, BadNumber, StaleLesson
from ais_app.journal.events import CourseChanged, announce_diaries
from ais_app.journal.models import ControlType, Course, Homework, Lesson, Work
from ais_app.journal.queries import sheet as sheets
from ais_app.journal.queries.courses import CourseRow, course_to_write
from ais_app.journal.rules import ColumnState, column_state
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import FreeText, Item

LONGEST_TOPIC, LONGEST_HOMEWORK, MOST_MINUTES, LAST_NUMBER, MOST_WORKS = 300, 2000, 240, 12, 4

_lesson = table(Lesson)
_homework = table(Homework)
_work = table(Work)
_type = table(ControlType)
_course = table(Course)


@dataclass(frozen=True, slots=True)
class LessonText:
    """What a teacher writes about a lesson; `version` is the one he saw."""

    lesson: str
    version: int
    topic: str
    homework: str
    minutes: int | None
    nothing_set: bool
    due: date | None = None


class LessonTexts(NamedTuple):
    """What stands in a lesson: topic, homework, its minutes, «nothing is set», the day that is set for it."""

    topic: str = ""
    homework: str = ""
    minutes: int | None = None
    nothing_set: bool = False
    due: date | None = None


@dataclass(frozen=True, slots=True)
class HeldLesson:
    """A lesson that this actor may write, with its course and chain."""

    id: int
    uid: str
    day: date
    version: int
    topic: str
    homework: str
    minutes: int | None
    nothing_set: bool
    due: date | None
    page: CourseRow
    chain: ledger.Chain


def add_lesson(uow: UnitOfWork, actor: Actor, course_uid: str, day: date, number: int) -> str:
    """Add a lesson by hand with one ordinary work; returns its uid.

    Raises NotYours, BadLesson (outside the year, place taken, period closed, window over).
    """
    chain = ledger.lock(uow, ledger.school_chain(actor.hat.school_uid))
    today = local_date(uow.now, actor.hat.zone)
    page = course_to_write(uow.connection, actor, course_uid, today)
    if not page.year_from <= day <= page.year_to:
        raise BadLesson(_("This day is not in the school year."), "day")
    _must_teach(uow, actor, page, day)
    if not 0 <= number <= LAST_NUMBER:
        raise BadNumber("number", 0, LAST_NUMBER)
    _must_be_open(uow, page, day, today)
    uid = uow.make_uid()
    try:
        lesson_id = uow.execute(
            insert(_lesson)
            .values(uid=uid, school_id=actor.hat.school_id, course_id=page.id, day=day, number=number)
            .returning(_lesson.c.id)
        ).scalar_one()
    except IntegrityError as error:
        raise BadLesson(_("This course already has a lesson with this number on that day."), "number") from error
    work_uid = _add_work(uow, lesson_id, actor.hat.school_id, 1, type_uid=None)
    after = {"day": day.isoformat(), "number": number, "course": page.uid, "work": work_uid}
    ledger.append(uow, chain, actor.author, "lesson_added", [Item("lesson", uid, None, after)])
    _announce(uow, actor, page, day)
    return uid


def describe_lesson(uow: UnitOfWork, actor: Actor, text: LessonText) -> int:
    """Write topic and homework of a lesson; returns its new version. Future lessons may be prepared.

    Raises NotYours, StaleLesson, BadLesson (too long, no day to do it by, period closed, window over).
    """
    held = held_lesson(uow, actor, text.lesson)
    if text.version != held.version:
        raise StaleLesson
    topic, homework = text.topic.strip(), text.homework.strip()
    for field, said, longest in (("topic", topic, LONGEST_TOPIC), ("homework", homework, LONGEST_HOMEWORK)):
        if len(said) > longest:
            raise BadLesson(_("The text is too long."), field)
    if text.minutes is not None and not 0 < text.minutes <= MOST_MINUTES:
        raise BadNumber("minutes", 1, MOST_MINUTES)
    if text.nothing_set and homework:
        raise BadLesson(_("Either homework is set, or «nothing is set» is ticked."), "homework")
    if text.due is not None and homework:
        _must_be_after(held, text.due)
    of_homework = (text.minutes, text.due) if homework else (None, None)
    after = LessonTexts(topic, homework, of_homework[0], text.nothing_set, of_homework[1])
    before = LessonTexts(held.topic, held.homework, held.minutes, held.nothing_set, held.due)
    if after == before:
        return held.version
    uow.execute(update(_lesson).where(_lesson.c.id == held.id).values(topic=topic, version=held.version + 1))
    _write_homework(uow, held.id, after)
    item = lesson_item(held.uid, before, after)
    ledger.append(uow, held.chain, actor.author, "lesson_described", [item])
    _announce(uow, actor, held.page, held.day)
    return held.version + 1


def add_work(uow: UnitOfWork, actor: Actor, lesson_uid: str, type_uid: str) -> str:
    """Add a column to a lesson: a second thing that is marked in it; returns the work's uid."""
    held = held_lesson(uow, actor, lesson_uid)
    last = uow.execute(select(func.max(_work.c.ordinal)).where(_work.c.lesson_id == held.id)).scalar_one() or 0
    if last >= MOST_WORKS:
        raise BadLesson(_("A lesson has at most {count} columns.").format(count=MOST_WORKS))
    uid = _add_work(uow, held.id, actor.hat.school_id, last + 1, type_uid)
    item = Item("work", uid, None, {"lesson": held.uid, "ordinal": last + 1, "type": type_uid})
    ledger.append(uow, held.chain, actor.author, "work_added", [item])
    _announce(uow, actor, held.page, held.day)
    return uid


def change_work(uow: UnitOfWork, actor: Actor, work_uid: str, type_uid: str) -> None:
    """Give a column another control type, and with it that type's weight; means follow at once."""
    row = uow.execute(
        select(_work, _lesson.c.uid.label("lesson_uid"), _type.c.uid.label("type_uid"))
        .join(_lesson, _lesson.c.id == _work.c.lesson_id)
        .join(_type, _type.c.id == _work.c.control_type_id)
        .where(_work.c.uid == work_uid, _lesson.c.school_id == actor.hat.school_id)
    ).one_or_none()
    if row is None:
        raise NotYours
    held = held_lesson(uow, actor, row.lesson_uid)
    type_id, weight, _uid = _control_type(uow, actor.hat.school_id, type_uid)
    if type_uid == row.type_uid:
        return
    uow.execute(update(_work).where(_work.c.id == row.id).values(control_type_id=type_id, weight=weight))
    item = work_item(work_uid, (row.type_uid, row.weight), (type_uid, weight))
    ledger.append(uow, held.chain, actor.author, "work_changed", [item])
    _announce(uow, actor, held.page, held.day)


def held_lesson(uow: UnitOfWork, actor: Actor, lesson_uid: str) -> HeldLesson:
    """A lesson that this actor teaches and may still write, under the lock of its chain. Raises NotYours, BadLesson."""
    chain = ledger.lock(uow, ledger.school_chain(actor.hat.school_uid))
    today = local_date(uow.now, actor.hat.zone)
    row = uow.execute(
        select(
            _lesson,
            _course.c.uid.label("course_uid"),
            _homework.c.text,
            _homework.c.minutes,
            _homework.c.nothing_set,
            _homework.c.due,
        )
        .join(_course, _course.c.id == _lesson.c.course_id)
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
        .where(_lesson.c.uid == lesson_uid, _lesson.c.school_id == actor.hat.school_id)
    ).one_or_none()
    if row is None:
        raise NotYours
    page = course_to_write(uow.connection, actor, row.course_uid, today)
    _must_teach(uow, actor, page, row.day)
    _must_be_open(uow, page, row.day, today)
    return HeldLesson(
        id=row.id,
        uid=row.uid,
        day=row.day,
        version=row.version,
        topic=row.topic,
        homework=row.text or "",
        minutes=row.minutes,
        nothing_set=bool(row.nothing_set),
        due=row.due,
        page=page,
        chain=chain,
    )


def _must_teach(uow: UnitOfWork, actor: Actor, page: CourseRow, day: date) -> None:
    terms = sheets.teaching_terms(uow.connection, actor, page.id) if actor.may(Right.KEEP_LESSONS) else []
    if not any(start <= day and (end is None or day < end) for start, end in terms):
        raise NotYours


def _must_be_after(held: HeldLesson, due: date) -> None:
    """Homework is done after its lesson and within the school year; a day that stands already is not asked again."""
    if due != held.due and not held.day < due <= held.page.year_to:
        raise BadLesson(_("Homework is due after its lesson, in this school year."), "due")


def _must_be_open(uow: UnitOfWork, page: CourseRow, day: date, today: date) -> None:
    """A lesson that lies ahead may be prepared; a closed period or an ended window refuses."""
    closed = sheets.closed_on(sheets.periods(uow.connection, page.scheme_id), day)
    state = column_state(day, today, page.window, period_closed=closed)
    if state in (ColumnState.CLOSED, ColumnState.LOCKED):
        raise BadLesson(sheets.why_not(state, day, page.window), "day")


def _add_work(uow: UnitOfWork, lesson_id: int, school_id: int | None, ordinal: int, type_uid: str | None) -> str:
    type_id, weight, _uid = _control_type(uow, school_id, type_uid)
    uid = uow.make_uid()
    uow.execute(
        insert(_work).values(uid=uid, lesson_id=lesson_id, ordinal=ordinal, control_type_id=type_id, weight=weight)
    )
    return uid


def _control_type(uow: UnitOfWork, school_id: int | None, type_uid: str | None) -> tuple[int, int, str]:
    which = _type.c.is_default if type_uid is None else _type.c.uid == type_uid
    row = uow.execute(
        select(_type).where(_type.c.school_id == school_id, which).order_by(_type.c.id).limit(1)
    ).one_or_none()
    if row is None:
        raise NotYours
    return row.id, row.weight, row.uid


def _write_homework(uow: UnitOfWork, lesson_id: int, after: LessonTexts) -> None:
    values = {"text": after.homework, "minutes": after.minutes, "nothing_set": after.nothing_set, "due": after.due}
    written = uow.execute(update(_homework).where(_homework.c.lesson_id == lesson_id).values(**values)).rowcount
    if not written and (after.homework or after.nothing_set):
        uow.execute(insert(_homework).values(lesson_id=lesson_id, **values))


def lesson_item(uid: str, before: LessonTexts, after: LessonTexts) -> Item:
    """How a change of a lesson's texts stands in the ledger."""
    return Item("lesson", uid, _spelled(before), _spelled(after))


def work_item(uid: str, before: tuple[str, int], after: tuple[str, int]) -> Item:
    """How a column's change of (type uid, weight) stands in the ledger."""
    (type_before, weight_before), (type_after, weight_after) = before, after
    return Item(
        "work", uid, {"type": type_before, "weight": weight_before}, {"type": type_after, "weight": weight_after}
    )


def _spelled(values: LessonTexts) -> dict[str, Any]:
    return {
        "topic": FreeText(values.topic),
        "homework": FreeText(values.homework),
        "minutes": values.minutes,
        "nothing_set": values.nothing_set,
        "due": values.due.isoformat() if values.due else None,
    }


def _announce(uow: UnitOfWork, actor: Actor, page: CourseRow, day: date) -> None:
    sequence = bump(uow, sheets.topic_of(page.uid))
    uow.announce(CourseChanged(page.uid, sequence, "", actor.hat.person_uid, reload=True))
    present = [one.uid for one in sheets.students(uow.connection, page.group_id, day, day) if one.belongs_on(day)]
    announce_diaries(uow, present)
