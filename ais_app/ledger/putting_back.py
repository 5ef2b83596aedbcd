"""Rows as they were before an operation: the inverse of what it did to each, the last first (D-30).

A row that was inserted ends, where its table has a column for that, else it is deleted, unless other rows refer to it;
one that was changed gets its values back; one that was deleted is inserted with its uid. Each only while it is as the
operation left it: whatever changed it past the ledger would be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, Date, Table, Time, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from ais_app.db.columns import UtcDateTime, pairs
from ais_app.i18n import _
from ais_app.ledger import records
from ais_app.ledger.operation import Operation
from ais_app.ledger.records import Composite, Record
from ais_app.ledger.rows import References, rows_named
from ais_app.ledger.standing import AT_ONCE, BESIDE, DoneItem
from ais_app.rights.errors import Refused

Records = Mapping[str, Record | Composite]
Rows = Mapping[str, dict[str, Any]]  # {subject: row}


class NotAsLeft(Refused):
    """A row is not as the operation left it, though no later operation says so."""

    code = "not_as_left"

    def __init__(self) -> None:
        super().__init__(_("Something of this has changed meanwhile: it cannot be put back as it was."))


class Forgotten(Refused):
    """A text that is to be put back was erased on somebody's demand."""

    code = "forgotten"

    def __init__(self) -> None:
        super().__init__(_("A text of this was erased on demand: it cannot be put back."))


class InUse(Refused):
    """A row that is to go holds others that were written later."""

    code = "in_use"

    def __init__(self, words: str) -> None:
        super().__init__(_("Something was entered there later: «{what}» cannot go.").format(what=words))


class PlaceTaken(Refused):
    """Another row stands where one is to be put back."""

    code = "place_taken"

    def __init__(self) -> None:
        super().__init__(_("Something else stands at its place now."))


def put_back(op: Operation, done: Iterable[DoneItem], known: Records) -> None:
    """Undo what these items say of rows, in this order: the last that was done comes first.

    `known`: every table of the record by its entity. Raises NotAsLeft, Forgotten, InUse, PlaceTaken. Items of
    composite rows go to the function that their table names.
    """
    for some in _runs(done):
        record = known.get(some[0].entity)
        if record is None:
            raise NotAsLeft
        if isinstance(record, Composite):
            record.put_back(op, some)
            continue
        try:
            _STEPS[_what(some[0])[0]](op, record, some, known)
        except IntegrityError as error:
            raise PlaceTaken from error


def must_be_possible(connection: Connection, done: Sequence[DoneItem], known: Records) -> None:
    """Raise InUse or NotAsLeft where `put_back` of all these items would because of rows beside them.

    One that is to go is referred to by one that stays, or one that is to come refers to one that is not there.
    """
    going, coming = _subjects(done, INSERTED), _subjects(done, DELETED)
    for entity, items in _by_entity(done).items():
        record = known.get(entity)
        if not isinstance(record, Record):
            continue
        _must_have_places(connection, record, items, coming)
        gone = [item.subject for item in items if _what(item)[0] == INSERTED]
        for some in _portions(gone):
            ids = [row["id"] for row in rows_named(connection, record, some).values()]
            _must_be_free(connection, record, ids, known, going)


def _by_entity(done: Sequence[DoneItem]) -> dict[str, list[DoneItem]]:
    found: dict[str, list[DoneItem]] = {}
    for item in done:
        found.setdefault(item.entity, []).append(item)
    return found


def _subjects(done: Sequence[DoneItem], what: str) -> dict[str, set[str]]:
    """{entity: the subjects of its rows to which this was done}."""
    chosen = [item for item in done if _what(item)[0] == what]
    return {entity: {item.subject for item in items} for entity, items in _by_entity(chosen).items()}


def _must_have_places(
    connection: Connection, record: Record, items: Sequence[DoneItem], coming: Mapping[str, set[str]]
) -> None:
    """Raise NotAsLeft unless everything is there, or coming, to which rows refer as they were before."""
    before = [dict(item.before) for item in items if item.before is not None]
    for some in _portions(before):
        ids = _ids(connection, record, some)
        for name, column in record.columns.items():
            target = record.references.get(column.name)
            wanted = {row[name] for row in some if row.get(name) is not None}
            if target is not None and wanted - ids.get(target, {}).keys() - coming.get(target, set()):
                raise NotAsLeft


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _runs(done: Iterable[DoneItem]) -> Iterator[list[DoneItem]]:
    """The items in their order, those together that one statement puts back: alike, and no row twice."""
    run: list[DoneItem] = []
    subjects: set[str] = set()
    for item in done:
        if run and (item.subject in subjects or (item.entity, _what(item)) != (run[0].entity, _what(run[0]))):
            yield run
            run, subjects = [], set()
        run.append(item)
        subjects.add(item.subject)
    if run:
        yield run


def _what(item: DoneItem) -> tuple[str, tuple[str, ...]]:
    """(what was done, the fields that were changed)."""
    if item.before is None:
        return INSERTED, ()
    if item.after is None:
        return DELETED, ()
    return CHANGED, tuple(sorted(item.fields))


def _remove(op: Operation, record: Record, done: Sequence[DoneItem], known: Records) -> None:
    """End or delete rows that were inserted."""
    rows = _as_left(op, record, done)
    ids = [rows[item.subject]["id"] for item in done]
    _must_be_free(op.uow.connection, record, ids, known)
    if record.ended_by:
        op.update_all(record, {row_id: {record.ended_by: op.now} for row_id in ids})
    else:
        op.delete_all(record, sorted(ids, reverse=True))  # so that they come back in their order


def _change(op: Operation, record: Record, done: Sequence[DoneItem], _known: Records) -> None:
    """Give rows that were changed their values of before. All columns are written: some are written together only."""
    rows = _as_left(op, record, done)
    values = _columns(op.uow.connection, record, [_side(item, "before") for item in done])
    names = [column.name for column in record.columns.values()]
    whole: dict[int, dict[str, Any]] = {}
    for item, before in zip(done, values, strict=True):
        row = rows[item.subject]
        whole[row["id"]] = {name: row[name] for name in names} | before
    op.update_all(record, whole)


def _insert(op: Operation, record: Record, done: Sequence[DoneItem], _known: Records) -> None:
    """Insert rows that were deleted, under their uids."""
    _as_left(op, record, done)
    empty = dict.fromkeys(record.fields)
    values = _columns(op.uow.connection, record, [empty | _side(item, "before") for item in done])
    if "uid" in record.table.c:
        values = [{"uid": item.subject, **row} for item, row in zip(done, values, strict=True)]
    op.insert_all(record, values)


INSERTED, CHANGED, DELETED = "inserted", "changed", "deleted"
_STEPS = {INSERTED: _remove, CHANGED: _change, DELETED: _insert}


def _as_left(op: Operation, record: Record, done: Sequence[DoneItem]) -> Rows:
    """{subject: row} of what the operation touched and left; what it ended may have ended anew at another moment, by a
    redo. Raises NotAsLeft.
    """
    connection = op.uow.connection
    rows = rows_named(connection, record, [item.subject for item in done])
    uids = References().of(connection, record, list(rows.values()))
    for item in done:
        row = rows.get(item.subject)
        if (row is None) is not (item.after is None):
            raise NotAsLeft
        if row is None or item.after is None:
            continue
        held = records.spelled(record, row, uids)
        for name, value in item.after.items():
            known = name not in BESIDE and name not in record.placed and f"after.{name}" not in item.erased
            present = records.text_or_value(held.get(name))
            ended_anew = name == record.ended_by and None not in (present, value)
            if known and present != value and not ended_anew:
                raise NotAsLeft
    return rows


def _side(item: DoneItem, side: str) -> dict[str, Any]:
    """The fields of one side. Raises Forgotten."""
    if any(name.startswith(f"{side}.") for name in item.erased):
        raise Forgotten
    values = item.before if side == "before" else item.after
    return {name: value for name, value in (values or {}).items() if name not in BESIDE}


def _columns(connection: Connection, record: Record, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows as {column: value}, from {field: value as the ledger spells it}. Raises NotAsLeft where a row that is
    referred to is there no more.
    """
    ids = _ids(connection, record, rows)
    return [
        {record.columns[name].name: _value(record, name, value, ids) for name, value in row.items()} for row in rows
    ]


def _ids(connection: Connection, record: Record, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, int]]:
    """{table: {uid: id}} of everything to which these rows refer."""
    found: dict[str, dict[str, int]] = {}
    for name, column in record.columns.items():
        target = record.references.get(column.name)
        uids = {row[name] for row in rows if row.get(name) is not None} - found.get(target or "", {}).keys()
        if target is not None and uids:
            named = SQLModel.metadata.tables[target]
            ids = pairs(connection.execute(select(named.c.uid, named.c.id).where(named.c.uid.in_(uids))))
            found.setdefault(target, {}).update(ids)
    return found


def _value(record: Record, name: str, value: Any, ids: Mapping[str, Mapping[str, int]]) -> Any:
    if value is None:
        return None
    column = record.columns[name]
    target = record.references.get(column.name)
    if target is None:
        return _parsed(column, value)
    if value not in ids.get(target, {}):
        raise NotAsLeft
    return ids[target][value]


def _parsed(column: Column[Any], value: Any) -> Any:
    """A value of a column from its spelling in JSON: dates, times and moments of ISO 8601."""
    for kind, read in ((UtcDateTime, datetime.fromisoformat), (Date, date.fromisoformat), (Time, time.fromisoformat)):
        if isinstance(column.type, kind):
            return read(value)
    return value


def _must_be_free(
    connection: Connection,
    record: Record,
    ids: Sequence[int],
    known: Records,
    going: Mapping[str, set[str]] = MappingProxyType({}),
) -> None:
    """Raise InUse when a row refers to one of these. One that has ended keeps a row from being deleted only.

    `going`: {entity: subjects} of rows that do not count, because they go as well.
    """
    for rows, column in _referring(record.name):
        other = known.get(rows.name)
        where = [column.in_(ids)]
        if record.ended_by and isinstance(other, Record) and other.ended_by:
            where.append(rows.c[other.ended_by].is_(None))
        if not isinstance(other, Record) or not going.get(rows.name):
            stays = connection.execute(select(column).where(*where).limit(1)).first() is not None
        else:
            held = [dict(row) for row in connection.execute(select(rows).where(*where)).mappings()]
            uids = References().of(connection, other, held)
            stays = any(records.subject_of(other, row, uids) not in going[rows.name] for row in held)
        if stays:
            raise InUse(record.words())


@cache
def _referring(name: str) -> list[tuple[Table, Column[Any]]]:
    """(table, column) of everything that refers to a table."""
    return [
        (rows, column)
        for rows in SQLModel.metadata.sorted_tables
        for column in rows.columns
        if any(key.column.table.name == name for key in column.foreign_keys)
    ]
