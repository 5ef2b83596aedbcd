"""What the database says of the installation: numbers only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select, text

from ais_app.access.models import SecurityEvent
from ais_app.control.jobs import VERIFICATION
from ais_app.db.columns import table
from ais_app.jobs.models import Job, JobSchedule
from ais_app.jobs.rules import ENDED, OPEN, State
from ais_app.ledger import queries as ledger
from ais_app.metrics.rules import FAILED_FOR

_job, _schedule, _event = table(Job), table(JobSchedule), table(SecurityEvent)


@dataclass(frozen=True, slots=True)
class Stored:
    """`jobs`: {(kind, state): how many}; `chains`: {chain: its number of operations}; sizes in bytes.

    `waiting_since`: since when the oldest job waits that is due. `verified_at`: when the last check of the whole record
    came to its end. The others as in `rules.Standing`.
    """

    refused_today: int
    jobs: Mapping[tuple[str, str], int]
    failed_jobs: int
    waiting_since: datetime | None
    chains: Mapping[str, int]
    latest: datetime | None
    database_ahead: float | None
    database_bytes: int
    verified_at: datetime | None
    check_due: datetime | None
    check_faults: int
    check_failed: bool


def stored(connection: Connection, now: datetime, today: date) -> Stored:
    chains = {chain: head[0] for chain, head in ledger.heads(connection).items()}
    last = _last_check(connection)
    failed, faults = False, 0
    if last is not None:
        failed = last.state == State.FAILED
        faults = 0 if failed else int(json.loads(last.result or "{}").get("faults", 0))
    ended = select(func.max(_job.c.ended_at)).where(_is_check(), _job.c.state == State.DONE)
    waits = select(func.min(_job.c.run_after)).where(_job.c.state == State.WAITING, _job.c.run_after <= now)
    refused = select(func.coalesce(func.sum(_event.c.count), 0)).where(_event.c.day == today)
    return Stored(
        refused_today=connection.execute(refused).scalar_one(),
        jobs=_jobs(connection),
        failed_jobs=_failed_jobs(connection, now),
        waiting_since=connection.execute(waits).scalar(),
        chains=chains,
        latest=ledger.latest_moment(connection, list(chains)),
        database_ahead=_ahead(connection),
        database_bytes=_bytes(connection),
        verified_at=connection.execute(ended).scalar(),
        check_due=_check_due(connection),
        check_faults=faults,
        check_failed=failed,
    )


def _jobs(connection: Connection) -> dict[tuple[str, str], int]:
    counted = select(_job.c.kind, _job.c.state, func.count()).group_by(_job.c.kind, _job.c.state)
    return {(kind, state): number for kind, state, number in connection.execute(counted)}


def _failed_jobs(connection: Connection, now: datetime) -> int:
    """How many jobs failed lately, by no refusal, and were neither repeated nor put away."""
    failed = and_(_job.c.state == State.FAILED, _job.c.refused == "", _job.c.put_away.is_(False))
    lately = _job.c.ended_at > now - FAILED_FOR
    return connection.execute(select(func.count()).select_from(_job).where(failed, lately)).scalar_one()


def _is_check() -> Any:
    """Of the whole installation."""
    return and_(_job.c.kind == VERIFICATION.name, _job.c.school == "")


def _last_check(connection: Connection) -> Any:
    ended = _job.c.state.in_([state for state in ENDED if state != State.STOPPED])
    query = select(_job.c.state, _job.c.result).where(_is_check(), ended)
    return connection.execute(query.order_by(_job.c.ended_at.desc(), _job.c.id.desc()).limit(1)).first()


def _check_due(connection: Connection) -> datetime | None:
    """For when the oldest check was meant that has not come to its end: one that is open, or the next of the nights."""
    asked = select(func.min(_job.c.asked_at)).where(_is_check(), _job.c.state.in_(OPEN))
    next_one = select(func.min(_schedule.c.next_run)).where(_schedule.c.kind == VERIFICATION.name)
    found = [connection.execute(query).scalar() for query in (asked, next_one)]
    return min((one for one in found if one is not None), default=None)


def _ahead(connection: Connection) -> float | None:
    """Seconds by which the clock of PostgreSQL is ahead of the machine's; SQLite has none of its own."""
    if connection.dialect.name != "postgresql":
        return None
    there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return (there - datetime.now(UTC)).total_seconds()


def _bytes(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":
        return connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    return pages * connection.execute(text("PRAGMA page_size")).scalar_one()
