"""Undo of what set a school up: each step back, then each forth again, and the school is what it was."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from ais_app.ledger import records
from ais_app.ledger.putting_back import InUse, NotAsLeft
from ais_app.ledger.records import Record
from ais_app.ledger.rows import References
from ais_app.ledger.undoing import NoInverse
from ais_app.records import RECORDS
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import operator
from ais_app.school import rules, service
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


def last(school) -> str:
    query = text("SELECT uid FROM operation ORDER BY id DESC LIMIT 1")
    return school.database.read(lambda one: one.execute(query).scalar_one())


def test_what_is_in_use_is_said_before_it_is_undone(school):
    """Also where it would go in pieces: nothing of it was undone when it is refused."""
    database, ref = school.database, school.ref
    person = database.write(lambda uow: service.add_people(uow, operator(), ref, [rules.PersonDraft("New", "Ada")]))[0]
    added = last(school)
    draft = rules.GroupDraft("Choir", [rules.MemberDraft(person.id, date(2026, 11, 2))])
    database.write(lambda uow: service.add_groups(uow, operator(), ref, school.year.id, [draft]))
    grouped = last(school)
    preview = school.read(UNDOING.preview, operator(), date(2026, 11, 23), added)
    assert isinstance(preview.refusal, InUse)
    with pytest.raises(InUse):
        UNDOING.undo_in_pieces(database, operator(), added)
    gone = database.write(lambda uow: UNDOING.undo(uow, operator(), grouped))  # its members go with it
    database.write(lambda uow: UNDOING.undo(uow, operator(), added))
    preview = school.read(UNDOING.preview, operator(), date(2026, 11, 23), gone)
    assert isinstance(preview.refusal, NotAsLeft)


def test_rows_come_back_in_their_order(school):
    bells = [rules.BellDraft(number, time(8 + number), time(8 + number, 45)) for number in (1, 2, 3)]
    schedule = rules.BellScheduleDraft("Short", bells)
    school.database.write(lambda uow: service.add_bells(uow, operator(), school.ref, schedule))
    added = last(school)
    undone = school.database.write(lambda uow: UNDOING.undo(uow, operator(), added))
    school.database.write(lambda uow: UNDOING.undo(uow, operator(), undone))
    in_order = text(
        "SELECT number FROM bell JOIN bell_schedule ON schedule_id = bell_schedule.id WHERE name = 'Short' ORDER BY bell.id"
    )
    assert school.database.read(lambda one: one.execute(in_order).scalars().all()) == [1, 2, 3]
