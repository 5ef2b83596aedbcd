"""Prepared statements: Core statements compiled once for a dialect and run by the driver itself.

SQLAlchemy spends ten times longer on a small statement than SQLite does. The few statements that run at every key
of a teacher go this way (docs/performance.md); everything else uses `Connection.execute`.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Processor = Callable[[Any], Any]


class Prepared:
    """A statement with named parameters; an expanding one takes a list that is not empty.

    Lists are padded to the next power of two by repeating their last value, so that few spellings are compiled;
    that is right for `IN`, for which alone lists are used.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._spelled: dict[tuple[str, tuple[int, ...]], _Spelled] = {}
        self._lists = tuple(name for name, parameter in statement.compile().binds.items() if parameter.expanding)
        self._returns_rows = bool(_columns_of(statement))

    def execute(self, connection: Connection, values: Mapping[str, Any] | list[Any]) -> list[Any]:
        """Run it with these values, or once with each of a list. Returns its rows; [] for a list."""
        if isinstance(values, list):
            if len(values) > 1:
                self._spelling(connection.dialect, (), {}).run_each(connection, values)
            elif values:
                self._run(connection, values[0])
            return []
        if self._returns_rows:
            return self.all(connection, values)
        self._run(connection, values)
        return []

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Run it and return every row, with the names of the columns as attributes."""
        spelled, rows = self._fetched(connection, values)
        return [spelled.make(row) for row in rows]

    def tuples(self, connection: Connection, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """The same rows as plain sequences: naming the columns costs as much as fetching a row."""
        return self._fetched(connection, values)[1]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any | None:
        """Run it and return the first row, or None."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        spelled, given = self._ready(connection, values)
        spelled.run(connection, given).close()

    def _fetched(self, connection: Connection, values: Mapping[str, Any]) -> tuple[_Spelled, list[Sequence[Any]]]:
        spelled, given = self._ready(connection, values)
        cursor = spelled.run(connection, given)
        try:
            return spelled, spelled.values(cursor.fetchall())
        finally:
            cursor.close()

    def _ready(self, connection: Connection, values: Mapping[str, Any]) -> tuple[_Spelled, Mapping[str, Any]]:
        if not self._lists:
            return self._spelling(connection.dialect, (), {}), values
        padded = {name: _padded(values[name]) for name in self._lists}
        lengths = tuple(len(padded[name]) for name in self._lists)
        flat = {name: value for name, value in values.items() if name not in padded}
        for name, items in padded.items():
            flat |= {f"{name}_{number}": item for number, item in enumerate(items, 1)}
        return self._spelling(connection.dialect, lengths, padded), flat

    def _spelling(self, dialect: Dialect, lengths: tuple[int, ...], padded: Mapping[str, list[Any]]) -> _Spelled:
        key = (dialect.name, lengths)
        spelled = self._spelled.get(key)
        if spelled is None:
            spelled = self._spelled[key] = _Spelled(self._statement, dialect, padded)
        return spelled


def _padded(items: Sequence[Any]) -> list[Any]:
    size = 1 << (len(items) - 1).bit_length()
    return [*items, *[items[-1]] * (size - len(items))]


def _columns_of(statement: Any) -> list[Any]:
    """The columns that a statement selects or returns; none are known of a textual one."""
    selected = getattr(statement, "selected_columns", None)
    return list(selected or getattr(statement, "returning_column_descriptions", None) or ())


def _name_and_type(column: Any) -> tuple[str, TypeEngine[Any]]:
    """(name, type) of a column of a SELECT or of a RETURNING."""
    if isinstance(column, dict):
        described = cast("dict[str, Any]", column)
        return described["name"], described["type"]
    return column.key, column.type


class _Spelled:
    """One spelling of a statement: its text, and how values go in and come out."""

    def __init__(self, statement: Any, dialect: Dialect, lists: Mapping[str, list[Any]]) -> None:
        compiled = statement.compile(dialect=dialect)
        spelled = compiled.construct_expanded_state({name: lists.get(name) for name in compiled.binds})
        self._text: str = spelled.statement
        order: Sequence[str] | None = spelled.positiontup
        self._order = order
        # Values that belong to the statement itself, such as a constant it compares with.
        self._fixed = {name: one.value for name, one in compiled.binds.items() if not one.required}
        into = {
            name: parameter.type.dialect_impl(dialect).bind_processor(dialect)
            for name, parameter in compiled.binds.items()
        }
        self._into: list[tuple[Any, Processor]] = [  # by the name of a value, or by its index
            (key, processor)
            for key, name in (enumerate(order) if order is not None else ((name, name) for name in into))
            if (processor := into.get(name)) is not None
        ]
        named = [_name_and_type(column) for column in _columns_of(statement)]
        names = [name for name, _type in named]
        row = namedtuple("Row", names)  # pyright: ignore[reportUntypedNamedTuple] - its fields are the statement's
        self.make: Callable[[Sequence[Any]], Any] = row._make if names else tuple
        out_of = [type_.dialect_impl(dialect).result_processor(dialect, None) for _name, type_ in named]
        self._out_of = [(index, processor) for index, processor in enumerate(out_of) if processor is not None]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._text, self._parameters(values))
        except connection.dialect.loaded_dbapi.Error as error:
            raise self._wrapped(connection, cursor, error) from error
        return cursor

    def run_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(self._text, [self._parameters(values) for values in rows])
        except connection.dialect.loaded_dbapi.Error as error:
            raise self._wrapped(connection, cursor, error) from error
        cursor.close()

    def values(self, fetched: list[Sequence[Any]]) -> list[Sequence[Any]]:
        """Rows as the driver gives them, with the types' own processors applied."""
        if not self._out_of:
            return fetched
        made: list[Sequence[Any]] = []
        for row in fetched:
            values = list(row)
            for index, processor in self._out_of:
                values[index] = processor(values[index])
            made.append(values)
        return made

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        named = {**self._fixed, **values} if self._fixed or self._order is None else values
        given: Any = named if self._order is None else [named[name] for name in self._order]
        for key, processor in self._into:
            given[key] = processor(given[key])
        return given

    def _wrapped(self, connection: Connection, cursor: Any, error: Any) -> DBAPIError:
        """The driver's error as SQLAlchemy raises it; a connection that was lost is given up."""
        dialect = connection.dialect
        lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
        if lost:
            connection.invalidate(error)
        wrap: Any = DBAPIError.instance
        wrapped: DBAPIError = wrap(
            self._text,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        )
        return wrapped
