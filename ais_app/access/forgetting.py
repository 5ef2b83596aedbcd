"""Attempts at secrets that count no more are forgotten: each invented login leaves a row nothing else takes away."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, or_, select

from ais_app.access.models import LoginThrottle
from ais_app.access.service.attempts import FORGOTTEN_AFTER
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.jobs.declared import JobRun
from ais_app.jobs.working import Run

AT_ONCE = 100  # ids that a part looks through

_throttle = table(LoginThrottle)


def _last(connection: Connection) -> int:
    return connection.execute(select(func.coalesce(func.max(_throttle.c.id), 0))).scalar_one()


def work(run: Run) -> None:
    """Parts are the first ids of ranges: the same each time, whatever was forgotten before."""
    last = run.database.read(_last)
    run.write(range(1, last + 1, AT_ONCE), -(-last // AT_ONCE))


def forget(uow: UnitOfWork, job: JobRun, parts: Sequence[int]) -> None:
    """Delete the counters of these ranges that were over when the job was asked for."""
    over = _throttle.c.since <= job.asked_at - FORGOTTEN_AFTER
    waits_no_more = or_(_throttle.c.locked_until.is_(None), _throttle.c.locked_until <= job.asked_at)
    for first in parts:
        within = _throttle.c.id.between(first, first + AT_ONCE - 1)
        uow.execute(delete(_throttle).where(within, over, waits_no_more))
