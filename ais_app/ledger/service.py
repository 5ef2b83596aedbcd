"""Appending to the ledger: the only way in, always inside the unit of work of the change itself."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from ais_app.db import UnitOfWork
from ais_app.db.columns import parameters, table
from ais_app.db.prepared import Prepared
from ais_app.ledger import rules
from ais_app.ledger.models import LedgerChain, Operation, OperationItem, OperationReason, OperationText
from ais_app.ledger.rules import Item
from ais_app.rights.rules import Author

INSTALLATION = "installation"

_chain = table(LedgerChain)
_operation = table(Operation)
_item = table(OperationItem)
_text = table(OperationText)
_reason = table(OperationReason)


def school_chain(school_uid: str) -> str:
    """The name of a school's chain."""
    return f"school:{school_uid}"


_LOCK = Prepared(
    select(_chain.c.sequence, _chain.c.head).where(_chain.c.chain_id == bindparam("chain")).with_for_update()
)
_APPEND = Prepared(insert(_operation).values(parameters(_operation)).returning(_operation.c.id))
_ADD_ITEM = Prepared(insert(_item).values(parameters(_item)))
_APPEND_ALL = insert(_operation).returning(_operation.c.id, sort_by_parameter_order=True)
_ADD_ITEMS_NUMBERED = insert(_item).returning(_item.c.id, sort_by_parameter_order=True)
_ADD_TEXT = Prepared(insert(_text).values(parameters(_text)))
_ADD_REASON = Prepared(insert(_reason).values(parameters(_reason)))
_MOVE_HEAD = Prepared(
    update(_chain)
    .where(_chain.c.chain_id == bindparam("chain"))
    .values(sequence=bindparam("sequence"), head=bindparam("head"))
)


@dataclass(slots=True)
class Chain:
    """A chain whose head this unit of work holds locked. Only `lock` makes one."""

    chain_id: str
    sequence: int
    head: str


def lock(uow: UnitOfWork, chain_id: str) -> Chain:
    """Take the lock of a chain before anything of its school is read for writing.

    Whoever holds it sees the present state until the commit, on PostgreSQL as on SQLite.
    """
    noted = uow.noted(("chain", chain_id))
    if noted is not None:  # an earlier unit of this transaction appended to it: the lock is held, the head is this
        return Chain(chain_id, *noted)
    row = next(iter(uow.execute(_LOCK, {"chain": chain_id})), None)
    if row is None:
        uow.execute(insert(_chain).values(chain_id=chain_id, sequence=0, head=rules.GENESIS))
        return Chain(chain_id, 0, rules.GENESIS)
    return Chain(chain_id, row.sequence, row.head)


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation to append. `uid` is the client's own where there is one; `moment` None = now."""

    author: Author
    kind: str
    items: Sequence[Item]
    uid: str | None = None
    reason: str = ""
    moment: datetime | None = None


def append(
    uow: UnitOfWork, chain: Chain, author: Author, kind: str, items: Sequence[Item], uid: str | None = None
) -> str:
    """Append one operation with its items; returns its uid. What changes the record does so by `operation` (D-29)."""
    return append_entry(uow, chain, Entry(author, kind, items, uid))


def append_entry(uow: UnitOfWork, chain: Chain, entry: Entry) -> str:
    """Append one operation with its items and its reason; returns its uid.

    `uid` is the client's own operation id where there is one: it is unique, so a repeated request cannot be
    written twice (look with `queries.operation_known` first).
    """
    _must_be_the_head(uow, chain)
    row, sealed, why = _next(uow, chain, entry)
    (added,) = uow.execute(_APPEND, row)
    _append_items(uow, [(added.id, sealed)])
    _append_reasons(uow, [(added.id, why)])
    _move_head(uow, chain)
    return row["uid"]


def append_all(uow: UnitOfWork, chain: Chain, entries: Sequence[Entry]) -> None:
    """Append many operations in order, in a few statements: for writers that bring much at once."""
    if not entries:
        return
    _must_be_the_head(uow, chain)
    made = [_next(uow, chain, entry) for entry in entries]
    ids = uow.execute(_APPEND_ALL, [row for row, _sealed, _why in made]).scalars().all()
    _append_items(uow, [(operation_id, sealed) for operation_id, (_row, sealed, _why) in zip(ids, made, strict=True)])
    _append_reasons(uow, [(operation_id, why) for operation_id, (_row, _sealed, why) in zip(ids, made, strict=True)])
    _move_head(uow, chain)


def _move_head(uow: UnitOfWork, chain: Chain) -> None:
    """Note the new head for the units that follow in this transaction; its row is written once, before the commit."""
    chain_id = chain.chain_id

    def write(connection: Connection, head: tuple[int, str]) -> None:
        _MOVE_HEAD.execute(connection, {"chain": chain_id, "sequence": head[0], "head": head[1]})

    uow.note(("chain", chain_id), (chain.sequence, chain.head), write)


Sealed = list[tuple[Item, str, list[rules.SealedText]]]


def _next(uow: UnitOfWork, chain: Chain, entry: Entry) -> tuple[dict[str, Any], Sealed, rules.SealedText | None]:
    """(row of the operation that follows the head of `chain`, its sealed items, its sealed reason).

    Moves the head in `chain`, which is in memory only.
    """
    sealed = [(item, *rules.seal(item, _salt)) for item in entry.items]
    why = rules.sealed_text("reason", entry.reason, _salt()) if entry.reason else None
    digest = why.digest if why else None
    uid, moment, sequence = entry.uid or uow.make_uid(), entry.moment or uow.now, chain.sequence + 1
    canonical = rules.canonical_operation(
        chain=chain.chain_id,
        sequence=sequence,
        uid=uid,
        kind=entry.kind,
        author=entry.author,
        moment=moment,
        items=rules.spelled_items([(item.entity, item.subject, data) for item, data, _texts in sealed]),
        reason=digest,
    )
    head = rules.link(chain.head, canonical)
    row = {
        "chain_id": chain.chain_id,
        "sequence": sequence,
        "uid": uid,
        "kind": entry.kind,
        "account": entry.author.account,
        "hat": entry.author.hat,
        "session": entry.author.session,
        "network": entry.author.network,
        "origin": entry.author.origin,
        "moment": moment,
        "format": rules.FORMAT,
        "reason": digest,
        "canonical": canonical,
        "previous": chain.head,
        "hash": head,
    }
    chain.sequence, chain.head = sequence, head
    return row, sealed, why


def _salt() -> str:
    return secrets.token_hex(16)


def _must_be_the_head(uow: UnitOfWork, chain: Chain) -> None:
    """Raise RuntimeError when another unit of this transaction has appended since `chain` was locked: it would fork."""
    noted = uow.noted(("chain", chain.chain_id))
    if noted is not None and noted != (chain.sequence, chain.head):
        msg = f"the chain {chain.chain_id} went on since it was locked"
        raise RuntimeError(msg)


def _append_items(uow: UnitOfWork, operations: Sequence[tuple[int, Sealed]]) -> None:
    """Insert the items of operations, given as (key, sealed items), with their free texts."""
    plain: list[dict[str, Any]] = []
    sealing: list[dict[str, Any]] = []
    sealed_texts: list[list[rules.SealedText]] = []
    for operation_id, sealed in operations:
        for ordinal, (item, data, texts) in enumerate(sealed):
            row = {
                "operation_id": operation_id,
                "ordinal": ordinal,
                "entity": item.entity,
                "subject": item.subject,
                "data": data,
            }
            if texts:
                sealing.append(row)
                sealed_texts.append(texts)
            else:
                plain.append(row)
    uow.execute(_ADD_ITEM, plain)
    if not sealing:
        return
    ids = uow.execute(_ADD_ITEMS_NUMBERED, sealing).scalars().all()
    rows = [
        {"item_id": item_id, "field": text.field, "salt": text.salt, "text": text.text, "digest": text.digest}
        for item_id, texts in zip(ids, sealed_texts, strict=True)
        for text in texts
    ]
    uow.execute(_ADD_TEXT, rows)


def _append_reasons(uow: UnitOfWork, operations: Sequence[tuple[int, rules.SealedText | None]]) -> None:
    """Insert the reasons of operations, given as (key, sealed reason), of those that have one."""
    rows = [
        {"operation_id": operation_id, "salt": why.salt, "text": why.text, "digest": why.digest}
        for operation_id, why in operations
        if why is not None
    ]
    if rows:
        uow.execute(_ADD_REASON, rows)
