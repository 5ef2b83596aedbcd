"""Undo of what was done at lessons and their columns, under the checks that the person himself would meet now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ais_app.db.columns import pairs, table
from ais_app.i18n import _
from ais_app.journal.errors import BadLesson
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.contents import contents_of_lesson, contents_of_work
from ais_app.journal.lessons.queries.not_taken_back import WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.records import LESSON, WORK
from ais_app.journal.lessons.service.lessons import (
    MOST_WORKS,
    LessonRow,
    announce_lesson,
    lesson_to_write,
    work_of,
)
from ais_app.journal.lessons.service.taking_back import columns_after, must_be_sure
from ais_app.ledger.operation import Operation
from ais_app.ledger.putting_back import NotAsLeft
from ais_app.ledger.standing import DoneItem
from ais_app.ledger.undoing import Part

_lesson, _work = table(Lesson), table(Work)


def texts(op: Operation, part: Part) -> None:
    """Undo what was written about a lesson, or the kind of a column. Raises NotYours, TakenBack, BadLesson."""
    held = [lesson_to_write(op, uid) for uid in _lessons(op, part)]
    part.put_back(op)
    for one in held:
        _changed(op, one)


def added_lesson(op: Operation, part: Part) -> None:
    """Take a lesson back that was added, with everything in it. Raises also Question, ReasonMissing."""
    _take_lesson(op, part, _only(part, LESSON.name).subject)


def taken_lesson(op: Operation, part: Part) -> None:
    """Put a lesson back that was taken back, or the other way round.

    Raises also Question, ReasonMissing, PlaceTaken.
    """
    item = _only(part, LESSON.name)
    if (item.after or {}).get("taken_back_at") is None:
        _take_lesson(op, part, item.subject)
        return
    held = lesson_to_write(op, item.subject, taken_back=True)
    part.put_back(op)
    _changed(op, held)


def added_column(op: Operation, part: Part) -> None:
    """Take a column back that was added; those after it move up. Raises also Question, ReasonMissing."""
    _take_column(op, part, _only(part, WORK.name).subject)


def taken_column(op: Operation, part: Part) -> None:
    """Put a column back that was taken back, before those that were added after it, or the other way round."""
    item = next(one for one in part.items if "taken_back_at" in one.fields)
    if (item.after or {}).get("taken_back_at") is None:
        _take_column(op, part, item.subject)
        return
    work = work_of(op, item.subject, taken_back=True)
    held = lesson_to_write(op, work.lesson_uid)
    columns = _columns(op, held.id)
    if len(columns) >= MOST_WORKS:
        raise BadLesson(_("A lesson has at most {count} columns.").format(count=MOST_WORKS))
    following = [one for one in columns if one.id > work.id]
    ordinal = min((one.ordinal for one in following), default=len(columns) + 1)
    for later in reversed([one for one in columns if one.ordinal >= ordinal]):
        op.update(WORK, later.id, ordinal=later.ordinal + 1)
    op.update(WORK, work.id, taken_back_at=None, ordinal=ordinal)
    _changed(op, held)


def _take_lesson(op: Operation, part: Part, uid: str) -> None:
    held = lesson_to_write(op, uid)
    must_be_sure(op, contents_of_lesson(op.uow.connection, held.id), part.confirmed)
    op.update(LESSON, held.id, taken_back_at=op.now)
    _changed(op, held)


def _take_column(op: Operation, part: Part, uid: str) -> None:
    work = work_of(op, uid)
    held = lesson_to_write(op, work.lesson_uid)
    must_be_sure(op, contents_of_work(op.uow.connection, work.id), part.confirmed)
    op.update(WORK, work.id, taken_back_at=op.now)
    for later in columns_after(op, work):
        op.update(WORK, later.id, ordinal=later.ordinal - 1)
    _changed(op, held)


def _changed(op: Operation, held: LessonRow) -> None:
    """Count the change of a lesson, so that no form which was opened before overwrites it, and announce it."""
    op.update(LESSON, held.id, version=held.version + 1)
    announce_lesson(op, held.page, held.day)


def _only(part: Part, entity: str) -> DoneItem:
    found = [item for item in part.items if item.entity == entity]
    if len(found) != 1:
        raise NotAsLeft
    return found[0]


def _lessons(op: Operation, part: Part) -> list[str]:
    """The uids of the lessons that the items are about. An item of a homework has the lesson as its subject."""
    works = [item.subject for item in part.items if item.entity == WORK.name]
    named = select(_work.c.uid, _lesson.c.uid).join(_lesson, _lesson.c.id == _work.c.lesson_id)
    of_works = pairs(op.uow.execute(named.where(_work.c.uid.in_(works))))
    return sorted({of_works.get(item.subject, item.subject) for item in part.items})


def _columns(op: Operation, lesson_id: int) -> list[Any]:
    """The columns of a lesson that were not taken back, in order."""
    rows = op.uow.execute(
        select(_work.c.id, _work.c.ordinal)
        .where(_work.c.lesson_id == lesson_id, WORK_NOT_TAKEN_BACK)
        .order_by(_work.c.ordinal)
    )
    return list(rows)
