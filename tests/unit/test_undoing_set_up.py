"""Undo of what set a school up: each step back, then each forth again, and the school is what it was."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from ais_app.db.bulk import BulkFailed
from ais_app.exchange.oneroster.export_rows import rows_of
from ais_app.exchange.oneroster.export_tables import archive
from ais_app.ledger.putting_back import InUse
from ais_app.ledger.undoing import NoInverse
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import operator
from ais_app.undoing import UNDOING
from tests.unit.whole_record import faults

OPERATIONS = text("SELECT uid, kind FROM operation WHERE chain_id = :chain ORDER BY sequence DESC")


def test_each_step_of_a_school_goes_back_and_forth(school):
    database = school.database

    def exported() -> dict[str, list[Any]]:
        tables = database.read(lambda one: rows_of(archive(one, school.ref.id)))
        return {name: sorted(map(repr, rows)) for name, rows in tables.items()}

    before = exported()
    chain = f"school:{school.ref.uid}"
    done = database.read(lambda one: one.execute(OPERATIONS, {"chain": chain}).all())
    undone, kept = [], set()
    for operation in done:
        try:
            undone.append(UNDOING.undo_in_pieces(database, operator(), operation.uid))
        except (NoInverse, NotYours):
            kept.add(operation.kind)
        except BulkFailed as failed:
            assert isinstance(failed.__cause__, InUse)  # noqa: PT017 - others are undone
            kept.add(operation.kind)
    gone = exported()
    assert gone["lineItems"] == []
    slots = text("SELECT count(*) FROM timetable_slot")
    assert database.read(lambda one: one.execute(slots).scalar_one()) == 0
    assert {"school_opened", "courses_added"} <= kept  # lessons that were taken back still are lessons of a course
    assert faults(database) == []
    for uid in reversed(undone):
        UNDOING.undo_in_pieces(database, operator(), uid)
    assert exported() == before
    assert faults(database) == []
