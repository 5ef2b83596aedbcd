"""What all tests share: a database, a clock that stands still, and a small school built through the services."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("AIS_ENV", "test")
os.environ.setdefault("AIS_PASSWORD_COST", "4")
os.environ.setdefault("AIS_LANGUAGE", "en")

from ais_app.clock import SetClock
from ais_app.db import Database
from tests import databases, servers
from tests.builders import SmallSchool
from tests.parallel import *  # noqa: F403 - hooks

# The same examples at every run; `make deep` draws ten times as many, others for each commit.
settings.register_profile("ci", derandomize=True, deadline=None, database=None)
settings.register_profile("deep", max_examples=1_000, deadline=None, database=None, print_blob=True)
settings.load_profile("ci")

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MONDAY)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A temporary PostgreSQL server for the whole run."""
    with servers.postgresql() as server:
        yield server.url


@pytest.fixture
def fresh_postgresql(postgresql_url: str) -> Iterator[str]:
    """A new, empty database on it."""
    url = databases.create(postgresql_url)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def templates(tmp_path_factory, request) -> databases.Templates:
    """Migrated databases to copy: migrating and building a school anew for each test would cost ten times as much."""
    return databases.Templates(
        tmp_path_factory.mktemp("templates"), lambda: request.getfixturevalue("postgresql_url"), SetClock(MONDAY)
    )


@pytest.fixture
def database_kind() -> str:
    """SQLite; the service tests in unit/ have both kinds (tests/unit/conftest.py)."""
    return "sqlite"


@pytest.fixture
def database(request, tmp_path, clock: SetClock, templates, database_kind: str) -> Iterator[Database]:
    """A migrated database; with the small or the demonstration school in it when the test asks for that too."""
    asked = request.fixturenames
    content = "small school" if "school" in asked else "demonstration" if "demonstration" in asked else "nothing"
    with templates.copy(database_kind, tmp_path, content) as url:
        opened = Database(url, clock)
        yield opened
        opened.close()


@pytest.fixture
def school(database: Database, templates, database_kind: str) -> SmallSchool:
    return templates.school(database_kind, database)


@pytest.fixture
def demonstration(database: Database, templates, database_kind: str) -> str:
    """The demonstration school, written on a Sunday in July; the line that was said about it."""
    return templates.demonstration(database_kind)


KINDS = ("unit", "states", "wire", "browser", "migrations", "ship", "faults")


def pytest_terminal_summary(terminalreporter) -> None:
    """Counts per kind; nothing is skipped in silence."""
    counts: dict[str, int] = dict.fromkeys(KINDS, 0)
    for report in terminalreporter.getreports("passed"):
        if report.when == "call":
            counts[Path(report.location[0]).parts[1]] += 1
    skipped = len(terminalreporter.getreports("skipped"))
    terminalreporter.write_line(
        ", ".join(f"{kind}: {count}" for kind, count in counts.items()) + f", skipped: {skipped}"
    )
