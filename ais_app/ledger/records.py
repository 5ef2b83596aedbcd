"""Tables whose rows are the record, declared once in each room (`records.py`): how a row is called and spelled (D-28).

Every row that is inserted, changed or deleted is an item of an operation, made from the row's difference by
`ledger/rows.py`: entity = the table, subject = the key of the row, and the fields before and after. Rows of other
tables are named by their uids; what a person may demand to be erased is kept beside the chain, as `FreeText`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib import import_module
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlmodel import SQLModel

from ais_app.db.columns import table
from ais_app.ledger.fault import Fault
from ais_app.ledger.kinds import Words
from ais_app.ledger.rules import FreeText, Item, spelled_moment

Values = Mapping[str, Any]
Uids = Mapping[str, Mapping[int, str]]  # {table: {id: uid}}


@dataclass(frozen=True)
class Record:
    """A table of the record.

    `words`: what a row of it is. `fields`: {field: its words} of every column of the record; a column that refers to
    another row is called without `_id`. `key`: the columns of which the subject of a row is made; they never change.
    `personal`: the fields that can be erased. `outside`: {column: why it is not of the record}.
    `ended_by`: the column that is set where others would delete the row; "" = a row that was inserted by mistake is
    deleted. `placed`: fields that say where a row stands among others: they move as those come and go, so that a change
    of nothing else stands in the way of no undo, and whoever undoes computes them. Raises ValueError unless each column
    is declared exactly once, and the key begins with a text or another row.
    """

    model: type[SQLModel]
    words: Words
    fields: Mapping[str, Words]
    key: tuple[str, ...] = ("uid",)
    personal: Collection[str] = ()
    outside: Mapping[str, str] = field(default_factory=dict[str, str])
    ended_by: str = ""
    placed: Collection[str] = ()

    def __post_init__(self) -> None:
        named = [field_of(column) for column in self.table.columns if column.name not in ("id", "uid", *self.outside)]
        if sorted(named) != sorted(self.fields) or not set(self.personal) <= set(named):
            msg = f"{self.name}: declared {sorted(self.fields)}, the table has {sorted(named)}"
            raise ValueError(msg)

    @cached_property
    def table(self) -> Table:
        return table(self.model)

    @property
    def name(self) -> str:
        """The entity of its items."""
        return self.table.name

    @cached_property
    def columns(self) -> dict[str, Column[Any]]:
        """{field: column} of the record, in the order of the table."""
        ours = [column for column in self.table.columns if field_of(column) in self.fields]
        return {field_of(column): column for column in ours}

    @cached_property
    def references(self) -> dict[str, str]:
        """{name of a column: the table to which it refers}."""
        return {
            column.name: next(iter(column.foreign_keys)).column.table.name
            for column in self.table.columns
            if column.foreign_keys
        }


@dataclass(frozen=True, slots=True)
class Composite:
    """Rows of several tables that are one row of the record, which their room writes and compares itself.

    `faults(connection, part)`: every difference between the tables and the ledger, of a `folding.Part` of them. `by`:
    `module:function`, called with an Operation and items of an earlier one, the last first: it makes the rows what they
    were before (`putting_back.py`).
    """

    name: str
    models: tuple[type[SQLModel], ...]
    words: Words
    fields: Mapping[str, Words]
    faults: Callable[..., Iterator[Fault]]
    by: str

    def put_back(self, op: Any, items: Sequence[Any]) -> None:
        """Make the rows what they were before these items (`DoneItem`), within an Operation."""
        module, _colon, function = self.by.partition(":")
        getattr(import_module(module), function)(op, items)


def field_of(column: Column[Any]) -> str:
    """How the ledger calls a column."""
    return column.name.removesuffix("_id") if column.foreign_keys else column.name


def whole(record: Record, row: Values) -> dict[str, Any]:
    """A row with the defaults of the columns that it does not name. Raises ValueError for one that must be given."""
    made = dict(row)
    for column in record.table.columns:
        if column.name in made or column.name in ("id", *record.outside):
            continue
        if isinstance(column.default, ScalarElementColumnDefault):
            made[column.name] = column.default.arg
        elif column.nullable:
            made[column.name] = None
        else:
            msg = f"{record.name}.{column.name} is not given"
            raise ValueError(msg)
    return made


def subject_of(record: Record, row: Values, uids: Uids) -> str:
    """The subject of a row: the parts of its key, as they are spelled, with colons between them."""
    return ":".join(str(_named(record, column, row[column], uids)) for column in record.key)


def spelled(record: Record, row: Values, uids: Uids) -> dict[str, Any]:
    """The columns of the record that `row` has, as {field: value of JSON or FreeText}; without those that are None.

    Of an empty text nothing could be erased: it is a plain value.
    """
    said: dict[str, Any] = {}
    for name, column in record.columns.items():
        value = row.get(column.name)
        if value is not None:
            plain = _named(record, column.name, value, uids)
            said[name] = FreeText(str(plain)) if name in record.personal and plain != "" else plain
    return said


def plain(value: Any) -> Any:
    """A value of a column as JSON has it: dates and times in ISO 8601, moments in UTC."""
    if isinstance(value, datetime):
        return spelled_moment(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def text_or_value(value: Any) -> Any:
    """A value as `spelled` gives it, a text of its own as the text."""
    return value.text if isinstance(value, FreeText) else value


def inserted(record: Record, row: Values, uids: Uids) -> Item:
    """The item of a row that was not there before; `row`: all its columns."""
    return Item(record.name, subject_of(record, row, uids), None, spelled(record, row, uids))


def different(row: Values, after: Values) -> list[str]:
    """The columns of `after` that `row` has otherwise."""
    return [name for name, value in after.items() if plain(row[name]) != plain(value)]


def changed(record: Record, row: Values, after: Values, uids: Uids) -> Item | None:
    """The item of a row whose columns become `after`: the fields that differ, before and after; None = none differs.

    `row`: its key, and the columns of `after` as they were.
    """
    differing = {name: after[name] for name in different(row, after) if name not in record.outside}
    if not differing:
        return None
    subject, before = subject_of(record, row, uids), {name: row[name] for name in differing}
    return Item(record.name, subject, _side(record, before, uids), _side(record, differing, uids))


def overwritten(record: Record, row: Values, after: Values, uids: Uids) -> Item:
    """The item of a row whose columns become `after`, which says nothing of what they were; `row`: its key."""
    return Item(record.name, subject_of(record, row, uids), {}, _side(record, after, uids))


def deleted(record: Record, row: Values, uids: Uids) -> Item:
    """The item of a row that is there no more; `row`: all its columns."""
    return Item(record.name, subject_of(record, row, uids), spelled(record, row, uids), None)


def wanted_uids(record: Record, rows: Sequence[Values]) -> dict[str, set[int]]:
    """{table: ids} of the rows to which these refer."""
    wanted: dict[str, set[int]] = {}
    for column, target in record.references.items():
        ids = {row[column] for row in rows if row.get(column) is not None}
        if ids:
            wanted.setdefault(target, set()).update(ids)
    return wanted


def _side(record: Record, values: Values, uids: Uids) -> dict[str, Any]:
    """One side of a change: as `spelled`, with None for what is empty there."""
    said = spelled(record, values, uids)
    names = [name for name, column in record.columns.items() if column.name in values]
    return {name: said.get(name) for name in names}


def _named(record: Record, column: str, value: Any, uids: Uids) -> Any:
    target = record.references.get(column)
    return uids[target][value] if target is not None and value is not None else plain(value)
