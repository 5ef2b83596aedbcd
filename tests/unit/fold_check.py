"""Whether the tables that the journal and the diary write hold what the ledger says of their rows."""

from __future__ import annotations

from ais_app.db import Database
from ais_app.diary.records import RECORDS as DIARY
from ais_app.journal.room import ROOM
from ais_app.ledger import folding
from ais_app.ledger.records import Composite

KEPT = (*ROOM.records, *DIARY)


def record_faults(database: Database) -> list[str]:
    """Every difference between the ledger and the rows of the journal and the diary."""

    def read(connection) -> list[str]:
        return [
            str(fault)
            for one in KEPT
            for fault in (one.faults(connection) if isinstance(one, Composite) else folding.faults(connection, one))
        ]

    return database.read(read)
