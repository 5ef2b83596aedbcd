"""Taking back what was made by mistake, and putting it back: lessons and columns. Nothing is deleted.

Only the person who made a thing takes it back, while its lesson may still be written. Where it holds marks, he is told
how many, confirms that, and gives a reason.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.journal.errors import BadLesson
from ais_app.journal.kinds import LESSON_PUT_BACK, LESSON_TAKEN_BACK, WORK_PUT_BACK, WORK_TAKEN_BACK
from ais_app.journal.lessons.models import Work
from ais_app.journal.lessons.queries.contents import Contents, contents_of_lesson, contents_of_work
from ais_app.journal.lessons.queries.not_taken_back import WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.queries.taken_back import made_by
from ais_app.journal.lessons.records import LESSON, WORK
from ais_app.journal.lessons.service.lessons import announce_lesson, ask, lesson_to_write, next_ordinal, work_of
from ais_app.journal.lessons.views import contents_in_words
from ais_app.ledger.operation import Operation, operation
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right

_work = table(Work)


def take_back_lesson(uow: UnitOfWork, actor: Actor, lesson_uid: str, reason: str = "", confirmed: str = "") -> date:
    """Take a lesson back that the actor added: no view shows it, its day and number are free again. Returns its day.

    Raises NotYours (not his, not added by him), BadLesson (period closed, window over), Question (it holds marks),
    ReasonMissing.
    """
    with operation(uow, actor, LESSON_TAKEN_BACK, Right.KEEP_LESSONS, reason) as op:
        held = lesson_to_write(op, lesson_uid)
        _must_have_made(op, held.uid)
        must_be_sure(op, contents_of_lesson(uow.connection, held.id), confirmed)
        op.update(LESSON, held.id, taken_back_at=op.now, version=held.version + 1)
        announce_lesson(op, held.page, held.day)
    return held.day


def put_back_lesson(uow: UnitOfWork, actor: Actor, lesson_uid: str) -> date:
    """Put a lesson back with everything in it; returns its day.

    Raises NotYours, BadLesson (another lesson has its day and number, period closed, window over).
    """
    with operation(uow, actor, LESSON_PUT_BACK, Right.KEEP_LESSONS) as op:
        held = lesson_to_write(op, lesson_uid, taken_back=True)
        _must_have_made(op, held.uid)
        try:
            op.update(LESSON, held.id, taken_back_at=None, version=held.version + 1)
        except IntegrityError as error:
            raise BadLesson(_("Another lesson stands at its place now.")) from error
        announce_lesson(op, held.page, held.day)
    return held.day


def take_back_work(uow: UnitOfWork, actor: Actor, work_uid: str, reason: str = "", confirmed: str = "") -> date:
    """Take a column back that the actor added to a lesson; the columns after it move up. Raises as for a lesson."""
    with operation(uow, actor, WORK_TAKEN_BACK, Right.KEEP_LESSONS, reason) as op:
        work = work_of(op, work_uid)
        held = lesson_to_write(op, work.lesson_uid)
        _must_have_made(op, work_uid)
        must_be_sure(op, contents_of_work(uow.connection, work.id), confirmed)
        op.update(WORK, work.id, taken_back_at=op.now)
        for later in columns_after(op, work):  # one by one: no two columns may have the same number, even for a moment
            op.update(WORK, later.id, ordinal=later.ordinal - 1)
        announce_lesson(op, held.page, held.day)
    return held.day


def put_back_work(uow: UnitOfWork, actor: Actor, work_uid: str) -> date:
    """Put a column back with its marks, as the last one of its lesson; returns the lesson's day.

    Raises NotYours, BadLesson (period closed, window over, as many columns as there may be).
    """
    with operation(uow, actor, WORK_PUT_BACK, Right.KEEP_LESSONS) as op:
        work = work_of(op, work_uid, taken_back=True)
        held = lesson_to_write(op, work.lesson_uid)
        _must_have_made(op, work_uid)
        op.update(WORK, work.id, taken_back_at=None, ordinal=next_ordinal(uow, held.id))
        announce_lesson(op, held.page, held.day)
    return held.day


def _must_have_made(op: Operation, uid: str) -> None:
    """Only the person who made it takes it back. Raises NotYours."""
    if uid not in made_by(op.uow.connection, op.actor, [uid]):
        raise NotYours


def must_be_sure(op: Operation, contents: Contents, confirmed: str) -> None:
    """Raise Question until the person has confirmed how much is taken out of sight, and ask for a reason."""
    if contents:
        ask(contents_in_words(contents), confirmed)
        op.need_reason()


def columns_after(op: Operation, work: Any) -> list[Any]:
    """The columns of the same lesson after this one, in order."""
    rows = op.uow.execute(
        select(_work.c.id, _work.c.ordinal)
        .where(_work.c.lesson_id == work.lesson_id, _work.c.ordinal > work.ordinal, WORK_NOT_TAKEN_BACK)
        .order_by(_work.c.ordinal)
    )
    return list(rows)
