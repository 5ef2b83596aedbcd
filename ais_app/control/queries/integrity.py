"""The chains of the ledger that an actor may check."""

from __future__ import annotations

from typing import NamedTuple

from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, Scope


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
