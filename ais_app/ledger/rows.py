"""Writing rows of the record: the statement, and the items that say what it did, are one thing (D-28)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlmodel import SQLModel

from ais_app.db import UnitOfWork
from ais_app.db.columns import pairs
from ais_app.ledger import records
from ais_app.ledger.records import Record, Values
from ais_app.ledger.rules import Item

AT_ONCE = 500  # ids that one statement asks for


class Inserted(NamedTuple):
    """A row that was inserted; `uid` is empty where its table has none."""

    id: int
    uid: str


class References:
    """The uids of the rows to which others refer, each asked for once in an operation."""

    def __init__(self) -> None:
        self._known: dict[str, dict[int, str]] = {}

    def of(self, connection: Connection, record: Record, rows: Sequence[Values]) -> records.Uids:
        """{table: {id: uid}} with everything to which these rows of `record` refer."""
        for name, ids in records.wanted_uids(record, rows).items():
            known = self._known.setdefault(name, {})
            target = SQLModel.metadata.tables[name]
            for some in _portions(sorted(ids - known.keys())):
                known |= pairs(connection.execute(select(target.c.id, target.c.uid).where(target.c.id.in_(some))))
        return self._known

    def know(self, record: Record, added: Sequence[Inserted]) -> None:
        """Keep the uids of rows that were inserted, to which the next ones may refer."""
        self._known.setdefault(record.name, {}).update({row.id: row.uid for row in added if row.uid})


def insert_rows(
    uow: UnitOfWork, record: Record, rows: Sequence[Values], references: References
) -> tuple[list[Inserted], list[Item]]:
    """Insert rows, given as {column: value}, with the defaults of their columns and a uid each where the table has one.

    Returns them and their items, in order.
    """
    if not rows:
        return [], []
    public = "uid" in record.table.c
    whole = [records.whole(record, {"uid": uow.make_uid(), **row} if public else row) for row in rows]
    statement = insert(record.table).returning(record.table.c.id, sort_by_parameter_order=True)
    ids = uow.execute(statement, whole).scalars().all()
    uids = references.of(uow.connection, record, whole)
    items = [records.inserted(record, row, uids) for row in whole]
    added = [Inserted(key, row.get("uid", "")) for key, row in zip(ids, whole, strict=True)]
    references.know(record, added)
    return added, items


def update_rows(
    uow: UnitOfWork,
    record: Record,
    changes: Mapping[int, Values],
    references: References,
    meanwhile: Mapping[int, Values] | None = None,
) -> list[Item]:
    """Give rows other values, as {id: {column: value}}, each with the same columns; returns the items of those that
    differ. A row that is not there is left out.

    `meanwhile`: the values that these rows hold in between, where a column is unique and two rows may swap.
    """
    if not changes:
        return []
    names = list(next(iter(changes.values())))
    before = {row["id"]: row for row in rows_of(uow.connection, record, changes, names)}
    uids = references.of(uow.connection, record, [*before.values(), *changes.values()])
    items: list[Item] = []
    differing: list[dict[str, Any]] = []
    for key, values in changes.items():  # in their order: a place may be free only after another row has moved
        if key not in before:
            continue
        item = records.changed(record, before[key], values, uids)
        items += [item] if item is not None else []
        if records.different(before[key], values):
            differing.append({"row_id": key, **values})
    if differing and meanwhile:
        _put(uow, record, [{"row_id": one["row_id"], **meanwhile[one["row_id"]]} for one in differing])
    _put(uow, record, differing)
    return items


def overwrite_row(uow: UnitOfWork, record: Record, row_id: int, values: Values, references: References) -> list[Item]:
    """Give the personal columns of a row values that tell nothing of before; returns its item, which does not either.

    Raises ValueError for a column that is not personal.
    """
    names = {records.field_of(record.table.c[name]) for name in values}
    if not names <= set(record.personal):
        msg = f"{record.name}: not personal: {sorted(names - set(record.personal))}"
        raise ValueError(msg)
    rows = rows_of(uow.connection, record, [row_id], [])
    _put(uow, record, [{"row_id": row["id"], **values} for row in rows])
    uids = references.of(uow.connection, record, rows)
    return [records.overwritten(record, row, values, uids) for row in rows]


def _put(uow: UnitOfWork, record: Record, values: Sequence[Values]) -> None:
    """Set columns of rows, given as {"row_id": id, column: value}."""
    if values:
        uow.execute(update(record.table).where(record.table.c.id == bindparam("row_id")), list(values))


def set_outside(uow: UnitOfWork, record: Record, row_id: int, **values: Any) -> None:
    """Give a row other values in columns that are outside of the record. Raises ValueError for any other column."""
    if not values.keys() <= record.outside.keys():
        msg = f"{record.name}: of {sorted(values)} some are of the record"
        raise ValueError(msg)
    uow.execute(update(record.table).where(record.table.c.id == row_id).values(**values))


def delete_rows(uow: UnitOfWork, record: Record, ids: Sequence[int], references: References) -> list[Item]:
    """Delete rows; returns their items, in the order of `ids`. For what was never more than a mistake: other rows end,
    and stay.
    """
    held = {row["id"]: row for row in rows_of(uow.connection, record, ids, list(record.table.c.keys()))}
    before = [held[row_id] for row_id in ids if row_id in held]
    uids = references.of(uow.connection, record, before)
    for some in _portions(list(ids)):
        uow.execute(delete(record.table).where(record.table.c.id.in_(some)))
    return [records.deleted(record, row, uids) for row in before]


def rows_of(connection: Connection, record: Record, ids: Iterable[int], names: Sequence[str]) -> list[dict[str, Any]]:
    """The rows with these ids as {column: value}: their id, their key and these columns."""
    columns = [record.table.c[name] for name in dict.fromkeys(["id", *record.key, *names])]
    found: list[dict[str, Any]] = []
    for some in _portions(list(ids)):
        rows = connection.execute(select(*columns).where(record.table.c.id.in_(some)).order_by(record.table.c.id))
        found += [dict(row) for row in rows.mappings()]
    return found


def rows_named(connection: Connection, record: Record, subjects: Iterable[str]) -> dict[str, dict[str, Any]]:
    """{subject: row as {column: value}} of those that are there."""
    wanted = set(subjects)
    rows, first = record.table, record.table.c[record.key[0]]
    target = record.references.get(first.name)
    found: dict[str, dict[str, Any]] = {}
    for parts in _portions(sorted({subject.split(":")[0] for subject in wanted})):
        if target is None:
            statement = select(rows).where(first.in_(parts))
        else:
            named = SQLModel.metadata.tables[target]
            statement = select(rows).join(named, named.c.id == first).where(named.c.uid.in_(parts))
        some = [dict(row) for row in connection.execute(statement).mappings()]
        uids = References().of(connection, record, some)
        found |= {records.subject_of(record, row, uids): row for row in some}
    return {subject: row for subject, row in found.items() if subject in wanted}


def _portions(ids: list[Any]) -> Iterable[list[Any]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
