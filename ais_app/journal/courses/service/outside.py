"""Clearing entries outside of memberships: marks, absences and remarks that count nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.journal.courses.queries import outside
from ais_app.journal.courses.queries.outside import Entry
from ais_app.journal.errors import StaleEntries
from ais_app.journal.grid.queries.cells import stored_cells
from ais_app.journal.grid.service.cells import cell_item, empty_cell, subject
from ais_app.journal.kinds import ENTRIES_CLEARED
from ais_app.journal.remarks.models import Remark
from ais_app.journal.remarks.records import REMARK
from ais_app.ledger.operation import Operation, operation
from ais_app.people.models import Person
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right, Scope

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
    with operation(uow, actor, ENTRIES_CLEARED, Right.CLEAR_ENTRIES) as op:
        found = _entries(op, asked)
        if len(found) != asked.count:
            raise StaleEntries
        now = found[:MOST]
        _clear_cells(op, now)
        _withdraw(op, now)
    return len(now)


def _entries(op: Operation, asked: Clearing) -> list[Entry]:
    school_id = op.actor.hat.school_id or 0
    people = op.uow.execute(_person.select().where(_person.c.uid == asked.student, _person.c.school_id == school_id))
    ids = [row.id for row in people]
    found = outside.entries(op.uow.connection, school_id, op.reading.today, ids) if ids else []
    found = [one for one in found if one.class_or_course == asked.class_or_course and not one.closed]
    if not found:
        raise NotYours
    return found


def _clear_cells(op: Operation, found: Sequence[Entry]) -> None:
    """Empty the cells of marks and absences, each with its next version."""
    by_cell = {(one.student_id, one.work_id): one for one in found if one.kind != outside.REMARK}
    students = {student for student, _work in by_cell}
    stored = stored_cells(op.uow.connection, [work for _student, work in by_cell], students)
    for (student, work), one in by_cell.items():
        before = stored[student, work]
        empty_cell(op.uow, one.lesson_id, (work, student), before)
        change = (before.value.text, before.version), ("", before.version + 1)
        op.add(cell_item(subject(one.student, one.work), *change))


def _withdraw(op: Operation, found: Sequence[Entry]) -> None:
    uids = [one.remark for one in found if one.kind == outside.REMARK]
    ids = op.uow.execute(select(_remark.c.id).where(_remark.c.uid.in_(uids))).scalars().all()
    op.update_all(REMARK, {remark_id: {"withdrawn_at": op.now} for remark_id in ids})
