"""Clearing entries outside of memberships: marks, absences and remarks that count nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import update

from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.journal.courses.queries import outside
from ais_app.journal.courses.queries.outside import Entry
from ais_app.journal.errors import StaleEntries
from ais_app.journal.grid.queries.cells import stored_cells
from ais_app.journal.grid.service.cells import cell_item, empty_cell, subject
from ais_app.journal.remarks.models import Remark
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import Item
from ais_app.people.models import Person
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right, Scope

KIND = "entries_cleared"
MOST = 500  # of one operation

_remark = table(Remark)
_person = table(Person)


@dataclass(frozen=True, slots=True)
class Clearing:
    """Whose entries (uid) in which class or course (uid) to clear; `count`: how many of them the person has seen."""

    student: str
    class_or_course: str
    count: int


def clear_entries(uow: UnitOfWork, actor: Actor, asked: Clearing) -> int:
    """Clear entries outside the membership, at most `MOST` at once; returns how many. Those in closed periods stay.

    The ledger keeps the values. Raises NotYours (no right, or nothing of this student there) and StaleEntries (there
    are not as many as were seen).
    """
    if Scope.SCHOOL not in actor.scopes(Right.CLEAR_ENTRIES) or actor.hat.school_id is None:
        raise NotYours
    chain = ledger.lock(uow, ledger.school_chain(actor.hat.school_uid))
    found = _entries(uow, actor, asked)
    if len(found) != asked.count:
        raise StaleEntries
    now = found[:MOST]
    items = [*_clear_cells(uow, now), *_withdraw(uow, now)]
    ledger.append(uow, chain, actor.author, KIND, items)
    return len(now)


def _entries(uow: UnitOfWork, actor: Actor, asked: Clearing) -> list[Entry]:
    people = uow.execute(
        _person.select().where(_person.c.uid == asked.student, _person.c.school_id == actor.hat.school_id)
    )
    ids = [row.id for row in people]
    today = local_date(uow.now, actor.hat.zone)
    found = outside.entries(uow.connection, actor.hat.school_id or 0, today, ids) if ids else []
    found = [one for one in found if one.class_or_course == asked.class_or_course and not one.closed]
    if not found:
        raise NotYours
    return found


def _clear_cells(uow: UnitOfWork, found: Sequence[Entry]) -> list[Item]:
    """Empty the cells of marks and absences, each with its next version."""
    by_cell = {(one.student_id, one.work_id): one for one in found if one.kind != outside.REMARK}
    if not by_cell:
        return []
    students = {student for student, _work in by_cell}
    stored = stored_cells(uow.connection, [work for _student, work in by_cell], students)
    items = []
    for (student, work), one in by_cell.items():
        before = stored[student, work]
        empty_cell(uow, one.lesson_id, (work, student), before)
        change = (before.value.text, before.version), ("", before.version + 1)
        items.append(cell_item(subject(one.student, one.work), *change, None))
    return items


def _withdraw(uow: UnitOfWork, found: Sequence[Entry]) -> list[Item]:
    uids = [one.remark for one in found if one.kind == outside.REMARK]
    if uids:
        uow.execute(update(_remark).where(_remark.c.uid.in_(uids)).values(withdrawn_at=uow.now))
    return [Item("remark", uid, {"withdrawn": False}, {"withdrawn": True}) for uid in uids]
