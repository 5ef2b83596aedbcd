"""Which operations stand: what one did, which others were undone, and what was done later at the same rows.

An operation that undoes another one says so in an item: entity `UNDONE`, subject = that one's uid, with the ordinals
of its items from the first to the last that are undone. Operations that are undone as one have an item of the entity
`GROUP` with one subject; its `UNDONE_AS` is the kind by whose rule all of them are undone, where it is not each by its
own. Both come before the items of rows, so that they are found without reading those. An operation
is undone as long as one that undoes it stands: to undo that one is to redo it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ais_app.db.columns import table
from ais_app.ledger.models import Operation, OperationItem, OperationText

UNDONE, GROUP = "undone", "group"
UNDONE_AS = "undone_as"
NAMING = (UNDONE, GROUP)  # entities of items that name operations, not rows
BESIDE = frozenset({"opening"})  # what stands in an item beside the fields of its row
AT_ONCE = 500  # operations or subjects of one statement

_operation, _item, _text = table(Operation), table(OperationItem), table(OperationText)
_OPERATION = [_operation.c[name] for name in ("id", "uid", "chain_id", "sequence", "kind", "account", "hat", "moment")]


@dataclass(frozen=True, slots=True)
class DoneOperation:
    """An operation as it was written; `group_kind`: the kind by whose rule it is undone with its group."""

    id: int
    uid: str
    chain_id: str
    sequence: int
    kind: str
    account: str
    hat: str
    moment: datetime
    group_kind: str = ""

    @property
    def undone_as(self) -> str:
        """The kind by whose rule it is undone."""
        return self.group_kind or self.kind

    @property
    def person(self) -> str:
        """The uid of the person as whom it was done; "" = none."""
        return self.hat.rpartition(":")[2].strip("-")


@dataclass(frozen=True, slots=True)
class DoneItem:
    """What an operation did to a row, with its texts; `erased`: the sides and fields whose text is not there any more,
    as «before.name».
    """

    operation: str
    ordinal: int
    entity: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    erased: frozenset[str] = frozenset()

    def overlaps(self, other: DoneItem, placed: Collection[str] = ()) -> bool:
        """Whether one cannot be undone without the other: they share a field, or the row came or went by one of them.

        `placed`: fields that do not count.
        """
        one, another = self.fields - set(placed), other.fields - set(placed)
        if not one or not another:
            return False
        return None in (self.before, self.after, other.before, other.after) or bool(one & another)

    @property
    def fields(self) -> set[str]:
        return {*(self.before or {}), *(self.after or {})} - BESIDE


@dataclass(frozen=True, slots=True)
class Mark:
    """That the operation `by` undoes the items of `target` from `first` to `last`."""

    by: str
    target: str
    first: int
    last: int


@dataclass(slots=True)
class Undoers:
    """Who undoes whom; complete for the operations it was asked for, and for those that undo them, and so on."""

    marks: dict[str, list[Mark]] = field(default_factory=dict[str, list[Mark]])

    def stands(self, uid: str) -> bool:
        """Whether nothing of an operation is undone."""
        return not any(self.stands(mark.by) for mark in self.marks.get(uid, ()))

    def standing(self, uid: str) -> list[Mark]:
        """What is undone of an operation, and by whom."""
        return [mark for mark in self.marks.get(uid, ()) if self.stands(mark.by)]

    def is_undone(self, uid: str, ordinal: int) -> bool:
        return any(mark.first <= ordinal <= mark.last for mark in self.standing(uid))


def operations(connection: Connection, uids: Collection[str]) -> dict[str, DoneOperation]:
    """{uid: operation} of those that are known."""
    return {
        row.uid: DoneOperation(*row)
        for some in _portions(sorted(uids))
        for row in connection.execute(select(*_OPERATION).where(_operation.c.uid.in_(some)))
    }


def rows_touched(connection: Connection, operation: DoneOperation) -> list[int]:
    """The ordinals of the items that are about rows, in order."""
    statement = select(_item.c.ordinal).where(
        _item.c.operation_id == operation.id, _item.c.entity.not_in(NAMING)
    )  # fmt: skip
    return sorted(connection.execute(statement).scalars())


def items(connection: Connection, operation: DoneOperation, ordinals: Collection[int] | None = None) -> list[DoneItem]:
    """The items of an operation about rows, with their texts; all, or those with these ordinals. The last first."""
    where = [_item.c.operation_id == operation.id, _item.c.entity.not_in(NAMING)]
    if ordinals is not None:
        if not ordinals:
            return []
        where.append(_item.c.ordinal.between(min(ordinals), max(ordinals)))
    rows = connection.execute(select(_item).where(*where).order_by(_item.c.ordinal.desc())).all()
    texts = _texts(connection, [row.id for row in rows])
    return [
        _read(row, operation.uid, texts.get(row.id, {}))
        for row in rows
        if ordinals is None or row.ordinal in ordinals
    ]  # fmt: skip


def later_items(
    connection: Connection, operation: DoneOperation, done: Sequence[DoneItem]
) -> Iterator[tuple[DoneItem, DoneOperation]]:
    """What later operations of the chain did at the rows of these items, without texts, with the operation of each."""
    wanted: dict[str, set[str]] = {}
    for item in done:
        wanted.setdefault(item.entity, set()).add(item.subject)
    for entity, subjects in wanted.items():
        for some in _portions(sorted(subjects)):
            rows = connection.execute(
                select(_item.c.ordinal, _item.c.entity, _item.c.subject, _item.c.data, *_OPERATION)
                .join(_operation, _operation.c.id == _item.c.operation_id)
                .where(_item.c.entity == entity, _item.c.subject.in_(some))
            )
            for row in rows:
                if row.chain_id == operation.chain_id and row.sequence > operation.sequence:
                    yield _read(row, row.uid, {}), DoneOperation(*tuple(row)[4:])


def undoers(connection: Connection, uids: Collection[str]) -> Undoers:
    """Who undoes these operations, who undoes those, and so on to the end."""
    found, asked = Undoers(), set[str]()
    following = set(uids)
    while following:
        asked |= following
        for mark in _marks_on(connection, following):
            found.marks.setdefault(mark.target, []).append(mark)
        following = {mark.by for marks in found.marks.values() for mark in marks} - asked
    return found


def _marks_on(connection: Connection, uids: Collection[str]) -> Iterator[Mark]:
    for some in _portions(sorted(uids)):
        rows = connection.execute(
            select(_operation.c.uid, _item.c.subject, _item.c.data)
            .join(_operation, _operation.c.id == _item.c.operation_id)
            .where(_item.c.entity == UNDONE, _item.c.subject.in_(some))
        )
        yield from (_mark(row) for row in rows)


def undone_by(connection: Connection, done: Collection[DoneOperation]) -> dict[str, Mark]:
    """{operation: what it undoes} of those that undo another one."""
    found: dict[str, Mark] = {}
    for some in _portions(sorted(one.id for one in done)):
        rows = connection.execute(
            select(_operation.c.uid, _item.c.entity, _item.c.subject, _item.c.data)
            .join(_operation, _operation.c.id == _item.c.operation_id)
            .where(_item.c.operation_id.in_(some), _item.c.ordinal == 0)
        )
        found |= {row.uid: _mark(row) for row in rows if row.entity == UNDONE}
    return found


def _mark(row: Any) -> Mark:
    after = json.loads(row.data)["after"]
    return Mark(row.uid, row.subject, after["first"], after["last"])


def group_of(connection: Connection, uid: str) -> str:
    """The group of an operation, or ""."""
    rows = connection.execute(
        select(_item.c.entity, _item.c.subject)
        .join(_operation, _operation.c.id == _item.c.operation_id)
        .where(_operation.c.uid == uid, _item.c.ordinal < len(NAMING))
    )
    return next((row.subject for row in rows if row.entity == GROUP), "")


def kind_of_group(connection: Connection, group: str) -> str:
    """The kind by whose rule the operations of a group are undone, or ""."""
    statement = select(_item.c.data).where(_item.c.entity == GROUP, _item.c.subject == group).limit(1)
    data = connection.execute(statement).scalar_one_or_none()
    return "" if data is None else json.loads(data)["after"].get(UNDONE_AS, "")


def members(connection: Connection, group: str) -> list[str]:
    """The operations of a group, in the order of their chain."""
    statement = (
        select(_operation.c.uid)
        .join(_item, _item.c.operation_id == _operation.c.id)
        .where(_item.c.entity == GROUP, _item.c.subject == group)
        .order_by(_operation.c.chain_id, _operation.c.sequence)
    )
    return list(connection.execute(statement).scalars())


def _read(row: Any, uid: str, texts: Mapping[str, str | None]) -> DoneItem:
    data = json.loads(row.data)
    sides: dict[str, dict[str, Any] | None] = {}
    for side in ("before", "after"):
        values = data[side]
        sides[side] = None if values is None else {
            name: texts.get(f"{side}.{name}") if isinstance(value, dict) else value for name, value in values.items()
        }  # fmt: skip
    erased = frozenset(name for name, text in texts.items() if text is None)
    return DoneItem(uid, row.ordinal, row.entity, row.subject, sides["before"], sides["after"], erased)


def _texts(connection: Connection, item_ids: Sequence[int]) -> dict[int, dict[str, str | None]]:
    found: dict[int, dict[str, str | None]] = {}
    for some in _portions(item_ids):
        columns = (_text.c.item_id, _text.c.field, _text.c.text)
        for row in connection.execute(select(*columns).where(_text.c.item_id.in_(some))):
            found.setdefault(row.item_id, {})[row.field] = row.text
    return found


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
