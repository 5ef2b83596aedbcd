"""One operation of setting a school up: the right, the chain, the items, and inserting rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import func, insert, select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import FreeText, Item
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school.rules import PersonDraft

Draft = TypeVar("Draft")


def may_set_up(actor: Actor, school: SchoolRef) -> bool:
    """Whether the actor may set this school up."""
    scopes = actor.scopes(Right.SET_UP_SCHOOL)
    return Scope.INSTALLATION in scopes or (Scope.SCHOOL in scopes and actor.hat.school_id == school.id)


class SettingUp:
    """One set-up operation: checks the right, locks the chain, gathers items; `record` appends it. Raises NotYours."""

    def __init__(self, uow: UnitOfWork, actor: Actor, school: SchoolRef, kind: str) -> None:
        if not may_set_up(actor, school):
            raise NotYours
        self.uow, self.school = uow, school
        self._chain = ledger.lock(uow, ledger.school_chain(school.uid))
        self._actor, self._kind = actor, kind
        self._items: list[Item] = []

    def add(
        self,
        model: Any,
        entity: str,
        drafts: Sequence[Draft],
        in_ledger: Callable[[Draft], Mapping[str, Any]],
        **more: Any,
    ) -> list[tuple[int, str]]:
        """Insert a row for each draft, with the columns `more` too, and an item of the ledger with `in_ledger(draft)`.

        Returns (id, uid) of each, in order.
        """
        uids = [self.uow.make_uid() for _draft in drafts]
        rows = [{"uid": uid, **columns_of(draft), **more} for uid, draft in zip(uids, drafts, strict=True)]
        ids = add_rows(self.uow, model, rows)
        for uid, draft in zip(uids, drafts, strict=True):
            self.added(entity, uid, in_ledger(draft))
        return list(zip(ids, uids, strict=True))

    def added(self, entity: str, uid: str, after: Mapping[str, Any]) -> None:
        self.changed(entity, uid, None, after)

    def changed(self, entity: str, uid: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
        self._items.append(Item(entity, uid, None if before is None else _spelled(before), _spelled(after)))

    def record(self) -> None:
        ledger.append(self.uow, self._chain, self._actor.author, self._kind, self._items)


def _spelled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def person_in_ledger(draft: PersonDraft) -> dict[str, FreeText]:
    """What the ledger holds of a person, without what is not known: all of it free text, so that it can be erased."""
    name = {"name": FreeText(draft.full_name)}
    return name if draft.birth_date is None else name | {"birth_date": FreeText(draft.birth_date.isoformat())}


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


def add_rows(uow: UnitOfWork, model: Any, values: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert many rows of one shape; returns their ids in order."""
    rows = table(model)
    if not values:
        return []
    statement = insert(rows).returning(rows.c.id, sort_by_parameter_order=True)
    return list(uow.execute(statement, list(values)).scalars())


def put_rows(uow: UnitOfWork, model: Any, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows that nothing will refer to."""
    if values:
        uow.execute(insert(table(model)), list(values))
