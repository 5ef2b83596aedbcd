"""Verifying the ledger: every operation, item and text of a chain is compared with what was hashed.

A chain can be verified in stretches, since each operation names the hash before it (`ledger/parallel_verification.py`
gives them to several processes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.i18n import _
from ais_app.ledger import rules
from ais_app.ledger.fault import Fault
from ais_app.ledger.models import LedgerChain, Operation, OperationItem, OperationReason, OperationText
from ais_app.ledger.spelled_items import ItemsOfOperation
from ais_app.ledger.verifying_texts import DIGEST_NAME, SealedItem, StoredText, faults_of_reason, faults_of_texts
from ais_app.rights.rules import Author

_chain = table(LedgerChain)
_operation = table(Operation)
_item = table(OperationItem)
_text = table(OperationText)
_reason = table(OperationReason)

BATCH = 500  # bigger ones leave the caches of a processor: 15 % slower at 2,000
SHOWN_ORPHANS = 20


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a chain: how many operations it has, and the hash of the last."""

    length: int
    hash: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Operations `first` … `last` of a chain. `previous` is the hash before them; None = that operation is missing,
    which the stretch before reports. The last stretch of a chain must end at its `head`.
    """

    chain_id: str
    first: int
    last: int
    previous: str | None
    head: Head | None


def verify(connection: Connection) -> Iterator[Fault]:
    """Verify every chain from its first operation and yield the faults; none = the ledger is whole."""
    yield from outside(connection)
    for chain_id in known_chains(connection):
        yield from verify_one(connection, chain_id)


def verify_one(connection: Connection, chain_id: str) -> Iterator[Fault]:
    """Verify one chain from its first operation and yield the faults."""
    whole = stretches(connection, chain_id)
    if not whole:
        yield _headless(chain_id)
    for stretch in whole:
        yield from verify_stretch(connection, stretch)


def outside(connection: Connection, chain: str = "") -> Iterator[Fault]:
    """The faults that verifying chains does not find: chains without a head; items, texts, reasons of no operation.

    `chain`: of the first, this one alone.
    """
    known = {chain} if chain else set(connection.execute(select(_operation.c.chain_id).distinct()).scalars())
    for chain_id in sorted(known - set(known_chains(connection))):
        yield _headless(chain_id)
    for name, rows, owner in (
        ("operation_item", _item, exists().where(_operation.c.id == _item.c.operation_id)),
        ("operation_text", _text, exists().where(_item.c.id == _text.c.item_id)),
        ("operation_reason", _reason, exists().where(_operation.c.id == _reason.c.operation_id)),
    ):  # not by `NOT IN`: PostgreSQL walks a list that is larger than its memory once for each row
        for row_id in connection.execute(select(rows.c.id).where(~owner).limit(SHOWN_ORPHANS)).scalars():
            yield Fault(name, f"id={row_id}", _("belongs to no operation"))


def known_chains(connection: Connection) -> list[str]:
    """The chains that have a head."""
    return list(connection.execute(select(_chain.c.chain_id).order_by(_chain.c.chain_id)).scalars())


def first_since(connection: Connection, chain_id: str, since: datetime) -> int:
    """The number of the first operation of a chain at or after a moment; of the one to come, where there is none."""
    first, last = connection.execute(
        select(
            func.min(_operation.c.sequence).filter(_operation.c.moment >= since), func.max(_operation.c.sequence)
        ).where(_operation.c.chain_id == chain_id)
    ).one()
    return first or (last or 0) + 1


def stretches(connection: Connection, chain_id: str, length: int = 0, first: int = 1) -> list[Stretch]:
    """The chain from its operation `first` on, cut into stretches of `length` operations, 0 = one stretch.

    [] when it has no head.
    """
    row = connection.execute(select(_chain).where(_chain.c.chain_id == chain_id)).one_or_none()
    if row is None:
        return []
    head = Head(row.sequence, row.head)
    longest = select(func.max(_operation.c.sequence)).where(_operation.c.chain_id == chain_id)
    last = max(head.length, connection.execute(longest).scalar_one() or 0)
    firsts = range(first, max(last, first) + 1, length or max(last, 1))
    before = select(_operation.c.sequence, _operation.c.hash).where(
        _operation.c.chain_id == chain_id, _operation.c.sequence.in_([first - 1 for first in firsts])
    )
    hashes = {0: rules.GENESIS} | {one.sequence: one.hash for one in connection.execute(before)}
    ends = [*[first - 1 for first in firsts[1:]], last]
    return [
        Stretch(chain_id, first, end, hashes.get(first - 1), head if end == last else None)
        for first, end in zip(firsts, ends, strict=True)
    ]


def verify_stretch(connection: Connection, stretch: Stretch) -> Iterator[Fault]:
    """Yield the faults of one stretch: each operation must spell as it was hashed, and continue the one before."""
    chain_id, previous, expected = stretch.chain_id, stretch.previous, stretch.first
    for first in range(stretch.first, stretch.last + 1, BATCH):
        span = {"chain": chain_id, "first": first, "last": min(first + BATCH - 1, stretch.last)}
        texts, reasons = _texts_of(connection, span), _reasons_of(connection, span)
        for row in _OPERATIONS.all(connection, span):
            if (
                row.sequence != expected
                or row.previous != previous
                or rules.link(row.previous, row.canonical) != row.hash
                or _respelled(chain_id, row, row.items or "") != row.canonical
            ):
                rows = _ITEMS.tuples(connection, {"operation": row.id})
                items = rules.spelled_items([[_as_text(value) for value in one] for one in rows])
                yield from _faults_of(chain_id, row, items, expected, previous)
            if row.reason is not None or row.id in reasons:
                yield from faults_of_reason(connection, row, reasons.get(row.id))
            for item in texts.get(row.id, ()):
                yield from faults_of_texts(connection, row.uid, item)
            previous, expected = row.hash, row.sequence + 1
    if stretch.head is None and expected <= stretch.last:
        yield Fault("operation", f"{chain_id} #{expected}", _("is missing"))
    elif stretch.head is not None and Head(expected - 1, previous or "") != stretch.head:
        yield Fault(
            "ledger_chain",
            chain_id,
            _("ends at #{last}, its head says #{length}").format(last=expected - 1, length=stretch.head.length),
        )


def _headless(chain_id: str) -> Fault:
    return Fault("ledger_chain", chain_id, _("the head of this chain is missing"))


def _faults_of(chain_id: str, row: Any, items: str, expected: int, previous: str | None) -> Iterator[Fault]:
    """Everything that is wrong with an operation, a fault each. `items`: as this process spells them."""
    name = f"id={row.id} ({chain_id} #{row.sequence})"
    if row.sequence != expected:
        yield Fault("operation", f"{chain_id} #{expected}", _("is missing"))
    if previous is not None and row.previous != previous:
        yield Fault("operation", name, _("does not continue the operation before it"))
    if rules.link(row.previous, row.canonical) != row.hash:
        yield Fault("operation", name, _("its hash does not fit its text"))
    if row.format not in rules.FORMATS:
        yield Fault("operation", name, _("its format {format} is not known to this version").format(format=row.format))
    elif _respelled(chain_id, row, items) != row.canonical:
        yield Fault("operation", name, _("its columns or items differ from the text that was hashed"))


def _respelled(chain_id: str, row: Any, items: str) -> str | None:
    """The canonical text of an operation from its columns and items; None when its format cannot spell them."""
    if row.format not in rules.FORMATS or (row.format == 1 and row.reason is not None):
        return None
    return rules.canonical_operation(
        chain=chain_id,
        sequence=row.sequence,
        uid=row.uid,
        kind=row.kind,
        author=Author(row.account, row.hat, row.session, row.network, row.origin),
        moment=row.moment,
        items=items,
        spelling=row.format,
        reason=row.reason,
    )


_IN_SPAN = (
    _operation.c.chain_id == bindparam("chain"),
    _operation.c.sequence.between(bindparam("first"), bindparam("last")),
)
_OPERATIONS = Prepared(
    select(_operation, ItemsOfOperation().label("items")).where(*_IN_SPAN).order_by(_operation.c.sequence)
)
_ITEMS = Prepared(  # of one operation
    select(_item.c.entity, _item.c.subject, _item.c.data)
    .where(_item.c.operation_id == bindparam("operation"))
    .order_by(_item.c.ordinal)
)
_TEXTS = Prepared(  # and the items that should have some
    select(
        *(_item.c.operation_id, _item.c.id.label("item_id"), _item.c.ordinal, _item.c.data),
        *(_text.c.field, _text.c.id, _text.c.salt, _text.c.text, _text.c.digest),
    )
    .join(_operation, _operation.c.id == _item.c.operation_id)
    .outerjoin(_text, _text.c.item_id == _item.c.id)
    .where(*_IN_SPAN, _text.c.id.is_not(None) | _item.c.data.contains(DIGEST_NAME))
    .order_by(_operation.c.sequence, _item.c.ordinal)
)
_REASONS = Prepared(
    select(_reason.c.operation_id, _reason.c.id, _reason.c.salt, _reason.c.text, _reason.c.digest)
    .join(_operation, _operation.c.id == _reason.c.operation_id)
    .where(*_IN_SPAN)
)


def _texts_of(connection: Connection, span: Mapping[str, Any]) -> dict[int, list[SealedItem]]:
    """{operation id: its items that have texts or should have some}."""
    found: dict[int, list[SealedItem]] = {}
    last = 0
    for operation_id, item_id, ordinal, data, *text in _TEXTS.tuples(connection, span):
        of_operation = found.setdefault(operation_id, [])
        if item_id != last:
            last = item_id
            of_operation.append(SealedItem(item_id, ordinal, _as_text(data), []))
        if text[0] is not None:
            of_operation[-1].texts.append(text)
    return found


def _reasons_of(connection: Connection, span: Mapping[str, Any]) -> dict[int, StoredText]:
    """{operation id: its reason}."""
    return {operation_id: text for operation_id, *text in _REASONS.tuples(connection, span)}


def _as_text(value: object) -> str:
    """A stored text; what is none, such as bytes that somebody put there, in a spelling that no operation has."""
    return value if isinstance(value, str) else repr(value)
