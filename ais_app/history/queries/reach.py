"""Whose operations an actor may read: of which chain, and whether his own only."""

from __future__ import annotations

from dataclasses import dataclass

from ais_app.history.payloads import Conditions
from ais_app.ledger.service import INSTALLATION, school_chain
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right, Scope


@dataclass(frozen=True, slots=True)
class Reach:
    """A chain of the ledger. `own`: only what the actor did himself, under the hat that he wears.

    `wide`: a school's whole chain, in which one may choose by author, class and person.
    """

    chain: str
    own: bool
    wide: bool


def reach_of(actor: Actor) -> Reach:
    """Raises NotYours without the right."""
    scopes = actor.scopes(Right.SEE_OPERATIONS)
    if Scope.INSTALLATION in scopes:
        return Reach(INSTALLATION, own=False, wide=False)
    if Scope.SCHOOL in scopes:
        return Reach(school_chain(actor.hat.school_uid), own=False, wide=True)
    if Scope.SELF in scopes:
        return Reach(school_chain(actor.hat.school_uid), own=True, wide=False)
    raise NotYours


def narrowed(actor: Actor, asked: Conditions) -> Conditions:
    """The conditions that the actor may ask for: without a school's whole chain none by author, class or person."""
    if reach_of(actor).wide:
        return asked
    return asked.model_copy(update={"author": "", "school_class": "", "person": ""})
