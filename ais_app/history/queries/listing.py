"""A page of operations, by their numbers in the chain (D-32): what is appended meanwhile moves nothing on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, select

from ais_app.db.columns import table
from ais_app.history.payloads import Conditions
from ais_app.history.queries import about
from ais_app.history.queries.reach import Reach, narrowed, reach_of
from ais_app.ledger.models import Operation, OperationItem, OperationReason
from ais_app.rights.reading import Reading

PAGE = 50
EARLIEST, LATEST = date(1, 1, 3), date(9999, 12, 29)

_operation, _item, _reason = table(Operation), table(OperationItem), table(OperationReason)


@dataclass(frozen=True, slots=True)
class OperationRow:
    """An operation without its items. `reason`: None = none was given; "" = it was erased."""

    id: int
    sequence: int
    uid: str
    kind: str
    account: str
    hat: str
    moment: datetime
    reason: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class OperationsPage:
    """Operations, the newest first, and whether the list goes on on either side."""

    rows: list[OperationRow]
    older: bool
    newer: bool


def operations(reading: Reading, asked: Conditions, most: int = PAGE) -> OperationsPage:
    """The operations of the actor's reach that fit, beside `before` or `after` in the chain. Raises NotYours."""
    statement = matching(reading, asked)
    if statement is None:
        return OperationsPage([], older=False, newer=False)
    if asked.after and not asked.before:
        later = statement.where(_operation.c.sequence > int(asked.after)).order_by(_operation.c.sequence)
        rows = _rows(reading, _operation.c.id.in_(later.limit(most + 1)))
        return OperationsPage(rows[-most:], older=True, newer=len(rows) > most)
    if asked.before:
        statement = statement.where(_operation.c.sequence < int(asked.before))
    rows = _rows(reading, _operation.c.id.in_(statement.order_by(_operation.c.sequence.desc()).limit(most + 1)))
    return OperationsPage(rows[:most], older=len(rows) > most, newer=bool(asked.before))


def opened(reading: Reading, uid: str) -> OperationRow | None:
    """One operation of the actor's reach; None where it is not there, or not his to read. Raises NotYours."""
    within = _within(reading, reach_of(reading.actor))
    return next(iter(_rows(reading, and_(*within, _operation.c.uid == uid))), None)


def of_row(reading: Reading, entity: str, subject: str) -> list[OperationRow]:
    """Every operation on a row, the oldest first, of all chains: for whoever runs commands on the server."""
    items = select(_item.c.operation_id).where(_item.c.entity == entity, _item.c.subject == subject)
    rows = _rows(reading, _operation.c.id.in_(items))
    return sorted(rows, key=lambda row: (row.moment, row.sequence))


def matching(reading: Reading, asked: Conditions) -> Select[Any] | None:
    """The ids of operations that fit, without their order and limit; None where no day can fit. Raises NotYours.

    Who reads his own only, or the accounts of the installation, cannot choose by author, class or person.
    """
    asked = narrowed(reading.actor, asked)
    reach = reach_of(reading.actor)
    rows = _about(reading, asked)
    conditions = _within(reading, reach, looked_up=bool(rows))
    if asked.first or asked.last:
        days = _of_days(reading, reach, asked)
        if days is None:
            return None
        conditions += days
    if asked.kind:  # the authors' index is the better one, where both could serve
        kind = _operation.c.kind
        conditions.append((kind + "" if asked.author or reach.own else kind) == asked.kind)
    if asked.author:
        conditions.append(_operation.c.account == asked.author)
    return select(_operation.c.id).where(*conditions, *(_operation.c.id.in_(ids) for ids in rows))


# In two steps: what is hashed lies before the last columns of a row, and is long; only what is shown is read whole.
_WHOLE = select(
    _operation.c.id,
    _operation.c.sequence,
    _operation.c.uid,
    _operation.c.kind,
    _operation.c.account,
    _operation.c.hat,
    _operation.c.moment,
    _operation.c.hash,
    _operation.c.reason.label("has_reason"),
    _reason.c.text.label("reason"),
).outerjoin(_reason, _reason.c.operation_id == _operation.c.id)


def _rows(reading: Reading, where: ColumnElement[bool]) -> list[OperationRow]:
    """The newest first."""
    return [
        OperationRow(
            row.id,
            row.sequence,
            row.uid,
            row.kind,
            row.account,
            row.hat,
            row.moment,
            None if row.has_reason is None else row.reason or "",
            row.hash,
        )
        for row in reading.execute(_WHOLE.where(where).order_by(_operation.c.sequence.desc()))
    ]


def _about(reading: Reading, asked: Conditions) -> list[CompoundSelect[Any]]:
    """The operations on the class, the person and the row that are asked for, as selects of their ids."""
    school = reading.hat.school_id
    return [
        *([about.about_class(school, asked.school_class)] if asked.school_class else ()),
        *([about.about_person(school, asked.person)] if asked.person else ()),
        *([about.about_row(asked.entity, asked.subject)] if asked.entity and asked.subject else ()),
    ]


def _within(reading: Reading, reach: Reach, *, looked_up: bool = False) -> list[ColumnElement[bool]]:
    """`looked_up`: the operations are found by their ids: else SQLite would walk the whole chain and look for each."""
    chain = _operation.c.chain_id
    conditions = [(chain + "" if looked_up else chain) == reach.chain]
    if reach.own:
        conditions += [_operation.c.account == reading.actor.account_uid, _operation.c.hat == reading.hat.key]
    return conditions


def _of_days(reading: Reading, reach: Reach, asked: Conditions) -> list[ColumnElement[bool]] | None:
    """The days as moments, and as the numbers between which their operations lie; None = there are none.

    A clock that was set back leaves the moments out of the order of the numbers, so both are asked.
    """
    moment, sequence = _operation.c.moment, _operation.c.sequence
    conditions: list[ColumnElement[bool]] = []
    if asked.first:
        conditions.append(moment >= _midnight(date.fromisoformat(asked.first), reading.zone))
    if asked.last:
        last = min(date.fromisoformat(asked.last), LATEST)
        conditions.append(moment < _midnight(last + timedelta(days=1), reading.zone))
    bounds = select(func.min(sequence).label("lowest"), func.max(sequence).label("highest")).where(
        _operation.c.chain_id == reach.chain, *conditions
    )
    row: Any = reading.execute(bounds).one()
    return None if row.lowest is None else [*conditions, sequence.between(row.lowest, row.highest)]


def _midnight(day: date, zone: str) -> datetime:
    day = max(day, EARLIEST)  # the very first and last days have no moment in every zone
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
