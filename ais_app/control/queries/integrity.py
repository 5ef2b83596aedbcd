"""The chains of the ledger that an actor may check, and the check itself."""

from __future__ import annotations

from ais_app.ledger import queries as ledger
from ais_app.ledger import verifying
from ais_app.ledger.service import school_chain
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, Scope


def own_chains(reading: Reading) -> list[tuple[str, int]]:
    """(chain, number of its operations) of those that the actor may check: his school's, or all of the installation."""
    scopes = reading.actor.scopes(Right.CHECK_INTEGRITY)
    if Scope.INSTALLATION in scopes:
        return ledger.chains(reading.connection)
    return ledger.chains(reading.connection, school_chain(reading.hat.school_uid)) if Scope.SCHOOL in scopes else []


def check(reading: Reading, most: int = 20) -> list[str]:
    """Verify the chains that the actor may check; the first `most` faults as texts, [] = whole."""
    faults: list[str] = []
    for chain, _count in own_chains(reading):
        for fault in verifying.verify_one(reading.connection, chain):
            faults.append(str(fault))
            if len(faults) >= most:
                return faults
    return faults
