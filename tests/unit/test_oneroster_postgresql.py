"""Import, import again and export on PostgreSQL: from one installation into another of the other kind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.exchange.oneroster import export_oneroster, import_oneroster
from ais_app.ledger import triggers, verifying
from tests.conftest import MONDAY
from tests.databases import rows
from tests.unit.sets import change, count, teach
from tests.unit.test_oneroster_export import SAME, picture


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_school_goes_from_one_database_into_the_other(database, copied, tmp_path):
    import_oneroster(database, copied)
    assert teach(database, "n.zimina", "mila.ozerova") == ["5"]
    before = count(database, "operation")
    again = import_oneroster(database, copied)
    assert (again.added, again.changed, count(database, "operation")) == ({}, {}, before)
    database.clock.moment = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    change(copied, "users.csv", "Мила,Озерова", "Мила,Речная")
    change(copied, "users.csv", "true,o.ozerova", "false,o.ozerova")
    change(copied, "users.csv", '"g-1,g-2"', "g-1")
    change(copied, "enrollments.csv", "k-his,s-3,w-2,teacher", "k-his,s-3,w-1,teacher")
    change(copied, "enrollments.csv", "e-10,,,k-his,s-3,u-1,student,false,,\n", "")
    report = import_oneroster(database, copied)
    assert report.changed == {"people": 1, "memberships": 1, "teachers": 1, "guardians": 1, "accounts": 1}
    assert database.read(lambda one: list(verifying.verify(one))) == []
    export_oneroster(database, tmp_path / "out.zip", rows(database, "SELECT uid FROM school")[0][0])
    second = Database(f"sqlite:///{tmp_path / 'second.sqlite3'}", SetClock(MONDAY))
    migrations.upgrade(second, triggers.install)
    import_oneroster(second, tmp_path / "out.zip")
    wanted, got = picture(database), picture(second)
    second.close()
    for name in SAME:
        assert got[name] == wanted[name], name
