"""Migrations: from empty up, down and up again; models equal to the schema; triggers there after each upgrade."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

import ais_app.tables  # noqa: F401 - every table that a room declares
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
        assert triggers.faults(connection) == []
        assert not migrations.pending(connection)


def test_down_and_up_again(empty):
    migrations.upgrade(empty, triggers.install)
    migrations.downgrade(empty, "base")
    with empty.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        assert migrations.pending(connection)
    migrations.upgrade(empty, triggers.install)
    with empty.connect() as connection:
        assert triggers.faults(connection) == []


def test_a_table_to_which_rows_refer_can_be_made_anew(empty):
    """What a revision does in batch mode must work in a database that is in use, not only in an empty one."""
    migrations.upgrade(empty, lambda _connection: None, "0006")
    school = (
        "INSERT INTO school (id, uid, name, short_name, zone, edit_window_days, mark_one_allowed, demonstration, "
        "created_at) VALUES (1, 's', 'School', 'School', 'UTC', 7, :no, :no, '2026-09-01 00:00:00')"
    )
    subject = "INSERT INTO subject (id, uid, school_id, name, short_name) VALUES (:id, :uid, :school, 'n', 'n')"
    with empty.connect() as connection, connection.begin():
        connection.execute(text(school), {"no": False})
        connection.execute(text(subject), {"id": 1, "uid": "u", "school": 1})
    migrations.upgrade(empty, triggers.install)
    with empty.connect() as connection, connection.begin():
        assert connection.execute(text("SELECT school_id FROM subject")).scalars().all() == [1]
        with pytest.raises(IntegrityError):
            connection.execute(text(subject), {"id": 2, "uid": "v", "school": 9})


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
        assert triggers.faults(connection) == []
