"""Whether tables hold what the ledger says of them."""

from __future__ import annotations

from collections.abc import Iterable

from ais_app.db import Database
from ais_app.diary.records import ACKNOWLEDGEMENT
from ais_app.journal.grid.queries.against_ledger import cell_faults
from ais_app.journal.lessons.records import RECORDS as LESSONS
from ais_app.journal.remarks.records import RECORDS as REMARKS
from ais_app.journal.windows.records import PERIOD_LOCK
from ais_app.ledger import folding
from ais_app.ledger.records import Record
from ais_app.people.records import RECORDS as PEOPLE
from ais_app.school.records import RECORDS as SCHOOL

SET_UP = (*PEOPLE, *SCHOOL)
KEPT = (*LESSONS, *REMARKS, PERIOD_LOCK, ACKNOWLEDGEMENT)


def faults(database: Database, records: Iterable[Record] = (*SET_UP, *KEPT)) -> list[str]:
    """Every difference of these tables from the ledger, in words; the cells are among them."""
    found = [
        str(one) for record in records for one in database.read(lambda one, of=record: list(folding.faults(one, of)))
    ]
    return found + [str(one) for one in database.read(lambda one: list(cell_faults(one)))]
