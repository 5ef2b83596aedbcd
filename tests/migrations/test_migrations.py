"""Migrations: from empty up, down and up again; models equal to the schema; triggers there after each upgrade."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import inspect

import ais_app.tables  # noqa: F401 - every table of the house
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from alembic import command
from tests import servers


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


def test_processes_that_start_together_migrate_once(empty, tmp_path):
    """The processes behind a proxy are started by the same command: the later ones wait and find the work done."""
    url = empty.url.render_as_string(hide_password=False)
    environment = servers.environment(tmp_path, 0, {"AIS_DATABASE_URL": url})
    migrate = [sys.executable, "-m", "ais_app.cli", "migrate"]
    started = [
        subprocess.Popen(migrate, cwd=servers.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _process in range(3)
    ]
    said = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    with empty.connect() as connection:
        assert not migrations.pending(connection)
        assert triggers.missing(connection) == []
