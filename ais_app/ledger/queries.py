"""Reading the ledger: is an operation known, what happened to a row, is the chain whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from ais_app.db.columns import pairs, table
from ais_app.db.prepared import Prepared
from ais_app.ledger import rules
from ais_app.ledger.models import LedgerChain, Operation, OperationItem, OperationText

_chain = table(LedgerChain)
_operation = table(Operation)
_item = table(OperationItem)
_text = table(OperationText)

BATCH = 5_000
_KNOWN = Prepared(
    select(_operation.c.account, _operation.c.kind, _operation.c.chain_id).where(
        _operation.c.uid == bindparam("operation")
    )
)


@dataclass(frozen=True, slots=True)
class KnownOperation:
    """An operation that is already there, found by its client-made uid."""

    account: str
    kind: str
    chain_id: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the history of a row; a text that was erased reads as None."""

    operation: str
    kind: str
    account: str
    hat: str
    moment: datetime
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the ledger that is not as it was written: table, row and what is wrong with it."""

    table: str
    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.what}"


def operation_known(connection: Connection, uid: str) -> KnownOperation | None:
    found = _KNOWN.first(connection, {"operation": uid})
    return None if found is None else KnownOperation(found.account, found.kind, found.chain_id)


def history(connection: Connection, chain_id: str, entity: str, subject: str, limit: int = 50) -> list[Step]:
    """The steps of one row, newest first. The caller has already checked that its reader may see the row."""
    rows = connection.execute(
        select(
            _item.c.id,
            _item.c.data,
            _operation.c.uid,
            _operation.c.kind,
            _operation.c.account,
            _operation.c.hat,
            _operation.c.moment,
        )
        .join(_operation, _operation.c.id == _item.c.operation_id)
        .where(_item.c.entity == entity, _item.c.subject == subject, _operation.c.chain_id == chain_id)
        .order_by(_operation.c.sequence.desc())
        .limit(limit)
    ).all()
    texts = _texts_of(connection, [row.id for row in rows])
    steps = []
    for row in rows:
        data = json.loads(row.data)
        sides = {side: _with_texts(data[side], side, texts.get(row.id, {})) for side in ("before", "after")}
        steps.append(Step(row.uid, row.kind, row.account, row.hat, row.moment, sides["before"], sides["after"]))
    return steps


def first_moments(connection: Connection, chain_id: str, kind: str, subjects: Sequence[str]) -> dict[str, datetime]:
    """{subject: moment of the first operation of `kind` that touched it}; one statement for all."""
    rows = connection.execute(
        select(_item.c.subject, func.min(_operation.c.moment, type_=_operation.c.moment.type))
        .join(_operation, _operation.c.id == _item.c.operation_id)
        .where(_operation.c.chain_id == chain_id, _operation.c.kind == kind, _item.c.subject.in_(subjects))
        .group_by(_item.c.subject)
    )
    return pairs(rows)


def touched_since(connection: Connection, chain_id: str, entity: str, subjects: Sequence[str], since: datetime) -> int:
    """How many of these rows an operation touched after `since`."""
    return connection.execute(
        select(func.count(_item.c.subject.distinct()))
        .join(_operation, _operation.c.id == _item.c.operation_id)
        .where(
            _operation.c.chain_id == chain_id,
            _item.c.entity == entity,
            _item.c.subject.in_(subjects),
            _operation.c.moment > since,
        )
    ).scalar_one()


def texts_beside(connection: Connection, operations: Sequence[str], entities: Sequence[str]) -> dict[str, str]:
    """{operation uid: text} of the items of `entities` in these operations: a reason, a document, unless erased."""
    rows = connection.execute(
        select(_operation.c.uid, _text.c.text)
        .join(_item, _item.c.operation_id == _operation.c.id)
        .join(_text, _text.c.item_id == _item.c.id)
        .where(_operation.c.uid.in_(operations), _item.c.entity.in_(entities), _text.c.text.is_not(None))
    )
    return pairs(rows)


def chains(connection: Connection, chain_id: str | None = None) -> list[tuple[str, int]]:
    """(chain, number of its operations) of every chain, or of one."""
    statement = select(_chain.c.chain_id, _chain.c.sequence).order_by(_chain.c.chain_id)
    if chain_id is not None:
        statement = statement.where(_chain.c.chain_id == chain_id)
    return [(row.chain_id, row.sequence) for row in connection.execute(statement)]


def verify_one(connection: Connection, chain_id: str) -> Iterator[Fault]:
    """Walk one chain from its first operation and yield what is not whole."""
    head = connection.execute(select(_chain).where(_chain.c.chain_id == chain_id)).one_or_none()
    if head is None:
        yield Fault("ledger_chain", chain_id, "the head of this chain is missing")
    else:
        yield from _verify_chain(connection, chain_id, head.sequence, head.head)


def verify(connection: Connection) -> Iterator[Fault]:
    """Walk every chain from its first operation and yield what is not whole; nothing yielded = whole."""
    heads = {row.chain_id: row for row in connection.execute(select(_chain))}
    known_chains = set(connection.execute(select(_operation.c.chain_id).distinct()).scalars())
    for chain_id in sorted(known_chains - heads.keys()):
        yield Fault("ledger_chain", chain_id, "the head of this chain is missing")
    for chain_id, head in sorted(heads.items()):
        yield from _verify_chain(connection, chain_id, head.sequence, head.head)
    orphans = connection.execute(
        select(_item.c.id).where(_item.c.operation_id.not_in(select(_operation.c.id))).limit(20)
    ).scalars()
    for item_id in orphans:
        yield Fault("operation_item", f"id={item_id}", "belongs to no operation")


def count(connection: Connection) -> int:
    """How many operations all chains hold together."""
    return sum(connection.execute(select(_chain.c.sequence)).scalars())


def _verify_chain(connection: Connection, chain_id: str, length: int, head: str) -> Iterator[Fault]:
    previous, expected = rules.GENESIS, 1
    while True:
        rows = _FROM.all(connection, {"chain": chain_id, "first": expected, "most": BATCH})
        if not rows:
            break
        items = _items_of(connection, {row.id for row in rows})
        texts = _sealed_texts(connection, items)
        for row in rows:
            of_row = items.get(row.id, [])
            if (
                row.sequence != expected
                or row.previous != previous
                or rules.link(row.previous, row.canonical) != row.hash
                or _respelled(row, of_row) != row.canonical
            ):
                yield from _faults_of(row, of_row, chain_id, expected, previous)
            for item in of_row:
                if '"sha256"' in item.data:
                    yield from _verify_texts(item, texts.get(item.id, {}))
            previous, expected = row.hash, row.sequence + 1
    if (expected - 1, previous) != (length, head):
        yield Fault("ledger_chain", chain_id, f"ends at #{expected - 1}, its head says #{length}")


def _faults_of(row: Any, items: Sequence[Any], chain_id: str, expected: int, previous: str) -> Iterator[Fault]:
    """Everything that is wrong with an operation, each by its name."""
    name = f"id={row.id} ({chain_id} #{row.sequence})"
    if row.sequence != expected:
        yield Fault("operation", f"{chain_id} #{expected}", "is missing")
    if row.previous != previous:
        yield Fault("operation", name, "does not continue the operation before it")
    if rules.link(row.previous, row.canonical) != row.hash:
        yield Fault("operation", name, "its hash does not fit its text")
    if _respelled(row, items) != row.canonical:
        yield Fault("operation", name, "its columns or items differ from the text that was hashed")


def _respelled(row: Any, items: Sequence[Any]) -> str:
    author = rules.Author(row.account, row.hat, row.session, row.network, row.origin)
    return rules.canonical_operation(
        chain=row.chain_id,
        sequence=row.sequence,
        uid=row.uid,
        kind=row.kind,
        author=author,
        moment=row.moment,
        items=[(item.entity, item.subject, item.data) for item in items],
    )


def _verify_texts(item: Any, stored: dict[str, Any]) -> Iterator[Fault]:
    for field, digest in _sealed_fields(json.loads(item.data)):
        row = stored.get(field)
        if row is None:
            yield Fault("operation_text", f"item={item.id} {field}", "is missing")
        elif row.digest != digest:
            yield Fault("operation_text", f"id={row.id}", "its digest is not the one in the chain")
        elif (row.text is None) != (row.salt is None):
            yield Fault("operation_text", f"id={row.id}", "is neither whole nor erased")
        elif row.text is not None and rules.digest_of(row.salt, row.text) != digest:
            yield Fault("operation_text", f"id={row.id}", "its text was changed")


def _sealed_fields(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for side in ("before", "after"):
        for name, value in (data[side] or {}).items():
            if isinstance(value, dict) and set(value) == {"sha256"}:
                yield f"{side}.{name}", value["sha256"]


def _with_texts(values: dict[str, Any] | None, side: str, texts: dict[str, Row[Any]]) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        name: texts[f"{side}.{name}"].text if f"{side}.{name}" in texts else value for name, value in values.items()
    }


_FROM = Prepared(
    select(_operation)
    .where(_operation.c.chain_id == bindparam("chain"), _operation.c.sequence >= bindparam("first"))
    .order_by(_operation.c.sequence)
    .limit(bindparam("most"))
)
_ITEMS = Prepared(
    select(_item)
    .where(_item.c.operation_id.between(bindparam("first"), bindparam("last")))
    .order_by(_item.c.operation_id, _item.c.ordinal)
)
_TEXTS = Prepared(
    select(_text).where(_text.c.item_id.between(bindparam("first"), bindparam("last"))).order_by(_text.c.id)
)


def _items_of(connection: Connection, wanted: Collection[int]) -> dict[int, list[Any]]:
    """{operation id: items in order} of these operations; one statement for all."""
    found: dict[int, list[Any]] = {}
    for row in _ITEMS.all(connection, {"first": min(wanted), "last": max(wanted)}):
        if row.operation_id in wanted:
            found.setdefault(row.operation_id, []).append(row)
    return found


def _sealed_texts(connection: Connection, items: dict[int, list[Any]]) -> dict[int, dict[str, Any]]:
    """{item id: {field: text}} of every item among these that has free text; one statement for all."""
    sealed = {item.id for of_row in items.values() for item in of_row if '"sha256"' in item.data}
    found: dict[int, dict[str, Any]] = {}
    if sealed:
        for row in _TEXTS.all(connection, {"first": min(sealed), "last": max(sealed)}):
            if row.item_id in sealed:
                found.setdefault(row.item_id, {})[row.field] = row
    return found


def _texts_of(connection: Connection, item_ids: Sequence[int]) -> dict[int, dict[str, Row[Any]]]:
    found: dict[int, dict[str, Row[Any]]] = {}
    if item_ids:
        for row in connection.execute(select(_text).where(_text.c.item_id.in_(item_ids))):
            found.setdefault(row.item_id, {})[row.field] = row
    return found
