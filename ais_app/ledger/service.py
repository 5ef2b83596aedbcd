"""Appending to the ledger: the only way in, always inside the unit of work of the change itself."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from ais_app.db import UnitOfWork
from ais_app.db.columns import pairs, table
from ais_app.ledger import rules
from ais_app.ledger.models import LedgerChain, Operation, OperationItem, OperationText
from ais_app.ledger.rules import Author, Item

INSTALLATION = "installation"

_chain = table(LedgerChain)
_operation = table(Operation)
_item = table(OperationItem)
_text = table(OperationText)


def school_chain(school_uid: str) -> str:
    """The name of a school's chain."""
    return f"school:{school_uid}"


# Statements of the hot path are built once: building one costs more than SQLite takes to run it.
_LOCK = select(_chain.c.sequence, _chain.c.head).where(_chain.c.chain_id == bindparam("chain")).with_for_update()
_APPEND = insert(_operation).returning(_operation.c.id)
_MOVE_HEAD = update(_chain).where(_chain.c.chain_id == bindparam("chain"))


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
    found = uow.execute(_LOCK, {"chain": chain_id}).one_or_none()
    if found is None:
        uow.execute(insert(_chain).values(chain_id=chain_id, sequence=0, head=rules.GENESIS))
        return Chain(chain_id, 0, rules.GENESIS)
    return Chain(chain_id, found.sequence, found.head)


def append(
    uow: UnitOfWork, chain: Chain, author: Author, kind: str, items: Sequence[Item], uid: str | None = None
) -> str:
    """Append one operation with its items; returns its uid.

    `uid` is the client's own operation id where there is one: it is unique, so a repeated request cannot be
    written twice (look with `queries.operation_known` first).
    """
    uid = uid or uow.make_uid()
    sealed = [rules.seal(item, lambda: secrets.token_hex(16)) for item in items]
    spelled = [(item.entity, item.subject, data) for item, (data, _texts) in zip(items, sealed, strict=True)]
    sequence = chain.sequence + 1
    moment = uow.now
    canonical = rules.canonical_operation(
        chain=chain.chain_id,
        sequence=sequence,
        uid=uid,
        kind=kind,
        author=author,
        moment=moment,
        items=spelled,
    )
    head = rules.link(chain.head, canonical)
    operation_id = uow.execute(
        _APPEND,
        {
            "chain_id": chain.chain_id,
            "sequence": sequence,
            "uid": uid,
            "kind": kind,
            "account": author.account,
            "hat": author.hat,
            "session": author.session,
            "network": author.network,
            "origin": author.origin,
            "moment": moment,
            "canonical": canonical,
            "previous": chain.head,
            "hash": head,
        },
    ).scalar_one()
    _append_items(uow, operation_id, spelled, [texts for _data, texts in sealed])
    uow.execute(_MOVE_HEAD, {"chain": chain.chain_id, "sequence": sequence, "head": head})
    chain.sequence, chain.head = sequence, head
    return uid


def _append_items(
    uow: UnitOfWork,
    operation_id: int,
    spelled: Sequence[tuple[str, str, str]],
    texts: Sequence[Sequence[rules.SealedText]],
) -> None:
    if not spelled:
        return
    uow.execute(
        insert(_item),
        [
            {"operation_id": operation_id, "ordinal": ordinal, "entity": entity, "subject": subject, "data": data}
            for ordinal, (entity, subject, data) in enumerate(spelled)
        ],
    )
    if not any(texts):
        return
    item_ids = pairs(uow.execute(select(_item.c.ordinal, _item.c.id).where(_item.c.operation_id == operation_id)))
    uow.execute(
        insert(_text),
        [
            {
                "item_id": item_ids[ordinal],
                "field": text.field,
                "salt": text.salt,
                "text": text.text,
                "digest": text.digest,
            }
            for ordinal, of_item in enumerate(texts)
            for text in of_item
        ],
    )
