"""The chains of the ledger that an actor may check, and the check itself."""

from __future__ import annotations

from sqlalchemy import Connection

from ais_app.ledger import queries as ledger
from ais_app.ledger import verifying
from ais_app.ledger.service import school_chain
from ais_app.rights.rules import Actor, Right, Scope


def own_chains(connection: Connection, actor: Actor) -> list[tuple[str, int]]:
    """(chain, number of operations) that the actor may check: the own school's, or all of the installation."""
    scopes = actor.scopes(Right.CHECK_INTEGRITY)
    if Scope.INSTALLATION in scopes:
        return ledger.chains(connection)
    return ledger.chains(connection, school_chain(actor.hat.school_uid)) if Scope.SCHOOL in scopes else []


def check(connection: Connection, actor: Actor, most: int = 20) -> list[str]:
    """Walk the actor's chains; the first faults in words of the ledger, nothing = whole."""
    faults: list[str] = []
    for chain, _count in own_chains(connection, actor):
        for fault in verifying.verify_one(connection, chain):
            faults.append(str(fault))
            if len(faults) >= most:
                return faults
    return faults
