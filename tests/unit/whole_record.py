"""Whether tables hold what the ledger says of them."""

from __future__ import annotations

from collections.abc import Iterable

from ais_app.db import Database
from ais_app.ledger import folding
from ais_app.ledger.records import Composite, Record
from ais_app.records import RECORDS


def record_faults(database: Database, records: Iterable[Record | Composite] = tuple(RECORDS.values())) -> list[str]:
    """Every difference between these tables and the ledger, in words."""

    def read(connection) -> list[str]:
        return [
            str(fault)
            for one in records
            for fault in (one.faults(connection) if isinstance(one, Composite) else folding.faults(connection, one))
        ]

    return database.read(read)
