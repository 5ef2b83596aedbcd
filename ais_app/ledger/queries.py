"""Reading the ledger: whether an operation is known, what happened to rows, how many operations there are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from ais_app.db.columns import pairs, table
from ais_app.db.prepared import Prepared
from ais_app.ledger.models import LedgerChain, Operation, OperationItem, OperationReason, OperationText

_chain = table(LedgerChain)
_operation = table(Operation)
_item = table(OperationItem)
_text = table(OperationText)
_reason = table(OperationReason)

_KNOWN = Prepared(
    select(_operation.c.account, _operation.c.kind, _operation.c.chain_id).where(
        _operation.c.uid == bindparam("operation")
    )
)
# Looked up by the rows alone and sorted in Python: with the order or the chain in the statement a database may walk the
# whole chain instead, which has hundreds of thousands of operations.
_TOUCHING = Prepared(
    select(
        _item.c.id,
        _item.c.entity,
        _item.c.subject,
        _item.c.ordinal,
        _item.c.data,
        _operation.c.uid,
        _operation.c.chain_id,
        _operation.c.sequence,
        _operation.c.kind,
        _operation.c.account,
        _operation.c.session,
        _operation.c.hat,
        _operation.c.moment,
    )
    .join(_operation, _operation.c.id == _item.c.operation_id)
    .where(
        _item.c.entity.in_(bindparam("entities", expanding=True)),
        _item.c.subject.in_(bindparam("subjects", expanding=True)),
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


def operation_known(connection: Connection, uid: str) -> KnownOperation | None:
    row = _KNOWN.first(connection, {"operation": uid})
    return None if row is None else KnownOperation(row.account, row.kind, row.chain_id)


def _touching(connection: Connection, chain_id: str, entities: Sequence[str], subjects: Sequence[str]) -> list[Any]:
    """The items of a chain about these rows with the columns of their operations, in the order of the chain."""
    if not entities or not subjects:
        return []
    rows = _TOUCHING.all(connection, {"entities": list(entities), "subjects": list(subjects)})
    return sorted((row for row in rows if row.chain_id == chain_id), key=lambda row: (row.sequence, row.ordinal))


def history(connection: Connection, chain_id: str, entity: str, subject: str, limit: int = 50) -> list[Step]:
    """The steps of one row, newest first. The caller has already checked that its reader may see the row."""
    rows = _touching(connection, chain_id, [entity], [subject])[: -limit - 1 : -1]
    texts = _texts_of(connection, [row.id for row in rows])
    return [Step(row.uid, row.kind, row.account, row.hat, row.moment, *_sides(row, texts)) for row in rows]


def histories(connection: Connection, chain_id: str, entity: str, subjects: Sequence[str]) -> dict[str, list[Step]]:
    """{subject: its steps, oldest first} of those of these rows that were touched. The caller may see these rows."""
    rows = _touching(connection, chain_id, [entity], subjects)
    texts = _texts_of(connection, [row.id for row in rows])
    found: dict[str, list[Step]] = {}
    for row in rows:
        step = Step(row.uid, row.kind, row.account, row.hat, row.moment, *_sides(row, texts))
        found.setdefault(row.subject, []).append(step)
    return found


def touched_in_session(
    connection: Connection, chain_id: str, kind: str, entity: str, subject: str, session: str
) -> bool:
    """Whether an operation of `kind` of this session touched the row."""
    rows = _touching(connection, chain_id, [entity], [subject])
    return any(row.kind == kind and row.session == session for row in rows)


def touched_by(connection: Connection, chain_id: str, account: str, kind: str) -> dict[str, datetime]:
    """{subject: moment of the last} of what operations of `kind` by this account touched, the latest first."""
    last = func.max(_operation.c.moment, type_=_operation.c.moment.type)
    rows = connection.execute(
        select(_item.c.subject, last, _operation.c.chain_id)
        .join(_operation, _operation.c.id == _item.c.operation_id)
        .where(_operation.c.account == account, _operation.c.kind == kind)
        .group_by(_item.c.subject, _operation.c.chain_id)
        .order_by(last.desc())
    )
    return {subject: moment for subject, moment, chain in rows if chain == chain_id}


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one operation did to a row: its values before and after, free text left out."""

    subject: str
    operation: str
    sequence: int
    hat: str
    moment: datetime
    before: dict[str, Any]
    after: dict[str, Any]


def changes(
    connection: Connection, chain_id: str, entity: str, subjects: Sequence[str], after: int = 0
) -> list[RowChange]:
    """What operations past the number `after` of the chain did to these rows, in their order; one statement.

    The order is that of the chain, whatever the clock said (D-32). The caller has checked that its reader may see them.
    """
    found: list[RowChange] = []
    for row in _touching(connection, chain_id, [entity], subjects):
        if row.sequence > after:
            data = json.loads(row.data)
            sides = _plain_fields(data["before"]), _plain_fields(data["after"])
            found.append(RowChange(row.subject, row.uid, row.sequence, row.hat, row.moment, *sides))
    return found


def _plain_fields(side: dict[str, Any] | None) -> dict[str, Any]:
    """One side of an item without its sealed texts."""
    return {name: value for name, value in (side or {}).items() if not isinstance(value, dict)}


@dataclass(frozen=True, slots=True)
class Touched:
    """What an operation did to a row; a text that was erased reads as None."""

    entity: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def changes_since(
    connection: Connection, chain_id: str, subjects: Mapping[str, Sequence[str]], since: datetime
) -> list[Touched]:
    """What was done after `since` to the rows {entity: subjects}, in order. The caller may see these rows."""
    named = [uid for uids in subjects.values() for uid in uids]
    rows = [row for row in _touching(connection, chain_id, list(subjects), named) if row.moment > since]
    texts = _texts_of(connection, [row.id for row in rows])
    return [Touched(row.entity, row.subject, *_sides(row, texts)) for row in rows]


def texts_beside(connection: Connection, operations: Sequence[str], entities: Sequence[str]) -> dict[str, str]:
    """{operation uid: text} of the items of `entities` in these operations: a reason, a document, unless erased."""
    rows = connection.execute(
        select(_operation.c.uid, _text.c.text)
        .join(_item, _item.c.operation_id == _operation.c.id)
        .join(_text, _text.c.item_id == _item.c.id)
        .where(_operation.c.uid.in_(operations), _item.c.entity.in_(entities), _text.c.text.is_not(None))
    )
    return pairs(rows)


def reasons(connection: Connection, operations: Sequence[str]) -> dict[str, str]:
    """{operation uid: why it was done} of those among `operations` that have a reason, unless it was erased."""
    rows = connection.execute(
        select(_operation.c.uid, _reason.c.text)
        .join(_reason, _reason.c.operation_id == _operation.c.id)
        .where(_operation.c.uid.in_(operations), _reason.c.text.is_not(None))
    )
    return pairs(rows)


def last_subject(connection: Connection, entity: str) -> str | None:
    """The greatest subject that an item of `entity` has."""
    return connection.execute(select(func.max(_item.c.subject)).where(_item.c.entity == entity)).scalar()


def values_after(connection: Connection, chain_id: str, kind: str, entity: str) -> list[tuple[str, dict[str, Any]]]:
    """(subject, values afterwards) of every item of `entity` in operations of `kind`, in the order of the chain."""
    rows = connection.execute(
        select(_item.c.subject, _item.c.data, _operation.c.sequence, _operation.c.chain_id)
        .join(_operation, _operation.c.id == _item.c.operation_id)
        .where(_item.c.entity == entity, _operation.c.kind == kind)
    ).all()
    of_chain = sorted((row for row in rows if row.chain_id == chain_id), key=lambda row: row.sequence)
    return [(row.subject, json.loads(row.data)["after"]) for row in of_chain]


def makers(connection: Connection, chain_id: str, by: Mapping[str, str], subjects: Sequence[str]) -> dict[str, str]:
    """{subject: hat of the author} of the first operation that made it; `by`: {entity: kind that makes its rows}."""
    rows = _touching(connection, chain_id, list(by), subjects)
    return {row.subject: row.hat for row in reversed(rows) if row.kind == by[row.entity]}


def chains(connection: Connection, chain_id: str | None = None) -> list[tuple[str, int]]:
    """(chain, number of its operations) of every chain, or of one."""
    statement = select(_chain.c.chain_id, _chain.c.sequence).order_by(_chain.c.chain_id)
    if chain_id is not None:
        statement = statement.where(_chain.c.chain_id == chain_id)
    return [(row.chain_id, row.sequence) for row in connection.execute(statement)]


def heads(connection: Connection) -> dict[str, tuple[int, str]]:
    """{chain: (number of its operations, hash of the last)} as each chain says of itself."""
    rows = connection.execute(select(_chain.c.chain_id, _chain.c.sequence, _chain.c.head))
    return {row.chain_id: (row.sequence, row.head) for row in rows}


def latest_moment(connection: Connection, chains: Sequence[str]) -> datetime | None:
    """The latest moment of an operation of these chains; one look into the index for each."""
    moments = [
        connection.execute(select(func.max(_operation.c.moment)).where(_operation.c.chain_id == chain)).scalar()
        for chain in chains
    ]
    return max((one for one in moments if one is not None), default=None)


def count(connection: Connection) -> int:
    """How many operations all chains hold together."""
    return sum(connection.execute(select(_chain.c.sequence)).scalars())


def _sides(row: Any, texts: Mapping[int, dict[str, Row[Any]]]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The values of an item before and after, with its texts."""
    data, own = json.loads(row.data), texts.get(row.id, {})
    return _with_texts(data["before"], "before", own), _with_texts(data["after"], "after", own)


def _with_texts(values: dict[str, Any] | None, side: str, texts: dict[str, Row[Any]]) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        name: texts[f"{side}.{name}"].text if f"{side}.{name}" in texts else value for name, value in values.items()
    }


def _texts_of(connection: Connection, item_ids: Sequence[int]) -> dict[int, dict[str, Row[Any]]]:
    found: dict[int, dict[str, Row[Any]]] = {}
    if item_ids:
        for row in connection.execute(select(_text).where(_text.c.item_id.in_(item_ids))):
            found.setdefault(row.item_id, {})[row.field] = row
    return found
