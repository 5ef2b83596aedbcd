"""What all tests share: a database, a clock that stands still, and a small school built through the services."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

os.environ.setdefault("AIS_ENV", "test")
os.environ.setdefault("AIS_PASSWORD_COST", "4")
os.environ.setdefault("AIS_LANGUAGE", "en")

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.db.columns import new_uid
from ais_app.ledger import triggers
from tests import servers
from tests.builders import SmallSchool, small_school

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MONDAY)


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory) -> Iterator[str]:
    """A temporary PostgreSQL server for the whole run."""
    with servers.postgresql(tmp_path_factory.mktemp("postgresql")) as url:
        yield url


@pytest.fixture
def fresh_postgresql(postgresql_url: str) -> str:
    """A new, empty database on it."""
    name = f"test_{new_uid()}"
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # pyright: ignore[reportArgumentType, reportCallIssue]
    return postgresql_url.rpartition("/")[0] + f"/{name}"


@pytest.fixture
def database(request, tmp_path, clock: SetClock) -> Iterator[Database]:
    """A migrated database: SQLite, or PostgreSQL where a test asks for it by `database_kind`."""
    url = f"sqlite:///{tmp_path / 'ais.sqlite3'}"
    if getattr(request, "param", "sqlite") == "postgresql":
        url = request.getfixturevalue("fresh_postgresql")
    opened = Database(url, clock)
    migrations.upgrade(opened, triggers.install)
    yield opened
    opened.close()


@pytest.fixture
def school(database: Database) -> SmallSchool:
    return small_school(database)


KINDS = ("unit", "states", "wire", "browser", "migrations", "ship")


def pytest_terminal_summary(terminalreporter) -> None:
    """Counts per kind; nothing is skipped in silence."""
    counts = dict.fromkeys(KINDS, 0)
    for report in terminalreporter.getreports("passed"):
        if report.when == "call":
            counts[Path(report.location[0]).parts[1]] += 1
    skipped = len(terminalreporter.getreports("skipped"))
    terminalreporter.write_line(
        ", ".join(f"{kind}: {count}" for kind, count in counts.items()) + f", skipped: {skipped}"
    )
