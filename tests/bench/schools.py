"""The schools that are measured: written once, kept in `var/bench`, copied for each measurement that writes."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, event, text

import ais_app.tables  # noqa: F401 - every table of the house
from ais_app.access import service as access
from ais_app.access import sessions
from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from ais_app.setup.demo.large import write_large_demonstration
from tests import servers

NOW = datetime.fromisoformat(servers.MOMENT).astimezone(UTC)
KEPT = servers.ROOT / "var" / "bench"
SOURCES = (
    "ais_app/setup/demo/*",
    "ais_app/ledger/*.py",
    "ais_app/db/*.py",
    "alembic/versions/*.py",
    "ais_app/*/models.py",
    "tests/bench/history.py",
)


@cache
def digest() -> str:
    """What a kept school depends on."""
    found = hashlib.sha256(servers.MOMENT.encode())
    for path in sorted({path for pattern in SOURCES for path in servers.ROOT.glob(pattern) if path.is_file()}):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def opened(path: Path) -> Database:
    return Database(f"sqlite:///{path}", SetClock(NOW))


def opened_to_fill(path: Path) -> Database:
    """The same for a school that is being written: a power cut only means that it is written again."""
    database = opened(path)
    event.listen(database._writing, "connect", lambda one, _record: one.execute("PRAGMA synchronous=OFF"))
    return database


def kept(name: str, write: Callable[[Database], object]) -> Path:
    """The SQLite file of a school; written when it is not there yet."""
    folder = KEPT / digest()
    path = folder / f"{name}.sqlite3"
    if path.exists():
        return path
    for old in KEPT.glob("*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{name}.{os.getpid()}.being-written"
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


def large() -> Path:
    """36 classes, 1,000 students, 394,000 marks: nearly a year."""
    return kept("large", write_large_demonstration)


@dataclass
class Copy:
    """A copy of a school that a measurement may change."""

    path: Path
    database: Database

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    @contextmanager
    def served(self, **extra: str) -> Iterator[servers.Server]:
        """The product's own server over this copy: one process."""
        with servers.running(self.path.parent, self.url, **extra) as server:
            yield server


@contextmanager
def copied(path: Path) -> Iterator[Copy]:
    with TemporaryDirectory(prefix="ais-bench-") as folder:
        fresh = Path(folder) / "ais.sqlite3"
        shutil.copyfile(path, fresh)
        database = opened(fresh)
        try:
            yield Copy(fresh, database)
        finally:
            database.close()


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


@dataclass(frozen=True)
class TaughtCourse:
    """A course that can be written today: its teacher's login and its cells as (student, work, version, value)."""

    uid: str
    login: str
    cells: list[tuple[str, str, int, str]]


def writable_courses(connection: Connection) -> list[TaughtCourse]:
    """Graded courses with lessons of the last seven days, the fullest first."""
    rows = connection.execute(
        text(
            """
            SELECT course.uid AS course, account.login, person.uid AS student, work.uid AS work,
                   COALESCE(cell.version, 0) AS version,
                   COALESCE((SELECT group_concat(code, '/') FROM mark
                             WHERE mark.work_id = work.id AND mark.student_id = person.id), '') AS value
            FROM lesson
            JOIN work ON work.lesson_id = lesson.id
            JOIN course ON course.id = lesson.course_id AND course.graded
            JOIN course_teacher ON course_teacher.course_id = course.id
            JOIN role_assignment ON role_assignment.person_id = course_teacher.person_id
                 AND role_assignment.role = 'teacher'
            JOIN account ON account.id = role_assignment.account_id
            JOIN enrollment ON enrollment.group_id = course.group_id AND enrollment.valid_to IS NULL
            JOIN person ON person.id = enrollment.person_id
            LEFT JOIN cell ON cell.work_id = work.id AND cell.student_id = person.id
            WHERE lesson.day BETWEEN :first AND :last
            ORDER BY course.id, work.id, person.id
            """
        ),
        {"first": "2026-11-17", "last": "2026-11-23"},
    )
    found: dict[str, TaughtCourse] = {}
    for row in rows:
        course = found.setdefault(row.course, TaughtCourse(row.course, row.login, []))
        course.cells.append((row.student, row.work, row.version, row.value))
    return sorted(found.values(), key=lambda one: -len(one.cells))
