"""Views that must be recorded: an inspector reads, and every reading leaves its line (product.md, roles)."""

from __future__ import annotations

from ais_app.access.rules import Actor
from ais_app.db import UnitOfWork
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import Item


def record_view(uow: UnitOfWork, actor: Actor, course_uid: str) -> None:
    """Append that the actor opened a course."""
    chain = ledger.lock(uow, ledger.school_chain(actor.hat.school_uid))
    ledger.append(uow, chain, actor.author, "journal_viewed", [Item("course", course_uid, None, None)])
