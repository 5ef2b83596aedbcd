"""Undo of requests to open a lesson, and of openings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.journal.errors import AlreadyAnswered
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.windows.models import Opening, OpeningRequest
from ais_app.journal.windows.records import OPENING, OPENING_REQUEST
from ais_app.journal.windows.service import openings
from ais_app.journal.windows.service.openings import NewRequest
from ais_app.ledger.operation import Operation
from ais_app.ledger.putting_back import NotAsLeft
from ais_app.ledger.undoing import Part
from ais_app.people.models import Person
from ais_app.rights.errors import NotYours

_opening, _request, _lesson, _person = table(Opening), table(OpeningRequest), table(Lesson), table(Person)


def asked(op: Operation, part: Part) -> None:
    """Take a request back while nobody has answered it. Raises NotYours, AlreadyAnswered."""
    openings.withdraw_within(op, part.items[0].subject)


def withdrawn(op: Operation, part: Part) -> None:
    """Let a request wait again that was taken back, or take it back again. Raises as `ask` and `withdraw`."""
    item = part.items[0]
    if (item.after or {}).get("verdict") == "":
        asked(op, part)
        return
    row = op.uow.execute(
        select(_request.c.id, _request.c.verdict, _lesson.c.uid, _person.c.uid.label("student"))
        .select_from(_request)
        .join(_lesson, _lesson.c.id == _request.c.lesson_id)
        .outerjoin(_person, _person.c.id == _request.c.student_id)
        .where(_request.c.uid == item.subject, _request.c.asked_by == op.actor.hat.person_id)
    ).one_or_none()
    if row is None:
        raise NotYours
    if row.verdict != "withdrawn":
        raise NotAsLeft
    course = openings.may_be_asked(op, NewRequest(row.uid, "", row.student or ""))
    op.update(OPENING_REQUEST, row.id, verdict="", answer="", decided_by=None, decided_at=None)
    openings.announce(op, [course])


def granted(op: Operation, part: Part) -> None:
    """End what was opened; its request waits again. Raises NotYours, AlreadyAnswered (it is over)."""
    openings.close_within(op, next((item.subject for item in part.items if item.entity == OPENING.name), ""))
    _put_requests_back(op, part)


def closed(op: Operation, part: Part) -> None:
    """Open again, until the moment that was set, what was ended before, with its request if that waits again.

    Raises NotYours, AlreadyAnswered.
    """
    openings.must_answer(op)
    for item in part.items:
        if item.entity != OPENING.name:
            continue
        row = op.uow.execute(
            select(_opening).where(_opening.c.uid == item.subject, _opening.c.school_id == op.actor.hat.school_id)
        ).one_or_none()
        if row is None:
            raise NotYours
        until = datetime.fromisoformat((item.before or {})["until"])
        if row.until > op.now:
            raise NotAsLeft
        if until <= op.now:
            raise AlreadyAnswered(_("This is closed again already."))
        op.update(OPENING, row.id, until=until)
        openings.announce(op, openings.courses_of(op, row))
    _put_requests_back(op, part)


def _put_requests_back(op: Operation, part: Part) -> None:
    part.put_back(op, [item for item in part.items if item.entity == OPENING_REQUEST.name])
