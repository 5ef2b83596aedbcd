"""The run of a job in the database: take it, write its parts, say how far it is, end it. Each is a unit of work.

A run owns its job as long as the row names it (`owner`): whoever takes a job whose lease is over writes another name,
and everything that the former run still tries changes nothing. Locks are taken in one order: the chain, then the job.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pkgutil import resolve_name
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.jobs.asking import JobChanged
from ais_app.jobs.declared import JobKind, JobRun
from ais_app.jobs.models import Job
from ais_app.jobs.rules import State, pause_before
from ais_app.rights.rules import Author

_job = table(Job)
log = structlog.get_logger("jobs")


class LeaseLost(Exception):  # noqa: N818 - reads as what it is
    """Another run has the job by now, or it was ended: nothing was changed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: the code of its step, and how much of it is done; `total` = 0 = not known."""

    step: str = ""
    done: int = 0
    total: int = 0


def is_due(connection: Connection, now: Any, kinds: Sequence[str]) -> bool:
    """Whether a job can be taken."""
    return connection.execute(select(_job.c.id).where(_due(now, kinds)).limit(1)).first() is not None


def take(uow: UnitOfWork, kinds: Mapping[str, JobKind]) -> JobRun | None:
    """Take the job that has been due longest; None = there is none. One that is spent fails here, or is stopped."""
    due = select(_job).where(_due(uow.now, list(kinds))).order_by(_job.c.run_after, _job.c.id).limit(1)
    row = uow.execute(due.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    kind = kinds[row.kind]
    if row.stop_asked or row.attempts >= kind.most_attempts:
        state, code = State.STOPPED if row.stop_asked else State.FAILED, row.error_id or uow.make_uid()
        if not row.error_id and state == State.FAILED:
            log.error("job_failed", job=row.uid, kind=row.kind, error_id=code, why="its runs ended without a word")
        _set(uow, row.id, row.school, row.uid, state=state, error_id=code, ended_at=uow.now)
        return take(uow, kinds)
    try:
        payload = kind.payload.model_validate_json(row.payload)
    except ValidationError:  # written by another version
        code = uow.make_uid()
        log.exception("job_failed", job=row.uid, kind=row.kind, error_id=code, why="payload")
        _set(uow, row.id, row.school, row.uid, state=State.FAILED, error_id=code, ended_at=uow.now)
        return take(uow, kinds)
    owner, until = uow.make_uid(), uow.now + timedelta(seconds=kind.lease_seconds)
    values: dict[str, Any] = {"state": State.RUNNING, "owner": owner, "lease_until": until}
    values |= {"attempts": row.attempts + 1, "started_at": row.started_at or uow.now}
    _set(uow, row.id, row.school, row.uid, **values)
    author = Author(row.account, row.hat, row.session, row.network, row.origin)
    named = (row.id, row.uid, row.kind, row.school, payload, author, row.asked_at)
    return JobRun(*named, owner, row.attempts + 1, row.written)


def write_parts(uow: UnitOfWork, kind: JobKind, job: JobRun, first: int, parts: Sequence[Any]) -> None:
    """Write the parts with the numbers from `first` on; the first of all is 0.

    Raises LeaseLost, ValueError for parts that do not follow those that are written, and what the kind's function
    raises: then nothing is written.
    """
    row = uow.execute(select(_job.c.written).where(_own(job), _job.c.stop_asked.is_(False))).first()
    if row is None:
        raise LeaseLost
    if row.written != first or not kind.write:
        msg = f"{job.kind}: {row.written} parts are written, those from {first} on came"
        raise ValueError(msg)
    resolve_name(kind.write)(uow, job, parts)
    counted = update(_job).where(_own(job), _job.c.written == first, _job.c.stop_asked.is_(False))
    if uow.execute(counted.values(written=first + len(parts), attempts=1)).rowcount != 1:
        raise LeaseLost


def report(uow: UnitOfWork, kind: JobKind, job: JobRun, progress: Progress) -> None:
    """Renew the lease and say how far the run is. Raises LeaseLost."""
    until = uow.now + timedelta(seconds=kind.lease_seconds)
    said = {"step": progress.step[:64], "done": progress.done, "total": progress.total}
    _change_own(uow, job, lease_until=until, **said)


def is_wanted(connection: Connection, job: JobRun) -> bool:
    """Whether the run still has its job and nobody has asked to stop it."""
    query = select(_job.c.id).where(_own(job), _job.c.stop_asked.is_(False))
    return connection.execute(query).first() is not None


def keep_file(uow: UnitOfWork, job: JobRun, record: Callable[[UnitOfWork, str], str]) -> str:
    """Let the job have the file that `record(uow, uid of the former one or "")` writes; its uid. Raises LeaseLost."""
    row = uow.execute(select(_job.c.file).where(_own(job)).with_for_update()).first()
    if row is None:
        raise LeaseLost
    uid = record(uow, row.file)
    _change_own(uow, job, file=uid)
    return uid


def end(uow: UnitOfWork, job: JobRun, result: Mapping[str, Any]) -> None:
    """The run has come to its end, with these values for JSON. Raises LeaseLost."""
    spelled = json.dumps(result, ensure_ascii=False)
    _change_own(uow, job, state=State.DONE, result=spelled, ended_at=uow.now, lease_until=None)


def fail(uow: UnitOfWork, job: JobRun, error_id: str, refused: str = "") -> None:
    """The run cannot be made; `refused`: the sentence for the person, where there is one. Raises LeaseLost."""
    _change_own(uow, job, state=State.FAILED, error_id=error_id, refused=refused, ended_at=uow.now, lease_until=None)


def interrupt(uow: UnitOfWork, kind: JobKind, job: JobRun, error_id: str) -> None:
    """The run was cut off by no fault of its own: it is taken again after a pause, or fails. Raises LeaseLost."""
    attempts = uow.execute(select(_job.c.attempts).where(_own(job))).scalar() or 0
    if attempts >= kind.most_attempts:
        fail(uow, job, error_id)
        return
    after = uow.now + pause_before(attempts + 1)
    _change_own(uow, job, state=State.WAITING, run_after=after, error_id=error_id, owner="", lease_until=None)


def mark_stopped(uow: UnitOfWork, job: JobRun) -> None:
    """The run was stopped because somebody asked for it. Raises LeaseLost."""
    if uow.execute(select(_job.c.id).where(_own(job), _job.c.stop_asked)).first() is None:
        raise LeaseLost
    _change_own(uow, job, state=State.STOPPED, ended_at=uow.now, lease_until=None)


def give_back(uow: UnitOfWork, job: JobRun) -> None:
    """The server stops: the job waits for the next one, and this attempt does not count. Raises LeaseLost."""
    attempts = uow.execute(select(_job.c.attempts).where(_own(job))).scalar() or 0
    values = {"state": State.WAITING, "owner": "", "lease_until": None, "attempts": max(0, attempts - 1)}
    _change_own(uow, job, **values)


def take_over(uow: UnitOfWork) -> int:
    """Where one process alone runs jobs (SQLite): what an earlier one left running can be taken at once."""
    left = update(_job).where(_job.c.state == State.RUNNING).values(owner="", lease_until=uow.now)
    return uow.execute(left).rowcount


def _due(now: Any, kinds: Sequence[str]) -> ColumnElement[bool]:
    waits = and_(_job.c.state == State.WAITING, _job.c.run_after <= now)
    lost = and_(_job.c.state == State.RUNNING, _job.c.lease_until <= now)
    return and_(_job.c.kind.in_(kinds), or_(waits, lost))


def _own(job: JobRun) -> ColumnElement[bool]:
    return and_(_job.c.id == job.id, _job.c.owner == job.owner, _job.c.state == State.RUNNING)


def _change_own(uow: UnitOfWork, job: JobRun, **values: Any) -> None:
    if uow.execute(update(_job).where(_own(job)).values(**values)).rowcount != 1:
        raise LeaseLost
    uow.announce(JobChanged(job.uid, job.school))


def _set(uow: UnitOfWork, row_id: int, school: str, uid: str, **values: Any) -> None:
    uow.execute(update(_job).where(_job.c.id == row_id).values(**values))
    uow.announce(JobChanged(uid, school))
