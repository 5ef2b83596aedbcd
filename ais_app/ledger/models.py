"""Tables of the ledger. `operation` and `operation_item` are append-only; a text or reason may only be erased (D-9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from ais_app.db.columns import Row, moment


class LedgerChain(SQLModel, table=True):
    """The head of one chain; its row is the lock of the chain."""

    __tablename__: ClassVar[Any] = "ledger_chain"

    chain_id: str = Field(primary_key=True, max_length=64)
    sequence: int = 0
    head: str = Field(max_length=64)


class Operation(Row, table=True):
    """One use case that changed something: who, as whom, from where, when, why, and what exactly was hashed.

    `format` = how `canonical` is spelled (`rules.FORMATS`); `reason` = the salted hash of its `operation_reason`.
    """

    __tablename__ = "operation"
    __table_args__ = (
        Index("ux_operation_chain", "chain_id", "sequence", unique=True),
        Index("ix_operation_account", "account", "chain_id", "sequence"),
        Index("ix_operation_kind", "chain_id", "kind", "sequence"),
        Index("ix_operation_moment", "chain_id", "moment", "sequence"),
    )

    chain_id: str = Field(max_length=64, foreign_key="ledger_chain.chain_id")
    sequence: int
    uid: str = Field(max_length=32, unique=True)
    kind: str = Field(max_length=48)
    account: str = Field(max_length=32)
    hat: str = Field(max_length=96)
    session: str = Field(max_length=32)
    network: str = Field(max_length=64)
    origin: str = Field(max_length=16)
    moment: datetime = moment()
    format: int = Field(sa_column_kwargs={"server_default": "1"})
    reason: str | None = Field(default=None, max_length=64)
    canonical: str = Field(sa_column=Column(Text, nullable=False))
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class OperationItem(Row, table=True):
    """One touched cell or row of an operation: the index for history, conflicts and invalidation."""

    __tablename__ = "operation_item"
    __table_args__ = (
        Index("ux_operation_item_ordinal", "operation_id", "ordinal", unique=True),
        Index("ix_operation_item_subject", "entity", "subject"),
    )

    operation_id: int = Field(foreign_key="operation.id")
    ordinal: int
    entity: str = Field(max_length=32)
    subject: str = Field(max_length=96)
    data: str = Field(sa_column=Column(Text, nullable=False))


class OperationText(Row, table=True):
    """Free text of an item, apart from the chain: its salted hash is chained, the text itself can be erased."""

    __tablename__ = "operation_text"
    __table_args__ = (Index("ux_operation_text_field", "item_id", "field", unique=True),)

    item_id: int = Field(foreign_key="operation_item.id")
    field: str = Field(max_length=48)
    salt: str | None = Field(default=None, max_length=32)
    text: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    digest: str = Field(max_length=64)


class OperationReason(Row, table=True):
    """Why an operation was done, as its author wrote it: kept like the texts of items, so that it can be erased."""

    __tablename__ = "operation_reason"

    operation_id: int = Field(foreign_key="operation.id", unique=True)
    salt: str | None = Field(default=None, max_length=32)
    text: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    digest: str = Field(max_length=64)
