"""Undo of what set a school up: each step back, then each forth again, and the school is what it was."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, text

from ais_app.ledger import records
from ais_app.ledger.putting_back import InUse
from ais_app.ledger.records import Record
from ais_app.ledger.rows import References
from ais_app.ledger.undoing import NoInverse
from ais_app.records import RECORDS
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import operator
from ais_app.undoing import UNDOING
from tests.unit.whole_record import record_faults

OPERATIONS = text("SELECT uid, kind FROM operation WHERE chain_id = :chain ORDER BY sequence DESC")


def rows_of(connection: Connection, record: Record) -> dict[str, dict[str, Any]]:
    """{subject: {field: value}} of every row of a table, as the ledger would say it."""
    rows = [dict(row) for row in connection.execute(select(record.table)).mappings()]
    uids = References().of(connection, record, rows)
    return {records.subject_of(record, row, uids): dict(records.spelled(record, row, uids)) for row in rows}


def test_each_step_of_a_school_goes_back_and_forth(school):
    database = school.database

    def held() -> dict[str, dict[str, Any]]:
        tables = [record for record in RECORDS.values() if isinstance(record, Record)]
        return database.read(lambda one: {record.name: rows_of(one, record) for record in tables})

    before = held()
    done = database.read(lambda one: one.execute(OPERATIONS, {"chain": f"school:{school.ref.uid}"}).all())
    undone, kept = [], set()
    for operation in done:
        try:
            undone.append(UNDOING.undo_in_pieces(database, operator(), operation.uid))
        except (NoInverse, NotYours, InUse):
            kept.add(operation.kind)
    gone = held()
    assert all(lesson.get("taken_back_at") for lesson in gone["lesson"].values())
    assert gone["timetable_slot"] == {}
    assert {"school_opened", "courses_added"} <= kept  # lessons that were taken back still are lessons of a course
    assert record_faults(database) == []
    for uid in reversed(undone):
        UNDOING.undo_in_pieces(database, operator(), uid)
    assert held() == before
    assert record_faults(database) == []
