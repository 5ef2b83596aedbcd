"""Migration 0013 over a school that is at work: marks get the moment of their cells, signatures may follow one another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.diary import service
from ais_app.ledger import triggers
from ais_app.rights.rules import Role
from tests.builders import small_school
from tests.conftest import MONDAY

FRIDAY, WEEK = date(2026, 11, 20), date(2026, 11, 16)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    at_work = f"sqlite:///{tmp_path / 'm.sqlite3'}"
    url = at_work if request.param == "sqlite" else request.getfixturevalue("fresh_postgresql")
    opened = Database(url, SetClock(MONDAY))
    migrations.upgrade(opened, triggers.install)
    yield opened
    opened.close()


def moments(database: Database) -> list[tuple]:
    query = text(
        "SELECT mark.code, mark.written_at, cell.entered_at FROM mark JOIN cell ON cell.work_id = mark.work_id "
        "AND cell.student_id = mark.student_id ORDER BY mark.id"
    )
    return database.read(lambda one: [tuple(row) for row in one.execute(query)])


def signatures(database: Database) -> int:
    return database.read(lambda one: one.execute(text("SELECT count(*) FROM acknowledgement")).scalar_one())


def test_marks_get_the_moment_of_their_cells(database):
    school = small_school(database)
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "5/4", 0))
    mother = school.actor("mother", Role.GUARDIAN)

    def sign() -> None:
        database.write(lambda uow: service.acknowledge(uow, mother, school.people["anna"].uid, WEEK))

    sign()
    database.clock.moment = MONDAY + timedelta(hours=5)
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "3", 1))
    sign()
    ((_code, written, entered),) = moments(database)
    assert written != entered
    assert signatures(database) == 2
    before = ScriptDirectory.from_config(migrations.configuration()).get_revision("0013").down_revision
    migrations.downgrade(database, str(before))
    assert signatures(database) == 1
    migrations.upgrade(database, triggers.install)
    ((_code, written, entered),) = moments(database)
    assert written == entered
    set_otherwise = text("SELECT count(*) FROM setting_value WHERE key = 'correction_hours'")
    assert database.read(lambda one: one.execute(set_otherwise).scalar_one()) == 0, "the usual 24 hours hold"
