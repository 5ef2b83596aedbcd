"""The writer's thread outlives whatever a unit, a commit, a connection or a hook does to it."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy import event, text

from ais_app.db import UnitOfWork
from tests.unit.test_unit_of_work import add, poison, rows

SOON = 10


def submit(database, work) -> Future:
    return database._submit(work, "s", None, None)


@pytest.fixture
def held(database):
    """Blocks the writer, so that what is submitted meanwhile shares one transaction."""
    begun, release = threading.Event(), threading.Event()

    def block(_uow: UnitOfWork) -> None:
        begun.set()
        release.wait(SOON)

    submit(database, block)
    begun.wait(SOON)
    return release


def end_connection(uow: UnitOfWork) -> None:
    """Take the connection away under the unit's feet: a backend that is killed, a file handle that is closed."""
    add("lost")(uow)
    if uow.connection.dialect.name == "postgresql":
        uow.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    else:
        driver_of(uow).close()
        uow.execute(text("SELECT 1"))


def driver_of(uow: UnitOfWork) -> Any:
    """The driver's own connection, past everything that SQLAlchemy knows."""
    return uow.connection.connection.dbapi_connection


def end_transaction(uow: UnitOfWork) -> None:
    """What SQLite does by itself when the disk is full: the whole transaction is gone, savepoints and all."""
    add("lost")(uow)
    driver_of(uow).rollback()
    raise LookupError


def test_a_broken_hook_delays_pages_and_never_writes(database):
    def break_(_announced) -> None:
        raise ConnectionError

    database.on_commit(break_)

    def announcing(uow: UnitOfWork) -> None:
        add("a")(uow)
        uow.announce("a")

    assert submit(database, announcing).exception(SOON) is None
    assert submit(database, add("b")).exception(SOON) is None
    assert rows(database) == 2


def test_every_hook_hears_even_when_the_first_is_broken(database):
    heard = []

    def break_(_announced) -> None:
        raise ConnectionError

    database.on_commit(break_)
    database.on_commit(heard.extend)
    submit(database, lambda uow: uow.announce("a")).result(SOON)
    submit(database, add("b")).result(SOON)
    assert heard == ["a"]


@pytest.mark.parametrize("fault", [end_connection, end_transaction])
def test_a_unit_that_takes_the_transaction_with_it_leaves_nothing_behind_and_nobody_waiting(database, held, fault):
    futures = [submit(database, work) for work in (add("before"), fault, add("after"))]
    held.set()
    assert all(future.exception(SOON) is not None for future in futures)
    assert rows(database) == 0
    submit(database, add("next")).result(SOON)
    assert rows(database) == 1


def test_a_commit_that_fails_is_told_to_all_and_the_next_group_is_written(database, held):
    futures = [submit(database, work) for work in (add("a"), poison, add("b"))]
    held.set()
    assert all(future.exception(SOON) is not None for future in futures)
    submit(database, add("next")).result(SOON)
    assert rows(database) == 1


def test_a_connection_lost_at_the_commit_itself_is_a_failure_and_the_writer_goes_on(database):
    lost = []

    def lose(connection) -> None:
        if not lost:
            lost.append(True)
            if database.is_sqlite:
                connection.connection.dbapi_connection.close()
            else:
                connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    event.listen(database._writing, "commit", lose)
    assert submit(database, add("a")).exception(SOON) is not None
    submit(database, add("b")).result(SOON)
    assert rows(database) == 1


def test_who_gave_up_waiting_is_not_written_and_stops_nobody(database, held):
    futures = [submit(database, add(kind)) for kind in ("a", "b", "c")]
    assert futures[1].cancel()
    held.set()
    assert futures[0].exception(SOON) is None
    assert futures[2].exception(SOON) is None
    assert rows(database) == 2
