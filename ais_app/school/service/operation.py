"""What the use cases of setting a school up share: the right and the operation, and the checks of what is given."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import func, select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.service import school_chain
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right, Scope


def may_set_up(actor: Actor, school: SchoolRef) -> bool:
    """Whether the actor may set this school up."""
    scopes = actor.scopes(Right.SET_UP_SCHOOL)
    return Scope.INSTALLATION in scopes or (Scope.SCHOOL in scopes and actor.hat.school_id == school.id)


def setting_up(uow: UnitOfWork, actor: Actor, school: SchoolRef, kind: Kind) -> Operation:
    """An operation of `kind` in the chain of this school, for a `with` block. Raises NotYours."""
    if not may_set_up(actor, school):
        raise NotYours
    return operation(uow, actor, kind, Right.SET_UP_SCHOOL, chain=school_chain(school.uid))


def columns_of(draft: Any) -> dict[str, Any]:
    """{column: value} of a draft, whose fields are named like columns; its lists become rows of other tables."""
    values = {field.name: getattr(draft, field.name) for field in fields(draft)}
    return {name: value for name, value in values.items() if not isinstance(value, list | tuple)}


def must_be_of_school(uow: UnitOfWork, school: SchoolRef, model: Any, ids: set[int]) -> None:
    """Raise NotYours when a row of `model` with one of these ids is not there, or is of another school (D-1)."""
    rows = table(model)
    known = uow.execute(select(func.count()).where(rows.c.id.in_(ids), rows.c.school_id == school.id)).scalar_one()
    if known != len(ids):
        raise NotYours
