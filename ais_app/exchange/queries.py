"""The jobs of exchange that an actor may see, and the imports that are not written whole."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.exchange.jobs import CHECK, IMPORT, JOBS, SetAsked
from ais_app.exchange.models import ImportRun
from ais_app.jobs.models import Job
from ais_app.people.queries import schools
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, Scope

_job, _run = table(Job), table(ImportRun)
MOST = 20


def jobs(reading: Reading) -> list[Any]:
    """The last jobs of the actor's school, those of the installation for its administrator; the newest first."""
    names = [kind.name for kind in JOBS]
    query = select(_job).where(_job.c.kind.in_(names), _job.c.put_away.is_(False))
    if not over_installation(reading):
        query = query.where(_job.c.school == reading.hat.school_uid, _job.c.school != "")
    return list(reading.connection.execute(query.order_by(_job.c.asked_at.desc(), _job.c.id.desc()).limit(MOST)))


def job(reading: Reading, uid: str) -> Any:
    """One of them, or None."""
    return next((row for row in jobs(reading) if row.uid == uid), None)


def own_schools(reading: Reading) -> list[tuple[str, str]]:
    """(uid, name) of the schools that the actor may export."""
    found = [(uid, name) for uid, name in schools(reading.connection)]
    return [one for one in found if over_installation(reading) or one[0] == reading.hat.school_uid]


def taken_back(reading: Reading, uid: str) -> bool | None:
    """Whether an import was begun to be taken back; None = it has written nothing."""
    return reading.connection.execute(select(_run.c.taken_back).where(_run.c.uid == uid)).scalar()


def over_installation(reading: Reading) -> bool:
    return Scope.INSTALLATION in reading.actor.scopes(Right.SET_UP_SCHOOL)


def set_of(row: Any) -> SetAsked | None:
    """The set of a check or an import; None for any other job, or none."""
    if row is None or row.kind not in (CHECK.name, IMPORT.name):
        return None
    return SetAsked.model_validate_json(row.payload)
