"""The one way to change what the record holds (D-29).

    with operation(uow, actor, LESSON_ADDED, Right.KEEP_LESSONS, reason=why) as op:
        ...
        lesson = op.insert(LESSON, {"course_id": course.id, "day": day, "number": number})
        op.announce(CourseChanged(course.uid, sequence, op.uid, actor.hat.person_uid, reload=True))

It checks the right, takes the lock of the chain, fixes the moment, gathers items, and appends them when the block ends:
nothing when it raises, nothing when no item was given. What is announced can name the operation by `op.uid`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import Token
from dataclasses import replace
from datetime import date, datetime
from types import TracebackType
from typing import Any

from ais_app import log_ids
from ais_app.db import UnitOfWork
from ais_app.i18n import _
from ais_app.ledger import queries
from ais_app.ledger import service as ledger
from ais_app.ledger.kinds import Kind
from ais_app.ledger.records import Record
from ais_app.ledger.rows import Inserted, References, delete_rows, insert_rows, overwrite_row, update_rows
from ais_app.ledger.rules import Item
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right

LONGEST_REASON = 500


class ReasonMissing(Refused):
    """What is to be done needs a reason, and none was given."""

    code = "reason"

    def __init__(self) -> None:
        super().__init__(_("Write the reason: it stays in the history."), "reason")


def operation(
    uow: UnitOfWork, actor: Actor, kind: Kind, right: Right, reason: str = "", *, uid: str = "", chain: str = ""
) -> Operation:
    """An operation of `kind`, for a `with` block. Raises NotYours without the right, Refused for too long a reason.

    `uid`: the client's own id of the operation, where there is one. Entering the block sets `again` when it was written
    before, and raises NotYours when it is that of another operation. `chain`: another one than that of the actor's
    school. Operations do not nest: RuntimeError.
    """
    if not actor.may(right):
        raise NotYours
    stripped = reason.strip()
    if len(stripped) > LONGEST_REASON:
        raise Refused(_("The text is too long."), "reason")
    return Operation(uow, actor, kind, stripped, uid, chain or ledger.school_chain(actor.hat.school_uid))


class Operation:
    """An operation that is being carried out. Only `operation` makes one."""

    __slots__ = (
        "_chain_id",
        "_events",
        "_items",
        "_kept",
        "_logged",
        "_opening",
        "_reading",
        "_references",
        "_uid",
        "actor",
        "again",
        "chain",
        "kind",
        "reason",
        "uow",
    )

    chain: ledger.Chain
    again: bool

    def __init__(self, uow: UnitOfWork, actor: Actor, kind: Kind, reason: str, uid: str, chain_id: str) -> None:
        self.uow, self.actor, self.kind, self.reason = uow, actor, kind, reason
        self._uid, self._chain_id = uid, chain_id
        self._items: list[Item] = []
        self._events: list[Any] = []
        self._kept = False
        self._opening = ""
        self._reading: Reading | None = None
        self._logged: Token[log_ids.Ids]
        self._references = References()

    def __enter__(self) -> Operation:
        if self.uow.moment is not None:
            msg = "an operation within an operation"
            raise RuntimeError(msg)
        self.chain = ledger.lock(self.uow, self._chain_id)
        self.again = bool(self._uid) and self._was_written()
        self.uow.moment = self.uow.now
        self._logged = log_ids.begin(operation=lambda: self.uid)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
            elif error is not None:
                log_ids.keep(error)
        finally:
            log_ids.end(self._logged)
            self.uow.moment = None

    @property
    def uid(self) -> str:
        """The operation's public id, also before it is appended."""
        if not self._uid:
            self._uid = self.uow.make_uid()
        return self._uid

    @property
    def now(self) -> datetime:
        """The moment of the operation: all of it happens at this one."""
        return self.uow.now

    @property
    def reading(self) -> Reading:
        """For reads within the operation: its actor at its moment."""
        if self._reading is None:
            self._reading = Reading.at(self.uow.connection, self.actor, self.now)
        return self._reading

    def insert(self, record: Record, row: Mapping[str, Any]) -> Inserted:
        """Insert a row of the record, given as {column: value}, and add its item."""
        return self.insert_all(record, [row])[0]

    def insert_all(self, record: Record, rows: Sequence[Mapping[str, Any]]) -> list[Inserted]:
        """Insert rows of the record and add their items; returns them in order."""
        made, items = insert_rows(self.uow, record, rows, self._references)
        self._items += items
        return made

    def update(self, record: Record, row_id: int, **values: Any) -> bool:
        """Give a row of the record other values, and add the item of what differs; whether something did."""
        return self.update_all(record, {row_id: values}) > 0

    def update_all(
        self,
        record: Record,
        changes: Mapping[int, Mapping[str, Any]],
        *,
        meanwhile: Mapping[int, Mapping[str, Any]] | None = None,
    ) -> int:
        """Give rows of the record other values, as {id: {column: value}}, each of the same columns, and add the items
        of those that differ; returns how many did.

        `meanwhile`: the values that these rows hold in between, where a column is unique and two rows may swap.
        """
        items = update_rows(self.uow, record, changes, self._references, meanwhile)
        self._items += items
        return len(items)

    def overwrite(self, record: Record, row_id: int, **values: Any) -> None:
        """Give personal columns of a row of the record values that tell nothing of before.

        For erasing: the item says what stands there now, and nothing of before. Raises ValueError for other columns.
        """
        self._items += overwrite_row(self.uow, record, row_id, values, self._references)

    def delete_all(self, record: Record, ids: Sequence[int]) -> None:
        """Delete rows that were inserted by mistake, and add their items."""
        self._items += delete_rows(self.uow, record, ids, self._references)

    def add(self, *items: Item) -> None:
        """Add items that are made already."""
        self._items += items

    def added(self, entity: str, subject: str, after: Mapping[str, Any]) -> None:
        """Add the item of a row that was not there before."""
        self.changed(entity, subject, None, after)

    def changed(
        self, entity: str, subject: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
    ) -> None:
        """Add the item of a row; None = it was not there before, or is not afterwards. Dates become ISO 8601."""
        self._items.append(Item(entity, subject, _spelled(before), _spelled(after)))

    def by_opening(self, uid: str) -> None:
        """Name in every item the opening by which alone the operation is possible after the edit window; "" = none."""
        self._opening = uid

    def keep(self) -> None:
        """Append the operation even without items: that it took place is what is recorded."""
        self._kept = True

    def need_reason(self) -> None:
        """Raise ReasonMissing unless a reason was given."""
        if not self.reason:
            raise ReasonMissing

    def announce(self, event: Any) -> None:
        """Announce an event to open pages, after the commit and only when the operation was appended."""
        self._events.append(event)

    def _was_written(self) -> bool:
        """Whether the ledger has an operation with the client's id. Raises NotYours when that is another one."""
        known = queries.operation_known(self.uow.connection, self._uid)
        own = queries.KnownOperation(self.actor.account_uid, self.kind.name, self.chain.chain_id)
        if known not in (None, own):
            raise NotYours
        return known is not None

    def _finish(self) -> None:
        if not self._items and not self._kept:
            return
        items = [by_opening(item, self._opening) for item in self._items]
        entry = ledger.Entry(self.actor.author, self.kind.name, items, self.uid, self.reason, self.uow.moment)
        ledger.append_entry(self.uow, self.chain, entry)
        for event in self._events:
            self.uow.announce(event)


def by_opening(item: Item, uid: str) -> Item:
    """The item with the uid of the opening by which alone it could be made; as it is without one."""
    if not uid:
        return item
    side = "before" if item.after is None else "after"
    return replace(item, **{side: {**(getattr(item, side) or {}), "opening": uid}})


def _spelled(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
