"""What all tests share: a database, a clock that stands still, and a small school built through the services."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

os.environ.setdefault("AIS_ENV", "test")
os.environ.setdefault("AIS_PASSWORD_COST", "4")
os.environ.setdefault("AIS_LANGUAGE", "en")

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from tests.builders import SmallSchool, small_school

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MONDAY)


@pytest.fixture
def database(tmp_path, clock: SetClock) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'ais.sqlite3'}", clock)
    migrations.upgrade(opened, triggers.install)
    yield opened
    opened.close()


@pytest.fixture
def school(database: Database) -> SmallSchool:
    return small_school(database)
