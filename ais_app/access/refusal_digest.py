"""The refused attempts of each day, as one item of the installation's chain: rows changed afterwards are found (D-55).

A day is over at midnight UTC. Its digest is counted in a reader's thread and written in a small operation of its own;
from then on nothing is counted into that day, even if the clock is set back (`service/refusals.py`). Nothing deletes
rows of `security_event` today: whoever cleans them after a term has to name the days in an operation, and `faults` has
to accept those.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from ais_app.access.kinds import REFUSALS_COUNTED
from ais_app.access.models import SecurityEvent
from ais_app.access.service.refusals import DIGEST, last_counted_day
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.ledger.fault import Fault
from ais_app.ledger.operation import operation
from ais_app.ledger.queries import values_after
from ais_app.ledger.rules import canonical_json, spelled_moment
from ais_app.ledger.service import INSTALLATION
from ais_app.rights.rules import Right, server

log = structlog.get_logger("refusals")
LOOK_SECONDS, BATCH = 20.0, 500
MOST_EMPTY_DAYS = 400  # days without a row that are counted after a long pause

_event = table(SecurityEvent)


@dataclass(frozen=True, slots=True)
class Count:
    """The refused attempts of a day: rows, the sum of their counts, and their digest."""

    rows: int
    attempts: int
    digest: str


def count_of(connection: Connection, day: date) -> Count:
    """Count a day. `digest`: SHA-256 over the sorted SHA-256 digests of its rows, each spelled canonically as
    [day, kind, account, network, subject, count, first moment, last moment].
    """
    digests: list[bytes] = []
    attempts = last = 0
    of_day = select(_event).where(_event.c.day == day).order_by(_event.c.id).limit(BATCH)
    while rows := connection.execute(of_day.where(_event.c.id > last)).mappings().all():
        digests += [hashlib.sha256(_spelled(row).encode()).digest() for row in rows]
        attempts += sum(row["count"] for row in rows)
        last = rows[-1]["id"]
    return Count(len(digests), attempts, hashlib.sha256(b"".join(sorted(digests))).hexdigest())


def due_days(connection: Connection, today: date) -> list[date]:
    """The days before `today` that are not counted yet, in order: those with rows, and those between; none before the
    first row of all.
    """
    last = last_counted_day(connection)
    since = select(_event.c.day).where(_event.c.day < today).distinct()
    with_rows = set(connection.execute(since if last is None else since.where(_event.c.day > last)).scalars())
    first = min(with_rows, default=None) if last is None else last + timedelta(1)
    if first is None:
        return []
    first = max(first, today - timedelta(MOST_EMPTY_DAYS))
    return sorted(with_rows | {first + timedelta(number) for number in range((today - first).days)})


def write_count(uow: UnitOfWork, day: date, counted: Count) -> bool:
    """Write the digest of a day, once; whether it is written now, by whomever. False: its rows went on meanwhile."""
    with operation(uow, server(), REFUSALS_COUNTED, Right.KEEP_LEDGER, chain=INSTALLATION) as op:
        last = last_counted_day(uow.connection)
        if last is not None and day <= last:
            return True
        present = uow.execute(
            select(func.count(), func.coalesce(func.sum(_event.c.count), 0)).where(_event.c.day == day)
        ).one()
        if tuple(present) != (counted.rows, counted.attempts):
            return False
        op.added(DIGEST, day.isoformat(), asdict(counted))
    return True


def faults(connection: Connection) -> Iterator[Fault]:
    """Each day whose rows are not those that were counted, and each that has rows though days after it were counted."""
    counted: dict[str, dict[str, Any]] = {}
    for day, data in values_after(connection, INSTALLATION, REFUSALS_COUNTED.name, DIGEST):
        if day in counted:
            yield Fault(_event.name, day, _("was counted twice"))
        counted.setdefault(day, data)
    for day, before in counted.items():
        now = count_of(connection, date.fromisoformat(day))
        if asdict(now) != before:
            yield Fault(_event.name, day, _difference(now, before))
    if counted:
        until = date.fromisoformat(max(counted))
        days = connection.execute(select(_event.c.day).where(_event.c.day <= until).distinct().order_by(_event.c.day))
        for day in days.scalars():
            if day.isoformat() not in counted:
                yield Fault(
                    _event.name, day.isoformat(), _("rows were added after the days around it had been counted")
                )


async def count_days(database: Database) -> None:
    """For as long as the server runs: count the days that are over, at once and after each midnight (UTC)."""
    counted_on: date | None = None
    while True:
        today = database.clock.now().date()
        try:
            if today != counted_on and await count_missing(database, today):
                counted_on = today
        except SQLAlchemyError as error:
            log.warning("refusals_not_counted", error=type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS)


async def count_missing(database: Database, today: date) -> bool:
    """Count the days before `today` that are missing, one after the other; False = one has to be tried again."""
    for day in await database.aread(due_days, today):
        counted = await database.aread(count_of, day)

        def write(uow: UnitOfWork, day: date = day, counted: Count = counted) -> bool:
            return write_count(uow, day, counted)

        if not await database.awrite(write):
            return False
    return True


def _spelled(row: Mapping[Any, Any]) -> str:
    moments = spelled_moment(row["first_at"]), spelled_moment(row["last_at"])
    who = (row[name] for name in ("kind", "account", "network", "subject"))
    return canonical_json([row["day"].isoformat(), *who, row["count"], *moments])


def _difference(now: Count, before: dict[str, Any]) -> str:
    if now.rows < before["rows"]:
        return _("of {before} rows that were counted {now} are there").format(before=before["rows"], now=now.rows)
    if now.rows > before["rows"]:
        return _("{before} rows were counted, {now} are there").format(before=before["rows"], now=now.rows)
    return _("its rows were changed after they had been counted")
