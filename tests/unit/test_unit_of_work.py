"""The unit of work and its group commit: all or nothing, each alone, acknowledged only after the commit."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import insert, text

from ais_app.access.models import SecurityEvent
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import table
from ais_app.db.feeds import bump, sequence_of

_event = table(SecurityEvent)


def rows(database: Database) -> int:
    return database.read(lambda one: one.execute(text("SELECT count(*) FROM security_event")).scalar_one())


def add(kind: str):
    def work(uow: UnitOfWork) -> None:
        uow.execute(insert(_event).values(day=uow.now.date(), kind=kind, count=1, first_at=uow.now, last_at=uow.now))

    return work


def fail_after(work):
    def failing(uow: UnitOfWork) -> None:
        work(uow)
        raise LookupError

    return failing


def poison(uow: UnitOfWork) -> None:
    """Break a deferred constraint, which only the COMMIT itself sees."""
    if uow.connection.dialect.name == "sqlite":
        uow.execute(text("PRAGMA defer_foreign_keys=ON"))
        uow.execute(
            text(
                "INSERT INTO academic_year (uid, school_id, name, starts_on, ends_on) VALUES ('x', 999, 'x', '2026-09-01', '2027-05-31')"
            )
        )
    else:
        uow.execute(text("CREATE TEMPORARY TABLE late (one integer UNIQUE DEFERRABLE INITIALLY DEFERRED)"))
        uow.execute(text("INSERT INTO late VALUES (1), (1)"))


@pytest.fixture
def held(database: Database):
    """Blocks the writer, so that what is submitted meanwhile shares one transaction."""
    begun, release = threading.Event(), threading.Event()

    def block(_uow: UnitOfWork) -> None:
        begun.set()
        release.wait(10)

    database._submit(block, "s", None, None)
    begun.wait(10)
    return release


def test_one_that_fails_takes_only_itself_back(database, held):
    outcomes = [database._submit(work, "s", None, None) for work in (add("a"), fail_after(add("b")), add("c"))]
    held.set()
    assert [outcome.exception(10) is None for outcome in outcomes] == [True, False, True]
    assert rows(database) == 2


def test_a_failed_commit_takes_everybody_back_and_tells_them(database, held):
    """With the driver's own transactions a row of a released savepoint would survive this (D-15)."""
    outcomes = [database._submit(work, "s", None, None) for work in (add("a"), poison, add("c"))]
    held.set()
    assert all(outcome.exception(10) is not None for outcome in outcomes)
    assert rows(database) == 0


def test_what_is_announced_is_heard_only_after_the_commit(database):
    heard = []
    database.on_commit(lambda announced: heard.append((list(announced), rows(database))))

    def work(uow: UnitOfWork) -> None:
        add("a")(uow)
        uow.announce("a")

    database.write(work)
    with pytest.raises(LookupError):
        database.write(fail_after(add("b")))
    assert heard == [(["a"], 1)]


def test_readers_cannot_write(database):
    with pytest.raises(Exception, match=r"readonly|read-only"):
        database.read(lambda one: one.execute(text("DELETE FROM security_event")))


def test_topics_count_changes_without_gaps(database):
    assert [database.write(lambda uow: bump(uow, "course:x")) for _round in range(3)] == [1, 2, 3]
    with pytest.raises(LookupError):
        database.write(fail_after(lambda uow: bump(uow, "course:x")))
    assert database.read(sequence_of, "course:x") == 3
