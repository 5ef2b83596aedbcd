"""The jobs that an actor may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from ais_app.db.columns import pairs, table
from ais_app.jobs.declared import JobKind
from ais_app.jobs.models import Job
from ais_app.jobs.rules import OPEN, State
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Scope

_job = table(Job)
MOST_LISTED = 50


def visible(reading: Reading, kinds: Mapping[str, JobKind]) -> ColumnElement[bool]:
    """The condition of those of kinds whose right the actor has, and that it reaches (`jobs/reach.py` for one row)."""
    reached: list[ColumnElement[bool]] = []
    for kind in kinds.values():
        scopes = reading.actor.scopes(kind.right)
        if Scope.INSTALLATION in scopes:
            reached.append(_job.c.kind == kind.name)
        elif scopes and reading.hat.school_uid:
            of_school = and_(_job.c.kind == kind.name, _job.c.school == reading.hat.school_uid)
            own = _job.c.account == reading.actor.account_uid
            reached.append(of_school if Scope.SCHOOL in scopes else and_(of_school, own))
    return and_(_job.c.put_away.is_(False), or_(*reached)) if reached else _job.c.id < 0


def listed(reading: Reading, kinds: Mapping[str, JobKind], states: Sequence[str] = ()) -> list[Any]:
    """Rows of `job`, those that run first, then those that wait, then the newest; `states` = () = all."""
    query = select(_job).where(visible(reading, kinds))
    if states:
        query = query.where(_job.c.state.in_(states))
    order = (_job.c.state == State.RUNNING).desc(), (_job.c.state == State.WAITING).desc(), _job.c.asked_at.desc()
    return list(reading.connection.execute(query.order_by(*order, _job.c.id.desc()).limit(MOST_LISTED)))


def counts(reading: Reading, kinds: Mapping[str, JobKind]) -> dict[str, int]:
    """{state: how many of them}."""
    query = select(_job.c.state, func.count()).where(visible(reading, kinds)).group_by(_job.c.state)
    return pairs(reading.connection.execute(query))


def before(reading: Reading, job: Any) -> int:
    """How many open jobs of the installation come before one that waits; numbers only."""
    earlier = or_(_job.c.run_after < job.run_after, and_(_job.c.run_after == job.run_after, _job.c.id < job.id))
    waiting = and_(_job.c.state == State.WAITING, earlier)
    query = select(func.count()).select_from(_job).where(or_(waiting, _job.c.state == State.RUNNING))
    return reading.connection.execute(query.where(_job.c.state.in_(OPEN))).scalar_one()


def kind_of(reading: Reading, uid: str) -> str:
    """The kind of a job; "" = there is none. Whether the actor may see it, its change asks."""
    return reading.connection.execute(select(_job.c.kind).where(_job.c.uid == uid)).scalar() or ""
