"""The services again on PostgreSQL: the same tests, another database; and what only a second process can do."""

from __future__ import annotations

import pytest

from ais_app.db import Database
from ais_app.db.columns import new_uid
from ais_app.journal.service.marks import MarkEntry, MarksOperation, enter_marks
from tests.unit import test_ledger, test_marks, test_unit_of_work
from tests.unit.test_unit_of_work import rows

SERVICE_TESTS = [
    test
    for module in (test_marks,)
    for name, test in vars(module).items()
    if name.startswith("test_") and not hasattr(test, "pytestmark")
]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("test", SERVICE_TESTS, ids=lambda test: test.__name__)
def test_services_on_postgresql(school, test):
    test(school)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_ledger_is_whole_and_append_only(school):
    school.enter(school.teacher(), "algebra", ("anna", test_marks.TODAY, "5", 0))
    assert test_ledger.faults(school.database) == []
    for table in ("operation", "operation_item"):
        test_ledger.test_the_database_itself_refuses_to_rewrite(school.database, table, "DELETE FROM {}")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_one_unit_that_fails_takes_only_itself_back(database):
    good, bad = test_unit_of_work.add("a"), test_unit_of_work.fail_after(test_unit_of_work.add("b"))
    outcomes = [database._submit(work, "s", None, None) for work in (good, bad)]
    assert [outcome.exception(10) is None for outcome in outcomes] == [True, False]
    assert rows(database) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
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
