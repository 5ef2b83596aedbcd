"""The schools that are measured: written once, kept in `var/bench`, copied for each measurement that writes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event, text

import ais_app.tables  # noqa: F401 - every table that a room declares
from ais_app.access import service as access
from ais_app.access import sessions
from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from ais_app.setup.demo.large import write_large_demonstration
from tests import servers
from tests.bench import history, kept

NOW = datetime.fromisoformat(servers.MOMENT).astimezone(UTC)
AGES = (1, 5, 25)  # years of the large school, each grown from the one before
SOURCES = (
    "ais_app/setup/demo/*",
    "ais_app/ledger/*.py",
    "ais_app/db/*.py",
    "alembic/versions/*.py",
    "ais_app/**/models.py",
    "tests/bench/history.py",
)


def opened(path: Path) -> Database:
    return Database(f"sqlite:///{path}", SetClock(NOW))


def opened_to_fill(path: Path) -> Database:
    """The same for a school that is being written: a power cut only means that it is written again."""
    database = opened(path)
    event.listen(database._writing, "connect", lambda one, _record: one.execute("PRAGMA synchronous=OFF"))
    return database


@cache
def folder() -> Path:
    return kept.folder("schools", kept.digest(SOURCES, servers.MOMENT))


def written(name: str, write: Callable[[Database], object]) -> Path:
    """The SQLite file of a school; written when it is not there yet."""
    path = folder() / f"{name}.sqlite3"
    if path.exists():
        return path
    fresh = folder() / f"{name}.{os.getpid()}.being-written"
    for suffix in ("", "-wal", "-shm"):
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    database = opened_to_fill(fresh)
    migrations.upgrade(database, triggers.install)
    write(database)
    database.close()
    for suffix in ("-wal", "-shm"):  # nobody has it open: what stood in the log stands in the file
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    fresh.rename(path)
    return path


def large(years: int = 1) -> Path:
    """36 classes, 1,000 students, 394,000 marks: nearly a year; or with whole years before it, as they grew."""
    if years == 1:
        return written("large", write_large_demonstration)
    younger = max(age for age in AGES if age < years)
    base = large(younger)

    def write(database: Database) -> None:
        path = Path(str(database.url.database))
        database.close()
        shutil.copyfile(base, path)
        grown = opened_to_fill(path)
        history.add_years(grown, range(younger, years))
        grown.close()

    return written(f"large-{years}", write)


@dataclass
class Copy:
    """A copy of a school that a measurement may change."""

    path: Path
    database: Database

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    @contextmanager
    def served(self) -> Iterator[servers.Server]:
        """The product's own server over this copy: one process."""
        with servers.running(self.path.parent, self.url) as server:
            yield server


@contextmanager
def copied(path: Path) -> Iterator[Copy]:
    with TemporaryDirectory(prefix="ais-bench-") as folder:
        fresh = Path(folder) / "ais.sqlite3"
        shutil.copyfile(path, fresh)
        _settle(path, fresh)
        database = opened(fresh)
        try:
            yield Copy(fresh, database)
        finally:
            database.close()


def _settle(original: Path, copy: Path) -> None:
    """Let nothing of the copying go on into a measurement: nine gigabytes are still being written, and are in memory twice."""
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    with original.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def signed_in(database: Database, logins: list[str]) -> list[str]:
    """A session for each login (several for the same one are several); returns Cookie headers.

    Students wait for their first password: here it is taken as chosen, since no page is open without one.
    """
    cookies = []

    def sign_in(uow, some: list[str]) -> None:
        uow.execute(text("UPDATE account SET code_hash = NULL WHERE code_hash IS NOT NULL"))
        for login in some:
            token = sessions.new_token()
            access.sign_in(uow, access.SignIn(login, "127.0.0.1", sessions.hash_token(token), personal_device=True))
            cookies.append(f"{sessions.COOKIE}={token}")

    database.write(lambda uow: sign_in(uow, logins))
    return cookies
