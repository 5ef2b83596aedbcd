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
from ais_app.ledger import queries, service
from ais_app.ledger.kinds import Kind
from ais_app.ledger.models import Operation, OperationItem
from ais_app.ledger.rules import Item, spelled_moment
from ais_app.rights.rules import Author

EPOCH = Kind(
    "epoch_opened",
    lambda: _("The history goes on from another state of the database"),
    without=lambda: _("What the database was put back to stays as it is."),
)

CHAIN = "ledger_chain"  # the entity of an item that names the head of a chain

_operation = table(Operation)
_item = table(OperationItem)


@dataclass(frozen=True, slots=True)
class Epoch:
    """Opened at `moment` (UTC, ISO 8601) by the operation `uid`; `goes_on` = {chain: its number of operations then}."""

    uid: str
    moment: str
    goes_on: Mapping[str, int]

    def explains(self, chain: str, sequence: int, moment: str) -> bool:
        """Whether an operation that was seen before this epoch, behind the state it goes on from, may be gone."""
        return moment < self.moment and sequence > self.goes_on.get(chain, 0)


def open_epoch(uow: UnitOfWork, author: Author, reason: str) -> str:
    """Say that every chain goes on from the state it has now; returns the uid. The right is the caller's affair."""
    installation, items = state(uow)
    return service.append_entry(uow, installation, service.Entry(author, EPOCH.name, items, reason=reason))


def state(uow: UnitOfWork) -> tuple[service.Chain, list[Item]]:
    """(the installation's chain, an item with the head of each chain), all of them locked."""
    installation = service.lock(uow, service.INSTALLATION)
    chains = [service.lock(uow, chain) for chain in sorted({*queries.heads(uow.connection), service.INSTALLATION})]
    return installation, [
        Item(CHAIN, one.chain_id, None, {"sequence": one.sequence, "head": one.head}) for one in chains
    ]


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
