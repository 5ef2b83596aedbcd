"""Refused attempts of a day that is over stand in the ledger: rows changed, deleted or added later are found."""

from __future__ import annotations

import asyncio
import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ais_app.access import refusal_digest
from ais_app.access.kinds import REFUSALS_COUNTED
from ais_app.access.refusal_digest import Count
from ais_app.access.service.refusals import DIGEST, record_refusal
from ais_app.db import Database
from ais_app.ledger import queries, verifying
from ais_app.ledger.service import INSTALLATION
from tests.conftest import MONDAY
from tests.unit.tampering import tamper
from tests.unit.watched import Command

TODAY = MONDAY.date()


def refused(database, kind: str = "denied", *, times: int = 1, **who: str) -> None:
    database.write(lambda uow: record_refusal(uow, kind, times=times, **who))


def counted(database) -> dict[str, dict]:
    return dict(database.read(queries.values_after, INSTALLATION, REFUSALS_COUNTED.name, DIGEST))


def count(database) -> bool:
    return asyncio.run(refusal_digest.count_missing(database, database.clock.now().date()))


def faults(database) -> list[str]:
    assert database.read(lambda one: list(verifying.verify(one))) == []
    return [str(one) for one in database.read(lambda one: list(refusal_digest.faults(one)))]


def planted(day: str) -> str:
    """The statement that adds a row to a day, past the product."""
    columns = "day, kind, account, network, subject, count, first_at, last_at"
    values = f"'{day}', 'other', '', '', '', 1, '{day} 10:00:00', '{day} 10:00:00'"
    return f"INSERT INTO security_event ({columns}) VALUES ({values})"


@pytest.fixture
def a_day_later(database, clock):
    """Three rows of Monday, counted on Tuesday."""
    refused(database, account="a")
    refused(database, account="a", times=4)
    refused(database, network="10.0.0.1", subject="x")
    refused(database, "form", network="10.0.0.1")
    clock.advance(days=1)
    assert count(database)
    return database


def test_a_day_that_is_over_is_counted_once(a_day_later):
    (day, found), *more = counted(a_day_later).items()
    assert (day, found["rows"], found["attempts"], more) == ("2026-11-23", 3, 7, [])
    length = a_day_later.read(queries.count)
    assert count(a_day_later)
    assert a_day_later.read(queries.count) == length
    assert faults(a_day_later) == []


def test_today_is_not_counted_yet_and_nothing_before_the_first_refusal(database, clock):
    before = database.read(queries.count)
    assert count(database)
    refused(database)
    assert count(database)
    assert database.read(queries.count) == before
    clock.advance(days=3)
    assert count(database)
    assert list(counted(database)) == ["2026-11-23", "2026-11-24", "2026-11-25"]
    assert [one["rows"] for one in counted(database).values()] == [1, 0, 0]


def test_a_stranger_counts_the_digest_with_sha256_alone(a_day_later):
    names = "day, kind, account, network, subject, count"
    rows = a_day_later.read(lambda one: one.execute(text(f"SELECT {names} FROM security_event")).all())
    spelled = [
        json.dumps(
            [str(day), *who, "2026-11-23T09:00:00.000000+00:00", "2026-11-23T09:00:00.000000+00:00"],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for day, *who in rows
    ]
    digests = sorted(hashlib.sha256(one.encode()).digest() for one in spelled)
    assert counted(a_day_later)["2026-11-23"]["digest"] == hashlib.sha256(b"".join(digests)).hexdigest()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE security_event SET count = 1 WHERE account = 'a'",
            "its rows were changed after they had been counted",
        ),
        ("UPDATE security_event SET network = '10.0.0.2' WHERE kind = 'form'", "its rows were changed"),
        ("UPDATE security_event SET last_at = '2026-11-23 10:00:00' WHERE kind = 'form'", "its rows were changed"),
        ("DELETE FROM security_event WHERE kind = 'form'", "of 3 rows that were counted 2 are there"),
        ("DELETE FROM security_event", "of 3 rows that were counted 0 are there"),
        (planted("2026-11-23"), "3 rows were counted, 4 are there"),
        ("UPDATE security_event SET day = '2026-11-24' WHERE kind = 'form'", "of 3 rows that were counted 2"),
    ],
)
def test_what_was_changed_afterwards_is_named_by_its_day(a_day_later, statement, named):
    tamper(a_day_later, statement)
    (fault,) = faults(a_day_later)
    assert fault.startswith(f"security_event 2026-11-23: {named}")


def test_rows_that_were_planted_before_the_first_day_are_named(a_day_later):
    tamper(a_day_later, planted("2026-11-01"))
    assert count(a_day_later)
    (fault,) = faults(a_day_later)
    assert fault == "security_event 2026-11-01: rows were added after the days around it had been counted"


def test_a_day_that_was_counted_stays_closed_when_the_clock_is_set_back(a_day_later, clock):
    clock.advance(days=-1)
    refused(a_day_later, "late")
    days = text("SELECT day FROM security_event WHERE kind = 'late'")
    assert str(a_day_later.read(lambda one: one.execute(days).scalar_one())) == "2026-11-24"
    assert count(a_day_later)
    assert faults(a_day_later) == []


def test_rows_that_went_on_while_they_were_read_are_counted_next_time(database, clock):
    refused(database)
    clock.advance(days=1)
    before = database.read(refusal_digest.count_of, TODAY)
    clock.advance(days=-1)
    refused(database)
    clock.advance(days=1)
    assert not database.write(lambda uow: refusal_digest.write_count(uow, TODAY, before))
    assert counted(database) == {}
    assert count(database)
    assert counted(database)["2026-11-23"]["attempts"] == 2


def test_a_long_pause_is_counted_day_by_day_and_no_further_back_than_its_limit(database, clock, monkeypatch):
    monkeypatch.setattr(refusal_digest, "MOST_EMPTY_DAYS", 3)
    refused(database)
    clock.advance(days=1)
    refused(database)
    clock.advance(days=9)
    assert count(database)
    assert list(counted(database)) == ["2026-11-23", "2026-11-24", "2026-11-30", "2026-12-01", "2026-12-02"]
    assert faults(database) == []


def test_verify_names_the_day(a_day_later, tmp_path, monkeypatch):
    ais = Command(a_day_later, tmp_path, monkeypatch)
    assert ais("verify", "--processes", 1).exit_code == 0
    tamper(a_day_later, "DELETE FROM security_event")
    broken = ais("verify", "--processes", 1)
    assert broken.exit_code == 1
    assert "security_event 2026-11-23: of 3 rows that were counted 0 are there" in broken.output


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_two_processes_count_a_day_once(database, clock):
    other = Database(database.url.render_as_string(hide_password=False), clock)
    for number in range(20):
        refused(database, subject=str(number))
    clock.advance(days=1)

    async def both() -> list[bool]:
        today = clock.now().date()
        return await asyncio.gather(*(refusal_digest.count_missing(one, today) for one in (database, other) * 4))

    assert asyncio.run(both()) == [True] * 8
    other.close()
    operations = text("SELECT count(*) FROM operation WHERE kind = 'refusals_counted'")
    assert database.read(lambda one: one.execute(operations).scalar_one()) == 1
    assert faults(database) == []


async def test_a_running_server_counts_at_its_start_and_after_midnight(database, clock, monkeypatch):
    monkeypatch.setattr(refusal_digest, "LOOK_SECONDS", 0.001)
    refused(database)
    clock.advance(days=1)
    refused(database)
    counting = asyncio.get_running_loop().create_task(refusal_digest.count_days(database))
    while len(counted(database)) < 1:
        await asyncio.sleep(0.001)
    clock.advance(days=1)
    while len(counted(database)) < 2:
        await asyncio.sleep(0.001)
    counting.cancel()
    assert list(counted(database)) == ["2026-11-23", "2026-11-24"]


async def test_what_cannot_be_counted_is_tried_again(database, clock, monkeypatch):
    monkeypatch.setattr(refusal_digest, "LOOK_SECONDS", 0.001)
    refused(database)
    clock.advance(days=1)
    real, failures = refusal_digest.count_of, [OperationalError("", None, Exception())] * 2

    def fails(*arguments) -> Count:
        if failures:
            raise failures.pop()
        return real(*arguments)

    monkeypatch.setattr(refusal_digest, "count_of", fails)
    counting = asyncio.get_running_loop().create_task(refusal_digest.count_days(database))
    while not counted(database):
        await asyncio.sleep(0.001)
    counting.cancel()
    assert not failures


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.text(max_size=4).filter(lambda one: "\0" not in one), st.integers(1, 5)),
        max_size=8,
    )
)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_digest_does_not_depend_on_the_order_of_rows(database, attempts):
    """Neither on their keys: what is the same by kind, network and count is the same day."""

    def digest(order) -> Count:
        def work(uow) -> Count:
            uow.execute(text("DELETE FROM security_event"))
            for kind, network, times in order:
                record_refusal(uow, kind, network=network, times=times)
            return refusal_digest.count_of(uow.connection, TODAY)

        return database.write(work)

    one, other = digest(attempts), digest(attempts[::-1])
    assert one == other
    assert one.attempts == sum(times for _kind, _network, times in attempts)
