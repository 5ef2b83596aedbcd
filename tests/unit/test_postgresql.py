"""What only a database with several processes can do; the services themselves are tested on both in every module."""

from __future__ import annotations

import pytest

from ais_app.db import Database
from ais_app.db.columns import new_uid
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from tests.unit import test_ledger, test_marks


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_two_processes_keep_one_chain(school):
    """Two databases objects stand for two processes: the chain's row is their lock."""
    other = Database(school.database.url.render_as_string(hide_password=False), school.database.clock)
    teacher, work = school.teacher(), school.work("algebra", test_marks.TODAY)

    def edit(student: str, version: int):
        entry = MarkEntry(school.people[student].uid, work, "54"[version % 2], version)
        return lambda uow: enter_marks(uow, teacher, MarksOperation(new_uid(), school.courses["algebra"], [entry]))

    pending = [
        process._submit(edit(student, version), school.ref.uid, None, None)
        for version in range(20)
        for student, process in (("anna", school.database), ("boris", other))
    ]
    outcomes = [future.exception(30) for future in pending]
    other.close()
    assert outcomes == [None] * 40
    assert test_ledger.faults(school.database) == []
