"""Databases of schemas that have landed, with the rows of a school at work: brought up to date they are whole (D-58)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Date, DateTime, MetaData, Time, text

import ais_app.tables  # noqa: F401 - every table that a room declares
from ais_app.control import verification
from ais_app.control.verification import Asked
from ais_app.db import Database, migrations
from ais_app.journal import settings as journal
from ais_app.ledger import triggers
from ais_app.ledger.fault import Fault
from ais_app.school_settings.queries import values_of

FIXTURES = Path(__file__).parents[1] / "fixtures"
SCHEMAS = [path.name.removeprefix("landed_")[:4] for path in sorted(FIXTURES.glob("landed_*.json.gz"))]


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'landed.sqlite3'}"
    return request.getfixturevalue("fresh_postgresql")


@pytest.fixture(params=SCHEMAS)
def landed(request, address) -> Iterator[Database]:
    """A database of a schema that has landed, as its code has filled it."""
    database = Database(address)
    migrations.upgrade(database, lambda _connection: None, request.param)
    rows = json.loads(gzip.decompress((FIXTURES / f"landed_{request.param}.json.gz").read_bytes()))
    with database.connect() as connection, connection.begin():
        _fill(connection, rows)
    yield database
    database.close()


def _fill(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    there = MetaData()
    there.reflect(connection)
    for table in there.sorted_tables:
        if some := rows.get(table.name):
            kinds = {column.name: column.type for column in table.columns}
            connection.execute(table.insert(), [{name: _read(kinds[name], row[name]) for name in row} for row in some])
            if connection.dialect.name == "postgresql" and "id" in kinds:
                counted = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"
                connection.execute(text(counted))


def _read(kind: Any, value: Any) -> Any:
    """A value of SQLite as the column wants it."""
    readers = ((DateTime, datetime.fromisoformat), (Date, date.fromisoformat), (Time, time.fromisoformat))
    if isinstance(value, str):
        return next((read(value) for type_, read in readers if isinstance(kind, type_)), value)
    return bool(value) if type(kind).__name__ == "BOOLEAN" and value is not None else value


def test_a_landed_database_is_whole_once_it_is_up_to_date(landed):
    migrations.upgrade(landed, triggers.install)
    address = landed.url.render_as_string(hide_password=False)
    found = verification.check(address, Asked(records=True, processes=1))
    assert [one for one in found if isinstance(one, Fault)] == []


def test_what_was_set_holds_from_the_beginning(landed):
    migrations.upgrade(landed, triggers.install)
    values = landed.read(values_of, 1)
    day = date(2026, 9, 1)
    assert (values.at(journal.EDIT_WINDOW, day), values.at(journal.MARK_ONE, day)) == (10, True)
    assert (values.at(journal.CORRECTION_HOURS, day), values.at(journal.TOPIC_DAYS, day)) == (48, 0)
