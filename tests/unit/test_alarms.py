"""Alarms rise and end: the rules by themselves, and the watch over a database with a set clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, update

from ais_app.clock import SetClock
from ais_app.control.jobs import VERIFICATION
from ais_app.db.columns import table
from ais_app.jobs.models import Job
from ais_app.jobs.rules import State
from ais_app.metrics import watching
from ais_app.metrics.rules import WINDOW, Alarm, Level, Limits, Name, Standing, alarms
from ais_app.metrics.watching import Disk, Refusals, Watch

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LIMITS = Limits(refusals=100, free_disk=1000)
QUIET = Standing(NOW, NOW, 0.0, 0, 0, 1000)
BEFORE = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("name", "quiet", "look", "act"),
    [
        (Name.REFUSALS, {"refused": 99}, {"refused": 100}, {"refused": 1000}),
        (Name.JOBS, {"failed_jobs": 0}, {"failed_jobs": 1}, {"failed_jobs": 5}),
        (Name.DISK, {"free_disk": 1000}, {"free_disk": 999}, {"free_disk": 249}),
        (Name.CLOCK, {"latest": NOW + timedelta(minutes=2) - BEFORE}, {"latest": NOW + timedelta(minutes=2)}, {"latest": NOW + timedelta(minutes=15)}),
        (Name.CLOCK, {"database_ahead": -119.0}, {"database_ahead": -120.0}, {"database_ahead": 900.0}),
        (Name.WITNESS, {"witness_lag": timedelta(minutes=10) - BEFORE}, {"witness_lag": timedelta(minutes=10)}, {"witness_lag": timedelta(minutes=60)}),
        (Name.CHECK_FAILED, {}, {"check_failed": True}, None),
        (Name.CHECK_FOUND, {"check_faults": 0}, None, {"check_faults": 1}),
        (Name.CHECK_MISSING, {"check_due": NOW - timedelta(hours=2) + BEFORE}, {"check_due": NOW - timedelta(hours=2)}, None),
    ],
)  # fmt: skip
def test_each_alarm_has_its_limits(name, quiet, look, act):
    assert alarms(replace(QUIET, **quiet), LIMITS) == []
    for level, given_values in ((Level.LOOK, look), (Level.ACT, act)):
        if given_values is not None:
            (found,) = alarms(replace(QUIET, **given_values), LIMITS)
            assert (found.name, found.level) == (name, level)


def test_the_worst_comes_first():
    found = alarms(replace(QUIET, refused=100, failed_jobs=1, check_faults=3), LIMITS)
    assert [one.name for one in found] == [Name.CHECK_FOUND, Name.REFUSALS, Name.JOBS]


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 50), st.booleans()), max_size=40))
def test_refusals_are_those_of_the_last_ten_minutes(steps):
    """Against a list of every refusal, over midnights."""
    seen, at, day, total = Refusals(), 0.0, NOW.date(), 0
    seen.look(day, total, at)
    added: list[tuple[float, int]] = []
    for seconds, more, is_midnight in steps:
        at += seconds
        if is_midnight:
            day, total = day + timedelta(1), 0
        total += more
        added.append((at, more))
        wanted = sum(number for when, number in added if at - when <= WINDOW.total_seconds())
        assert seen.look(day, total, at) == wanted


def test_no_clock_that_is_right_raises_an_alarm():
    assert alarms(replace(QUIET, latest=None, database_ahead=None), LIMITS) == []


@pytest.fixture
def watched(database, tmp_path, monkeypatch):
    """(watch, clock, what it told): over an empty database."""
    clock = SetClock(NOW)
    database.clock = clock
    told: list[list[Alarm]] = []

    async def tell(found) -> None:
        told.append(list(found))

    monkeypatch.setattr(watching, "weigh", lambda _folder: Disk(0, 1 << 40))
    return Watch(database, tmp_path, LIMITS, tell), clock, told


def failed_job(database, uid: str, **values) -> None:
    row = {"uid": uid, "kind": VERIFICATION.name, "payload": "{}", "state": State.FAILED, "run_after": NOW}
    row |= {"asked_at": NOW, "ended_at": NOW, "school": "s", "error_id": "e"} | values
    database.write(lambda uow: uow.execute(insert(table(Job)).values(**_whole(row))))


def _whole(row: dict) -> dict:
    empty = {column.name: "" for column in table(Job).c if str(column.type).startswith(("VARCHAR", "TEXT"))}
    numbers = dict.fromkeys(("attempts", "done", "total", "written"), 0)
    return {**empty, **numbers, "stop_asked": False, "put_away": False, **row}


def names(watch: Watch) -> list[Name]:
    return [one.name for one in watch.alarms]


async def test_a_failed_job_is_an_alarm_until_it_is_put_away_or_a_day_is_over(watched, database):
    watch, clock, told = watched
    await watch.look()
    assert told == []
    failed_job(database, "a" * 16)
    await watch.look()
    assert names(watch) == [Name.JOBS]
    put_away = update(table(Job)).values(put_away=True)
    database.write(lambda uow: uow.execute(put_away))
    await watch.look()
    assert names(watch) == []
    database.write(lambda uow: uow.execute(update(table(Job)).values(put_away=False)))
    await watch.look()
    assert names(watch) == [Name.JOBS]
    clock.advance(days=1)
    await watch.look()
    assert [[one.name for one in found] for found in told] == [[Name.JOBS], [], [Name.JOBS], []]


async def test_a_refused_job_is_no_alarm(watched, database):
    watch, _clock, _told = watched
    failed_job(database, "a" * 16, refused="No such class")
    await watch.look()
    assert names(watch) == []


async def test_a_check_that_found_something_failed_or_waits(watched, database):
    watch, clock, _told = watched
    failed_job(database, "a" * 16, school="", state=State.DONE, result='{"faults": 3}')
    await watch.look()
    assert [(one.name, one.value) for one in watch.alarms] == [(Name.CHECK_FOUND, 3)]
    clock.advance(minutes=1)
    failed_job(database, "b" * 16, school="", ended_at=clock.now(), refused="x")
    await watch.look()
    assert names(watch) == [Name.CHECK_FAILED]
    clock.advance(minutes=1)
    failed_job(database, "c" * 16, school="", state=State.DONE, ended_at=clock.now(), result='{"faults": 0}')
    failed_job(database, "d" * 16, school="", state=State.WAITING, ended_at=None)
    await watch.look()
    assert names(watch) == []
    clock.advance(hours=2)
    await watch.look()
    assert names(watch) == [Name.CHECK_MISSING]


async def test_a_clock_that_goes_back_is_an_alarm_until_it_has_caught_up(watched):
    watch, clock, _told = watched
    await watch.look()
    clock.advance(minutes=-5)
    await watch.look()
    assert [(one.name, one.value) for one in watch.alarms] == [(Name.CLOCK, 300)]
    clock.advance(minutes=5)
    await watch.look()
    assert names(watch) == []


async def test_the_witness_and_the_disk_are_asked(watched, monkeypatch):
    watch, _clock, _told = watched
    watch.witness_lag = lambda: timedelta(minutes=61)
    monkeypatch.setattr(watching, "weigh", lambda _folder: Disk(5, 10))
    await watch.look()
    assert [(one.name, one.level) for one in watch.alarms] == [(Name.DISK, Level.ACT), (Name.WITNESS, Level.ACT)]
    watch.witness_lag = timedelta
    monkeypatch.setattr(watching, "WEIGH_SECONDS", 0.0)
    monkeypatch.setattr(watching, "weigh", lambda _folder: Disk(5, 5000))
    await watch.look()
    assert names(watch) == []


async def test_a_database_that_is_away_leaves_the_rest_looked_at(watched, database, monkeypatch):
    from sqlalchemy.exc import OperationalError

    watch, _clock, _told = watched
    await watch.look()

    async def away(*_anything):
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(database, "aread", away)
    watch.witness_lag = lambda: timedelta(minutes=11)
    await watch.look()
    assert names(watch) == [Name.WITNESS]
