"""What is due by itself: a row of the table for each kind with a schedule, and the job that it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.jobs.asking import ask
from ais_app.jobs.declared import JobKind
from ais_app.jobs.models import JobSchedule
from ais_app.ledger import service as ledger
from ais_app.rights.rules import server

_schedule = table(JobSchedule)
KEY = "scheduled"


def is_due(connection: Connection, now: datetime, kinds: Iterable[JobKind], zone: str) -> bool:
    """Whether `run_due` has something to do."""
    rows = _rows(connection)
    return any(
        kind.name not in rows or rows[kind.name].rule != kind.schedule.spelled(zone) or rows[kind.name].next_run <= now
        for kind in kinds
        if kind.schedule is not None
    )


def run_due(uow: UnitOfWork, kinds: Iterable[JobKind], zone: str) -> list[str]:
    """Ask for what is due, once whatever was missed; reckon anew what is new or changed. Returns uids of jobs."""
    ledger.lock(uow, ledger.INSTALLATION)  # several processes look at once
    rows, asked = _rows(uow.connection), list[str]()
    for kind in kinds:
        if kind.schedule is None:
            continue
        row, rule = rows.get(kind.name), kind.schedule.spelled(zone)
        following = kind.schedule.following(uow.now, zone)
        if row is None:
            values = {"kind": kind.name, "school": "", "rule": rule, "next_run": following}
            uow.execute(insert(_schedule).values(**values))
        elif row.rule != rule or row.next_run <= uow.now:
            if row.rule == rule:
                asked.append(ask(uow, kind, kind.payload(), server().author, key=KEY).uid)
            uow.execute(update(_schedule).where(_schedule.c.id == row.id).values(rule=rule, next_run=following))
    return asked


def _rows(connection: Connection) -> dict[str, Any]:
    return {row.kind: row for row in connection.execute(select(_schedule).where(_schedule.c.school == ""))}
