"""The key of the witness through time: each change is an operation that the older and the new key sign (D-55).

A renewal is signed by both keys, over the head that the installation's chain had: neither who has the older key alone
nor who has the database alone can make one. A key that was lost signs nothing any more: the operation that puts another
one in its place opens an epoch, is signed by the new key, and is named by `verify`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.ledger.epochs import CHAIN
from ais_app.ledger.fault import Fault
from ais_app.ledger.models import Operation, OperationItem
from ais_app.ledger.rules import spelled_moment
from ais_app.ledger.service import INSTALLATION
from ais_app.ledger.witness import Line, Seen

ENTITY = "witness_key"  # of the item that names the new key

_operation = table(Operation)
_item = table(OperationItem)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the key: from the public key `former` to `key`, as the line of the witness says it.

    `operation`: its uid, "" = only a file of the witness tells of it. `heads`: {chain: its number of operations then}.
    """

    former: str
    key: str
    line: Line
    operation: str = ""
    heads: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def is_loss(self) -> bool:
        return self.line.seen.lost is not None


@dataclass(frozen=True, slots=True)
class Term:
    """From which change to which one a key was in use; None = from the first line, or until now."""

    begun: Change | None
    ended: Change | None

    def covers(self, seen: Seen) -> bool:
        """Whether a line about this may be signed by the key: its operation is not behind the state at the change."""
        if self.begun is not None and seen.sequence < self.begun.heads.get(seen.chain, 0):
            return False
        if self.ended is None:
            return True
        until = self.ended.heads.get(seen.chain)
        return seen.moment <= self.ended.line.seen.moment if until is None else seen.sequence <= until


def changes(connection: Connection) -> list[Change]:
    """Every change that the ledger tells of, in the order of its operations, whether its signatures fit or not."""
    rows = [row for row in connection.execute(_CHANGES) if row.chain_id == INSTALLATION]
    rows.sort(key=lambda row: row.sequence)  # by the rows alone: a database must not walk the chain for them
    heads = _heads(connection, [row.id for row in rows])
    return [_change(row, heads.get(row.id, {})) for row in rows]


def in_file(lines: Iterable[Line | None]) -> list[Change]:
    """The changes of which the lines of a witness tell, those whose signatures fit."""
    found: dict[tuple[str, str], Change] = {}
    for line in lines:
        if line is None or (line.seen.next is None and line.seen.lost is None) or not line.fits:
            continue
        former, key = (line.seen.lost, line.key) if line.seen.lost is not None else (line.key, line.seen.next or "")
        found.setdefault((former, key), Change(former, key, line))
    return list(found.values())


def faults(told: Sequence[Change]) -> Iterator[Fault]:
    """Changes of the ledger that are not signed as they must be, or that replace a key a second time."""
    replaced: set[str] = set()
    for one in told:
        if not one.line.fits:
            yield Fault("operation", one.operation, _("changes the key of the witness and is not signed as it must be"))
        elif one.former and one.former in replaced:
            yield Fault("operation", one.operation, _("changes a key of the witness that was replaced before"))
        else:
            replaced.add(one.former)


def terms(told: Iterable[Change], key: str) -> dict[str, Term]:
    """{public key: its term} of the keys before and after `key`, by the changes whose signatures fit.

    Of several changes of one key the first counts, those of the ledger before those of a file.
    """
    forward: dict[str, Change] = {}
    backward: dict[str, Change] = {}
    for one in told:
        if one.line.fits and one.former not in forward and one.key not in backward:
            backward[one.key] = one
            if one.former:
                forward[one.former] = one
    line = [key]
    while (before := backward.get(line[0])) is not None and before.former and before.former not in line:
        line.insert(0, before.former)
    while (after := forward.get(line[-1])) is not None and after.key not in line:
        line.append(after.key)
    steps = [backward.get(line[0]), *(forward[former] for former, _next in pairwise(line)), None]
    return {one: Term(begun, ended) for one, (begun, ended) in zip(line, pairwise(steps), strict=True)}


def between(told: Iterable[Change], former: str, key: str) -> list[Change]:
    """The changes that lead from one key to another, in order; [] = none do."""
    of_both = terms(told, key)
    names = list(of_both)
    if former not in of_both:
        return []
    return [change for one in names[names.index(former) : names.index(key)] if (change := of_both[one].ended)]


def _change(row: Any, heads: Mapping[str, int]) -> Change:
    """A change by its operation and item. What cannot be read has a line whose signatures do not fit."""
    before, after = _side(row.data, "before"), _side(row.data, "after")
    former = str(before.get("key") or "")
    key, signature = row.subject, str(after.get("signature", ""))
    moment, position = spelled_moment(row.moment), (INSTALLATION, row.sequence - 1, row.previous)
    if after.get("lost"):
        seen = Seen(*position, moment, lost=former)
        return Change(former, key, Line(seen, key, signature), row.uid, heads)
    line = Line(Seen(*position, moment, next=key), former, signature, str(after.get("countersignature", "")))
    return Change(former, key, line, row.uid, heads)


def _heads(connection: Connection, operations: Sequence[int]) -> dict[int, dict[str, int]]:
    """{operation id: {chain: number of operations}} as these operations name it."""
    found: dict[int, dict[str, int]] = {}
    rows = connection.execute(
        select(_item.c.operation_id, _item.c.subject, _item.c.data).where(
            _item.c.operation_id.in_(operations), _item.c.entity == CHAIN
        )
    )
    for row in rows:
        sequence = _side(row.data, "after").get("sequence")
        if isinstance(sequence, int):
            found.setdefault(row.operation_id, {})[row.subject] = sequence
    return found


def _side(data: str, side: str) -> dict[str, Any]:
    """One side of an item; {} also where somebody made nonsense of it, which verifying its chain names."""
    try:
        return dict(json.loads(data)[side] or {})
    except (ValueError, TypeError, KeyError):
        return {}


_CHANGES = (
    select(
        *(
            _operation.c.id,
            _operation.c.uid,
            _operation.c.chain_id,
            _operation.c.sequence,
            _operation.c.previous,
            _operation.c.moment,
        ),
        *(_item.c.subject, _item.c.data),
    )
    .join(_item, _item.c.operation_id == _operation.c.id)
    .where(_item.c.entity == ENTITY)
)
