"""Whether the cells of the journal hold what the ledger says: each against the last operation that touched it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.journal.attendance.models import Attendance
from ais_app.journal.grid.models import Cell, Mark
from ais_app.journal.grid.queries.cells import StoredCell, stored_cells
from ais_app.journal.lessons.models import Work
from ais_app.ledger.models import Operation, OperationItem, OperationText
from ais_app.ledger.verifying import Fault
from ais_app.people.models import Person

_operation, _item, _text = table(Operation), table(OperationItem), table(OperationText)
_person, _work, _cell, _mark, _attendance = table(Person), table(Work), table(Cell), table(Mark), table(Attendance)

BATCH = 500  # cells that are compared at a time
COMMENT = "after.comment"

_TOUCHED = (
    select(_item.c.subject, _item.c.data, _operation.c.uid, _text.c.text, _text.c.id.label("text_id"))
    .join(_operation, _operation.c.id == _item.c.operation_id)
    .outerjoin(_text, (_text.c.item_id == _item.c.id) & (_text.c.field == COMMENT))
    .where(_item.c.entity == "cell")
    .order_by(_item.c.subject, _item.c.id)
)
_STUDENTS = Prepared(select(_person.c.uid, _person.c.id).where(_person.c.uid.in_(bindparam("uids", expanding=True))))
_WORKS = Prepared(select(_work.c.uid, _work.c.id).where(_work.c.uid.in_(bindparam("uids", expanding=True))))


@dataclass(slots=True)
class _Said:
    """What the ledger says of a cell: value and version after the operation `uid`; `comment` None = it was erased."""

    subject: str
    uid: str
    value: str
    version: int
    comment: str | None


def cell_faults(connection: Connection) -> Iterator[Fault]:
    """Every cell that holds something else than the ledger says, and every mark or absence that it does not know."""
    batch: list[_Said] = []
    for said in _said_of_cells(connection):
        batch.append(said)
        if len(batch) == BATCH:
            yield from _compared(connection, batch)
            batch = []
    yield from _compared(connection, batch)
    yield from _unknown(connection)


def _said_of_cells(connection: Connection) -> Iterator[_Said]:
    rows = connection.execution_options(yield_per=5_000).execute(_TOUCHED)
    for subject, steps in groupby(rows, key=lambda row: row.subject):
        last, comment = None, ""
        for step in steps:
            last = step
            if step.text_id is not None:
                comment = step.text
        if last is not None:
            after = json.loads(last.data)["after"] or {}
            yield _Said(subject, last.uid, after.get("value", ""), after.get("version", 0), comment)


def _compared(connection: Connection, batch: Sequence[_Said]) -> Iterator[Fault]:
    if not batch:
        return
    keys = [tuple(said.subject.split(":")) for said in batch]
    students = {row.uid: row.id for row in _STUDENTS.all(connection, {"uids": sorted({key[0] for key in keys})})}
    works = {row.uid: row.id for row in _WORKS.all(connection, {"uids": sorted({key[-1] for key in keys})})}
    stored = stored_cells(connection, list(works.values()), list(students.values()))
    for said, key in zip(batch, keys, strict=True):
        cell = stored.get((students.get(key[0], 0), works.get(key[-1], 0)), StoredCell())
        if (cell.value.text, cell.version) != (said.value, said.version):
            holds = f"holds «{cell.value.text}» (version {cell.version})"
            yield Fault("cell", said.subject, f"{holds}, operation {said.uid} says «{said.value}» ({said.version})")
        elif said.comment is not None and cell.comment != said.comment:
            yield Fault("cell", said.subject, f"its comment is another one than operation {said.uid} says")


def _unknown(connection: Connection) -> Iterator[Fault]:
    """Rows of cells in no operation; marks and absences that belong to no row of a cell."""
    subject = _person.c.uid + ":" + _work.c.uid
    in_ledger = exists().where(_item.c.entity == "cell", _item.c.subject == subject)
    first = (_work.c.lesson_id == _attendance.c.lesson_id) & (_work.c.ordinal == 1)
    for name, rows, work, known in (
        ("cell", _cell, _work.c.id == _cell.c.work_id, in_ledger),
        ("mark", _mark, _work.c.id == _mark.c.work_id, _of_cell(_mark.c.student_id)),
        ("attendance", _attendance, first & _work.c.taken_back_at.is_(None), _of_cell(_attendance.c.student_id)),
    ):
        statement = (
            select(subject.label("subject"))
            .select_from(rows)
            .join(_work, work)
            .join(_person, _person.c.id == rows.c.student_id)
            .where(~known)
            .distinct()
        )
        for row in connection.execute(statement):
            yield Fault(name, row.subject, "is in no operation")


def _of_cell(student_id: Any) -> Any:
    return exists().where(_cell.c.work_id == _work.c.id, _cell.c.student_id == student_id)
