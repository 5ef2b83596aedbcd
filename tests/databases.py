"""Databases for tests: templates that are migrated once and copied for each test, SQLite and PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import psycopg
from sqlalchemy import text
from sqlalchemy.engine import make_url

from ais_app.clock import Clock, SetClock
from ais_app.db import Database, migrations
from ais_app.db.columns import new_uid
from ais_app.ledger import triggers
from ais_app.setup.demo.school import write_demonstration
from tests.builders import SmallSchool, small_school

KINDS = ("sqlite", "postgresql")
SUNDAY_IN_JULY = datetime(2026, 7, 19, 9, tzinfo=UTC)


def create(server_url: str, template: str = "template1") -> str:
    """A new PostgreSQL database, a copy of `template`; returns its address."""
    name = f"test_{new_uid()}"
    _command(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return server_url.rpartition("/")[0] + f"/{name}"


def rows(database: Database, sql: str) -> list[tuple]:
    """The rows of a statement past the models, spelled alike by both databases: days and moments (UTC) as text."""
    return database.read(lambda one: [tuple(map(_spelled, row)) for row in one.execute(text(sql))])


def _spelled(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case date():
            return value.isoformat()
        case bool():
            return int(value)
    return value


def drop(url: str) -> None:
    """Remove a database, whoever still holds it open."""
    server, _, name = url.rpartition("/")
    _command(f"{server}/postgres", f"DROP DATABASE {name} WITH (FORCE)")


def _command(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]


Content = Literal["nothing", "small school", "demonstration"]


class Templates:
    """One migrated database of each kind and content, made when first asked for."""

    def __init__(self, folder: Path, server_url: Callable[[], str], clock: Clock) -> None:
        self._folder, self._server_url, self._clock = folder, server_url, clock
        self._urls: dict[tuple[str, Content], str] = {}
        self._schools: dict[str, SmallSchool] = {}
        self._summaries: dict[str, str] = {}

    @contextmanager
    def copy(self, kind: str, folder: Path, content: Content) -> Iterator[str]:
        """The address of a copy that lives as long as the context."""
        template = self._template(kind, content)
        if kind == "sqlite":
            path = folder / "ais.sqlite3"
            shutil.copyfile(make_url(template).database or "", path)
            yield f"sqlite:///{path}"
            return
        url = create(self._server_url(), template.rpartition("/")[2])
        try:
            yield url
        finally:
            drop(url)

    def school(self, kind: str, database: Database) -> SmallSchool:
        """The small school as it stands in a copy."""
        built = self._schools[kind]
        own = {name: dict(getattr(built, name)) for name in ("people", "courses", "types")}
        return replace(built, database=database, periods=list(built.periods), **own)

    def demonstration(self, kind: str) -> str:
        """What was said about the demonstration school when it was written."""
        return self._summaries[kind]

    def _template(self, kind: str, content: Content) -> str:
        if (kind, content) not in self._urls:
            name = f"{new_uid()}.sqlite3"
            url = f"sqlite:///{self._folder / name}" if kind == "sqlite" else create(self._server_url())
            with closing(Database(url, self._clock)) as database:
                migrations.upgrade(database, triggers.install)
                match content:
                    case "small school":
                        self._schools[kind] = small_school(database)
                    case "demonstration":
                        database.clock = SetClock(SUNDAY_IN_JULY)
                        self._summaries[kind] = write_demonstration(database, password_cost=4)
            self._urls[kind, content] = url
        return self._urls[kind, content]
