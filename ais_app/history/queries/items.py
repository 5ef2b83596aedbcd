"""What operations did: their items, with the texts that are kept beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable, func, select

from ais_app.db.columns import pairs, table
from ais_app.ledger.models import OperationItem, OperationText
from ais_app.ledger.standing import NAMING, UNDONE

_item, _text = table(OperationItem), table(OperationText)

AT_ONCE = 500

_OF_ROWS = _item.c.entity.not_in(NAMING)  # the others name operations


@dataclass(frozen=True, slots=True)
class Sealed:
    """A free text; None = it was erased."""

    text: str | None


@dataclass(frozen=True, slots=True)
class Touched:
    """What an operation did to a row: {field: value or Sealed} before and after; None = the row was not there."""

    entity: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def counts(connection: Connection, operations: Sequence[int]) -> dict[int, int]:
    """{operation: how many items of rows it has}, of those that have some."""
    statement = select(_item.c.operation_id, func.count()).where(_item.c.operation_id.in_(operations), _OF_ROWS)
    return pairs(connection.execute(statement.group_by(_item.c.operation_id)))


def of_each(connection: Connection, operations: Sequence[int], ordinals: tuple[int, int]) -> dict[int, list[Touched]]:
    """{operation: its items from the first of these ordinals on, up to and without the second}."""
    first, end = ordinals
    within = _item.c.ordinal >= first, _item.c.ordinal < end
    return _touched(connection, _ITEMS.where(_item.c.operation_id.in_(operations), *within))


def undoing(connection: Connection, operations: Sequence[int]) -> set[int]:
    """Those of these operations that undo another one."""
    statement = select(_item.c.operation_id).where(_item.c.operation_id.in_(operations), _item.c.entity == UNDONE)
    return set(connection.execute(statement).scalars())


def of_row(connection: Connection, operations: Sequence[int], entity: str, subject: str) -> dict[int, list[Touched]]:
    """{operation: its items on one row}."""
    found: dict[int, list[Touched]] = {}
    for start in range(0, len(operations), AT_ONCE):
        some = _item.c.operation_id.in_(operations[start : start + AT_ONCE])
        found |= _touched(connection, _ITEMS.where(some, _item.c.entity == entity, _item.c.subject == subject))
    return found


_ITEMS = (
    select(_item.c.id, _item.c.operation_id, _item.c.entity, _item.c.subject, _item.c.data)
    .where(_OF_ROWS)
    .order_by(_item.c.operation_id, _item.c.ordinal)
)


def _touched(connection: Connection, statement: Executable) -> dict[int, list[Touched]]:
    rows = connection.execute(statement).all()
    data = {row.id: json.loads(row.data) for row in rows}
    sealed = [item for item, sides in data.items() if any(map(_holds_text, sides.values()))]
    texts = _texts_of(connection, sealed)
    touched: dict[int, list[Touched]] = {}
    for row in rows:
        before, after = (_unsealed(row.id, side, data[row.id][side], texts) for side in ("before", "after"))
        touched.setdefault(row.operation_id, []).append(Touched(row.entity, row.subject, before, after))
    return touched


def _holds_text(side: Mapping[str, Any] | None) -> bool:
    return side is not None and any(map(_is_seal, side.values()))


def _is_seal(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"sha256"}


def _unsealed(item: int, side: str, values: Mapping[str, Any] | None, texts: Mapping[tuple[int, str], str | None]):
    if values is None:
        return None
    return {
        name: Sealed(texts.get((item, f"{side}.{name}"))) if _is_seal(value) else value
        for name, value in values.items()
    }


def _texts_of(connection: Connection, items: Sequence[int]) -> dict[tuple[int, str], str | None]:
    found: dict[tuple[int, str], str | None] = {}
    for start in range(0, len(items), AT_ONCE):
        some = items[start : start + AT_ONCE]
        rows = connection.execute(select(_text.c.item_id, _text.c.field, _text.c.text).where(_text.c.item_id.in_(some)))
        found |= {(row.item_id, row.field): row.text for row in rows}
    return found
