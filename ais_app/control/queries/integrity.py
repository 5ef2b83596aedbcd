"""The chains of the ledger that an actor may check, and the checks that were made of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select

from ais_app.control.jobs import VERIFICATION
from ais_app.db.columns import table
from ais_app.jobs.models import Job
from ais_app.jobs.rules import OPEN
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, Scope

_job = table(Job)
MOST_CHECKS = 8


class ChainHead(NamedTuple):
    """A chain, the number of its operations and the hash of the last."""

    chain: str
    length: int
    hash: str


def own_chains(reading: Reading) -> list[ChainHead]:
    """The chains that the actor may check: that of his school, or all of the installation."""
    scopes = reading.actor.scopes(Right.CHECK_INTEGRITY)
    heads = [ChainHead(chain, *head) for chain, head in sorted(ledger.heads(reading.connection).items())]
    if Scope.INSTALLATION in scopes:
        return heads
    own = school_chain(reading.hat.school_uid)
    return [head for head in heads if head.chain == own] if Scope.SCHOOL in scopes else []


def checks(reading: Reading) -> list[Any]:
    """The last jobs that verified the record, the newest first: those of the actor's school and of the installation.

    What one of the installation found is for its administrator only: its `result` may name rows of other schools.
    """
    scopes = reading.actor.scopes(Right.CHECK_INTEGRITY)
    schools = [""] if Scope.INSTALLATION in scopes else ["", reading.hat.school_uid] if Scope.SCHOOL in scopes else []
    query = select(_job).where(_job.c.kind == VERIFICATION.name, _job.c.school.in_(schools))
    return list(reading.connection.execute(query.order_by(_job.c.asked_at.desc(), _job.c.id.desc()).limit(MOST_CHECKS)))


def own_school(reading: Reading) -> str:
    """The `school` of the jobs that the actor asks for."""
    everywhere = Scope.INSTALLATION in reading.actor.scopes(Right.CHECK_INTEGRITY)
    return "" if everywhere else reading.hat.school_uid


def open_check(reading: Reading) -> str:
    """The uid of the check of the actor's school that waits or runs; "" = none does."""
    open_ones = [row.uid for row in checks(reading) if row.school == own_school(reading) and row.state in OPEN]
    return open_ones[0] if open_ones else ""
