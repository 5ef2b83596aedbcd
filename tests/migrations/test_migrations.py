"""Migrations: from empty up, down and up again; models equal to the schema; triggers there after each upgrade."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

import ais_app.tables  # noqa: F401 - every table of the house
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from alembic import command


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    url = (
        f"sqlite:///{tmp_path / 'm.sqlite3'}"
        if request.param == "sqlite"
        else request.getfixturevalue("fresh_postgresql")
    )
    database = Database(url)
    yield database
    database.close()


def test_up_equals_the_models_and_has_the_triggers(empty):
    migrations.upgrade(empty, triggers.install)
    with empty.connect() as connection, connection.begin():
        command.check(migrations.configuration(connection))
        assert triggers.missing(connection) == []
        assert not migrations.pending(connection)


def test_down_and_up_again(empty):
    migrations.upgrade(empty, triggers.install)
    migrations.downgrade(empty, "base")
    with empty.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        assert migrations.pending(connection)
    migrations.upgrade(empty, triggers.install)
    with empty.connect() as connection:
        assert triggers.missing(connection) == []
