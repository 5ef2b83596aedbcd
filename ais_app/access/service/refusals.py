"""Refused attempts, counted by day: evidence without a flood of rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Connection, func, insert, select, update

from ais_app.access.models import SecurityEvent
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.instruments import REFUSALS, child
from ais_app.ledger import queries
from ais_app.ledger import service as ledger

MOST_SUBJECTS, OTHER_SUBJECTS = 100, "…"
DIGEST = "refusals"  # the entity of the item that holds the digest of a day (`access/refusal_digest.py`)

_event = table(SecurityEvent)


def record_refusal(
    uow: UnitOfWork, kind: str, *, account: str = "", network: str = "", subject: str = "", times: int = 1
) -> bool:
    """Count refused attempts of today; returns whether they are the first of their kind.

    No secrets and no flood of rows: who tries more than a hundred subjects a day has the rest counted together. With a
    clock that was set back, today is the first day that is not counted yet.
    """
    child(REFUSALS, kind).inc(times)
    ledger.lock(uow, ledger.INSTALLATION)  # two processes must not both insert the first one, nor cross over rows
    closed = last_counted_day(uow.connection)
    today = uow.now.date() if closed is None else max(uow.now.date(), closed + timedelta(1))
    of_today = {"day": today, "kind": kind, "account": account, "network": network}
    if _count_again(uow, of_today | {"subject": subject}, times):
        return False
    tried = uow.execute(select(func.count()).select_from(_event).filter_by(**of_today)).scalar_one()
    bucket = of_today | {"subject": subject if tried < MOST_SUBJECTS else OTHER_SUBJECTS}
    if tried >= MOST_SUBJECTS and _count_again(uow, bucket, times):
        return False
    uow.execute(insert(_event).values(**bucket, count=times, first_at=uow.now, last_at=uow.now))
    return True


def last_counted_day(connection: Connection) -> date | None:
    """The last day whose rows stand in the ledger: nothing is counted into it any more."""
    day = queries.last_subject(connection, DIGEST)
    return None if day is None else date.fromisoformat(day)


def _count_again(uow: UnitOfWork, bucket: Mapping[str, object], times: int) -> bool:
    """Add `times` to the row with these values; returns whether there is one."""
    where = [_event.c[name] == value for name, value in bucket.items()]
    counted = update(_event).where(*where).values(count=_event.c.count + times, last_at=uow.now)
    return uow.execute(counted).rowcount > 0
