"""Rows of the record as the ledger says them, and whether the tables hold the same (D-31).

Each row is folded from its items, a batch of subjects at a time, sorted by the database: memory does not grow with the
years. What a person demanded to be erased is not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, select

from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.ledger import records
from ais_app.ledger.fault import Fault
from ais_app.ledger.models import Operation, OperationItem, OperationText
from ais_app.ledger.records import Record
from ais_app.ledger.rows import References, rows_named
from ais_app.ledger.rules import after_of

_operation, _item, _text = table(Operation), table(OperationItem), table(OperationText)

BATCH = 500  # rows that are compared at a time
LONGEST_SHOWN = 80  # signs of a value in a fault


@dataclass(frozen=True, slots=True)
class Part:
    """What of a record is looked at: `chain`, with the rows of the school `school_id` alone; `since`: the rows that an
    operation touched from this moment on. Nothing given = all of it.
    """

    chain: str = ""
    school_id: int | None = None
    since: datetime | None = None


WHOLE = Part()


@dataclass(slots=True)
class Folded:
    """A row as the ledger says it: `values` {field: value}, None = there is no row; `by`: {field: the operation that
    wrote it last}, `operation`: the last of all; `erased`: the fields whose text was erased.
    """

    subject: str
    operation: str
    values: dict[str, Any] | None
    by: dict[str, str] = field(default_factory=dict[str, str])
    erased: set[str] = field(default_factory=set[str])


def folded(connection: Connection, record: Record, part: Part = WHOLE) -> Iterator[Folded]:
    """Every row of which the ledger speaks, in the order of the subjects; also those that are there no more."""
    statement = steps_of(record.name, part, _item.c.id)
    rows = connection.execution_options(yield_per=5_000).execute(statement)
    batch: list[tuple[Folded, dict[str, int]]] = []
    for subject, steps in groupby(rows, key=lambda row: row.subject):
        batch.append(_fold(record, subject, steps))
        if len(batch) == BATCH:
            yield from _with_texts(connection, batch)
            batch = []
    yield from _with_texts(connection, batch)


def steps_of(entity: str, part: Part, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The items of an entity with `subject`, `data` and the `uid` of the operation, sorted by subject and in order."""
    statement = (
        select(*columns, _item.c.subject, _item.c.data, _operation.c.uid)
        .join(_operation, _operation.c.id == _item.c.operation_id)
        .where(_item.c.entity == entity)
        .order_by(_item.c.subject, _item.c.id)
    )
    if part.chain:
        statement = statement.where(_operation.c.chain_id == part.chain)
    if part.since is not None:
        later = select(_item.c.subject).join(_operation, _operation.c.id == _item.c.operation_id)
        statement = statement.where(
            _item.c.subject.in_(later.where(_item.c.entity == entity, _operation.c.moment >= part.since))
        )
    return statement


def _fold(record: Record, subject: str, steps: Iterable[Any]) -> tuple[Folded, dict[str, int]]:
    """(the row without its texts, {field: item that holds its text})."""
    row, texts = Folded(subject, "", None), dict[str, int]()
    for step in steps:
        after = after_of(step.data)
        row.operation = step.uid
        if after is None:
            row.values, row.by = None, {}
            texts.clear()
            continue
        row.values = row.values or {}
        for name, value in after.items():
            if name not in record.fields:
                continue
            row.values[name], row.by[name] = value, step.uid
            if isinstance(value, dict):
                texts[name] = step.id
            else:
                texts.pop(name, None)
    return row, texts


def _with_texts(connection: Connection, batch: Sequence[tuple[Folded, dict[str, int]]]) -> Iterator[Folded]:
    ids = sorted({item for _row, texts in batch for item in texts.values()})
    found: dict[tuple[int, str], str | None] = {}
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        found |= {
            (one.item_id, one.field): one.text
            for one in connection.execute(
                select(_text.c.item_id, _text.c.field, _text.c.text).where(_text.c.item_id.in_(some))
            )
        }
    for row, texts in batch:
        for name, item in texts.items():
            text = found.get((item, f"after.{name}"))
            if text is None:
                row.erased.add(name)
            elif row.values is not None:
                row.values[name] = text
        yield row


def faults(connection: Connection, record: Record, part: Part = WHOLE) -> Iterator[Fault]:
    """Every row that holds something else than the ledger says, is missing, or is in no operation.

    The last is not looked for where only what was touched since a moment is.
    """
    batch: list[Folded] = []
    for row in folded(connection, record, part):
        batch.append(row)
        if len(batch) == BATCH:
            yield from _compared(connection, record, batch)
            batch = []
    yield from _compared(connection, record, batch)
    if part.since is None:
        yield from _unknown(connection, record, part)


def _compared(connection: Connection, record: Record, batch: Sequence[Folded]) -> Iterator[Fault]:
    if not batch:
        return
    live = _live(connection, record, [row.subject for row in batch])
    for said in batch:
        held = live.get(said.subject)
        if said.values is None:
            if held is not None:
                yield Fault(
                    record.name,
                    said.subject,
                    _("is there, operation {operation} deleted it").format(operation=said.operation),
                )
        elif held is None:
            yield Fault(
                record.name,
                said.subject,
                _("is missing, operation {operation} wrote it").format(operation=said.operation),
            )
        else:
            for name in record.fields:
                if name not in said.erased and held.get(name) != said.values.get(name):
                    yield Fault(record.name, said.subject, _differs(record, name, held, said))


def _differs(record: Record, name: str, held: Mapping[str, Any], said: Folded) -> str:
    by = said.by.get(name, said.operation)
    field = record.fields[name]()
    if name in record.personal:
        return _("«{field}» is another one than operation {operation} says").format(field=field, operation=by)
    shown = {"held": _shown(held.get(name)), "said": _shown((said.values or {}).get(name))}
    return _("«{field}» is {held}, operation {operation} says {said}").format(field=field, operation=by, **shown)


def _shown(value: Any) -> str:
    text = _("empty") if value is None else f"«{value}»"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _unknown(connection: Connection, record: Record, part: Part) -> Iterator[Fault]:
    last = 0
    while rows := _page(connection, record, last, part):
        last = rows[-1]["id"]
        subjects = list(_spelled(connection, record, rows))
        known = set(
            connection.execute(
                select(_item.c.subject).where(_item.c.entity == record.name, _item.c.subject.in_(subjects)).distinct()
            ).scalars()
        )
        for subject in subjects:
            if subject not in known:
                yield Fault(record.name, subject, _("is in no operation"))


def of_school(rows: Table, school_id: int) -> ColumnElement[bool]:
    """Whether a row belongs to the school: by a column of its own, or by the first row it refers to that does.

    Raises ValueError for a table of which no row belongs to a school.
    """
    path = _path_to_school(rows, frozenset())
    if path is None:
        msg = f"{rows.name} belongs to no school"
        raise ValueError(msg)
    return _along(path, school_id)


def belongs_to_schools(record: Record) -> bool:
    """Whether each row of the record is of one school."""
    return _path_to_school(record.table, frozenset()) is not None


def _path_to_school(rows: Table, seen: frozenset[str]) -> list[Column[Any]] | None:
    """The shortest way of columns from `rows` to the key of a school; None = there is none."""
    if rows.name == "school":
        return [rows.c.id]
    ways: list[list[Column[Any]]] = []
    for column in rows.columns:
        for key in column.foreign_keys:
            target = key.column.table
            if target.name not in seen | {rows.name}:
                onward = _path_to_school(target, seen | {rows.name})
                if onward is not None and (target.name == "school" or not column.nullable):
                    ways.append([column, *onward])
    return min(ways, key=len, default=None)


def _along(path: Sequence[Column[Any]], school_id: int) -> ColumnElement[bool]:
    first, *rest = path
    if not rest:
        return first == school_id
    target = rest[0].table
    return first.in_(select(target.c.id).where(_along(rest, school_id)))


def _page(connection: Connection, record: Record, after: int, part: Part) -> list[dict[str, Any]]:
    rows = record.table
    statement = select(rows).where(rows.c.id > after).order_by(rows.c.id).limit(BATCH)
    if part.school_id is not None:
        statement = statement.where(of_school(rows, part.school_id))
    return [dict(row) for row in connection.execute(statement).mappings()]


def _live(connection: Connection, record: Record, subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """{subject: {field: value}} of the rows with these subjects."""
    return _spelled(connection, record, list(rows_named(connection, record, subjects).values()))


def _spelled(connection: Connection, record: Record, rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    uids = References().of(connection, record, rows)
    return {
        records.subject_of(record, row, uids): {
            name: records.text_or_value(value) for name, value in records.spelled(record, row, uids).items()
        }
        for row in rows
    }
