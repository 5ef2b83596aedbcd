"""An epoch: from here on the history goes on from another state of the database, lawfully (D-55).

A backup that is put back is older than what the witness has seen. The operation that opens an epoch names the state
from which each chain goes on, by whom and why; `verify` names it too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.ledger import models, queries, service
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.rules import Item, spelled_moment
from ais_app.rights.rules import Actor, Right

EPOCH = Kind(
    "epoch_opened",
    lambda: _("The history goes on from another state of the database"),
    without=lambda: _("What the database was put back to stays as it is."),
)

CHAIN = "ledger_chain"  # the entity of an item that names the head of a chain

_operation = table(models.Operation)
_item = table(models.OperationItem)


@dataclass(frozen=True, slots=True)
class Epoch:
    """Opened at `moment` (UTC, ISO 8601) by the operation `uid`; `goes_on` = {chain: its number of operations then}."""

    uid: str
    moment: str
    goes_on: Mapping[str, int]

    def explains(self, chain: str, sequence: int, moment: str) -> bool:
        """Whether an operation that was seen before this epoch, behind the state it goes on from, may be gone."""
        return moment < self.moment and sequence > self.goes_on.get(chain, 0)


def open_epoch(uow: UnitOfWork, actor: Actor, reason: str) -> str:
    """Say that every chain goes on from the state it has now; returns the uid. Raises NotYours."""
    with operation(uow, actor, EPOCH, Right.KEEP_LEDGER, reason, chain=service.INSTALLATION) as op:
        op.add(*heads_of_all(op))
    return op.uid


def heads_of_all(op: Operation) -> list[Item]:
    """An item with the head of each chain, all of them locked, within an operation of the installation's."""
    others = sorted(queries.heads(op.uow.connection).keys() - {op.chain.chain_id})
    chains = [op.chain, *(service.lock(op.uow, chain) for chain in others)]
    return [Item(CHAIN, one.chain_id, None, {"sequence": one.sequence, "head": one.head}) for one in chains]


def epochs(connection: Connection) -> list[Epoch]:
    """Every epoch that was opened, in order."""
    rows = connection.execute(
        select(_operation.c.uid, _operation.c.moment, _item.c.subject, _item.c.data)
        .join(_item, _item.c.operation_id == _operation.c.id)
        .where(_operation.c.kind == EPOCH.name, _item.c.entity == CHAIN)
        .order_by(_operation.c.sequence, _item.c.ordinal)
    )
    found: dict[str, tuple[str, dict[str, int]]] = {}
    for row in rows:
        _moment, goes_on = found.setdefault(row.uid, (spelled_moment(row.moment), {}))
        goes_on[row.subject] = json.loads(row.data)["after"]["sequence"]
    return [Epoch(uid, moment, goes_on) for uid, (moment, goes_on) in found.items()]
