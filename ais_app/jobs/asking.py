"""Asking for a job in the unit of work of the change itself; and what a person does with one: ask, stop, repeat."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Dialect, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.jobs.declared import JobKind
from ais_app.jobs.kinds import JOB_ASKED, JOB_REPEATED, JOB_STOPPED
from ais_app.jobs.models import Job
from ais_app.jobs.reach import may_reach
from ais_app.jobs.rules import AGAIN, ENDED, OPEN, State
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.service import INSTALLATION, school_chain
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Actor, Author, Scope

_job = table(Job)


@dataclass(frozen=True, slots=True)
class JobChanged:
    """Announced when a job was asked for, moved on or ended; `school` = "" for one of the installation."""

    uid: str
    school: str


@dataclass(frozen=True, slots=True)
class AskedJob:
    """`is_new`: False where one of the same key waits or runs already, and `uid` is that one."""

    uid: str
    is_new: bool


def ask(
    uow: UnitOfWork,
    kind: JobKind,
    payload: BaseModel,
    author: Author,
    *,
    school: str = "",
    key: str = "",
    run_after: datetime | None = None,
) -> AskedJob:
    """Write the row of a job; it begins after the commit. `school`: its uid, "" = of the installation.

    While a job of this kind, school and `key` (not "") is open, none is added. Raises TypeError for another payload.
    """
    if type(payload) is not kind.payload:
        raise TypeError(kind.name)
    row = Job(
        uid=uow.make_uid(),
        school=school,
        kind=kind.name,
        key=key,
        payload=payload.model_dump_json(),
        state=State.WAITING,
        run_after=run_after or uow.now,
        asked_at=uow.now,
        **asdict(author),
    ).model_dump(exclude={"id"})
    added = uow.execute(_insert_unless_open(uow.connection.dialect).values(**row).returning(_job.c.uid)).scalar()
    if added is not None:
        uow.announce(JobChanged(added, school))
        return AskedJob(added, is_new=True)
    same = (_job.c.kind == kind.name, _job.c.school == school, _job.c.key == key, _job.c.state.in_(OPEN))
    return AskedJob(uow.execute(select(_job.c.uid).where(*same)).scalar_one(), is_new=False)


def _insert_unless_open(dialect: Dialect) -> Any:
    if dialect.name == "sqlite":
        return sqlite.insert(_job).on_conflict_do_nothing()
    return postgresql.insert(_job).on_conflict_do_nothing()


def ask_as(uow: UnitOfWork, actor: Actor, kind: JobKind, payload: BaseModel, *, key: str = "") -> AskedJob:
    """A person asks: for his school, or for the installation where his right reaches so far. Raises NotYours."""
    school = school_of(actor, kind)
    with operation(uow, actor, JOB_ASKED, kind.right, chain=_chain(school)) as op:
        asked = ask(uow, kind, payload, actor.author, school=school, key=key)
        if asked.is_new:
            op.added(_job.name, asked.uid, {"job_kind": kind.name})
    return asked


def stop(uow: UnitOfWork, actor: Actor, kind: JobKind, uid: str) -> State:
    """Stop a job: one that waits has ended with that, one that runs ends soon. Returns its state.

    What it has written stays. Raises NotYours, and Refused for one that has ended.
    """
    with _changing(uow, actor, JOB_STOPPED, kind, uid) as op:
        row = _row(op, actor, kind, uid)
        if row.state in ENDED:
            raise Refused(_("This job has ended already."))
        ended = row.state == State.WAITING
        values: dict[str, Any] = {"stop_asked": True}
        if ended:
            values |= {"state": State.STOPPED, "ended_at": uow.now}
        uow.execute(update(_job).where(_job.c.id == row.id).values(**values))
        op.changed(_job.name, uid, {"state": row.state}, {"state": State.STOPPED})
        uow.announce(JobChanged(uid, row.school))
    return State.STOPPED if ended else State.RUNNING


def repeat(uow: UnitOfWork, actor: Actor, kind: JobKind, uid: str) -> None:
    """Let a job that failed or was stopped go on after what it has written. Raises NotYours, Refused."""
    with _changing(uow, actor, JOB_REPEATED, kind, uid) as op:
        row = _row(op, actor, kind, uid)
        if row.state not in AGAIN:
            raise Refused(_("Only what failed or was stopped can be repeated."))
        same = (_job.c.kind == row.kind, _job.c.school == row.school, _job.c.key == row.key, _job.c.state.in_(OPEN))
        if row.key and uow.execute(select(_job.c.id).where(*same)).first():
            raise Refused(_("The same job was asked for again: it waits or runs."))
        anew = {"state": State.WAITING, "run_after": uow.now, "attempts": 0, "stop_asked": False, "put_away": False}
        ended = {"error_id": "", "refused": "", "ended_at": None}
        uow.execute(update(_job).where(_job.c.id == row.id).values(**anew, **ended))
        op.changed(_job.name, uid, {"state": row.state}, {"state": State.WAITING})
        uow.announce(JobChanged(uid, row.school))


def put_away(uow: UnitOfWork, actor: Actor, kind: JobKind, uid: str) -> None:
    """Take a job that has ended off the list. Raises NotYours, and Refused for one that is open."""
    row = uow.execute(select(_job).where(_job.c.uid == uid)).first()
    if row is None or not may_reach(actor, kind, row):
        raise NotYours
    if row.state in OPEN:
        raise Refused(_("This job has not ended yet."))
    uow.execute(update(_job).where(_job.c.id == row.id).values(put_away=True))
    uow.announce(JobChanged(uid, row.school))


def school_of(actor: Actor, kind: JobKind) -> str:
    """For which school an actor asks: "" = the installation."""
    return "" if Scope.INSTALLATION in actor.scopes(kind.right) else actor.hat.school_uid


def _chain(school: str) -> str:
    return school_chain(school) if school else INSTALLATION


def _changing(uow: UnitOfWork, actor: Actor, what: Kind, kind: JobKind, uid: str) -> Operation:
    """An operation in the chain of the job's school. Raises NotYours where there is no such job for this actor."""
    school = uow.execute(select(_job.c.school).where(_job.c.uid == uid)).scalar()
    if school is None:
        raise NotYours
    return operation(uow, actor, what, kind.right, chain=_chain(school))


def _row(op: Operation, actor: Actor, kind: JobKind, uid: str) -> Any:
    """The job, locked. Raises NotYours."""
    row = op.uow.execute(select(_job).where(_job.c.uid == uid).with_for_update()).first()
    if row is None or not may_reach(actor, kind, row):
        raise NotYours
    return row
