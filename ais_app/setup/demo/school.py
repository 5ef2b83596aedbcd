"""Writes the demonstration school: set up, taught and kept up to yesterday, through the services of a real one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random

from ais_app.access import passwords
from ais_app.clock import SetClock, local_date
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import uid_of
from ais_app.setup.demo import people
from ais_app.setup.demo.accounts import open_accounts
from ais_app.setup.demo.founding import (
    QUARTERS,
    ZONE,
    Calendar,
    Written,
    calendar,
    found_school,
    moment,
    school_days,
)
from ais_app.setup.demo.keeping import Keeper
from ais_app.setup.emptiness import must_be_empty

SEED = 2026


def set_up_moment(days: Calendar) -> datetime:
    """The moment at which the school is set up: noon, ten days before its year begins."""
    return moment(days.first - timedelta(days=10), time(12))


def write_school_with_accounts(
    database: Database,
    days: Calendar,
    roster: people.Roster,
    make_uid: Callable[[], str],
    clock: SetClock,
    password_cost: int = passwords.COST,
) -> Written:
    """Write the school with its people, courses, lessons and accounts, nothing kept yet. Raises DatabaseNotEmpty."""

    def set_up(uow: UnitOfWork) -> Written:
        must_be_empty(uow)
        return found_school(uow, days, roster)

    written = database.write(set_up, make_uid=make_uid, clock=clock)
    database.write(lambda uow: open_accounts(uow, written, password_cost), make_uid=make_uid, clock=clock)
    return written


def write_demonstration(database: Database, password_cost: int = passwords.COST) -> str:
    """Write the school, its passwords hashed at this cost; returns one line about it. Raises DatabaseNotEmpty."""
    today = local_date(database.clock.now(), ZONE)
    random = Random(SEED)
    days = calendar(today)

    def make_uid() -> str:
        return uid_of(random.randbytes(10))

    clock = SetClock(set_up_moment(days))
    written = write_school_with_accounts(database, days, people.roster(), make_uid, clock, password_cost)
    keeper = Keeper(database, written, random, Random(SEED + 1))
    for day in school_days(days, today):
        clock.moment = moment(day, time(15))
        database.write(lambda uow, day=day: keeper.keep(uow, day), make_uid=make_uid, clock=clock)
        if day == days.quarters[0][1]:
            clock.moment = moment(day + timedelta(days=5), time(16))
            database.write(lambda uow: keeper.close(uow, QUARTERS, 1), make_uid=make_uid, clock=clock)
    clock.moment = moment(today - timedelta(days=1), time(19))
    database.write(lambda uow: keeper.acknowledge_weeks(uow, today), make_uid=make_uid, clock=clock)
    return keeper.summary
