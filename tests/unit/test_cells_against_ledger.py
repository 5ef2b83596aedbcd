"""Current tables changed behind the ledger: `ais verify --records` names the cell."""

from __future__ import annotations

from datetime import date

import pytest

from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.grid.queries import against_ledger
from ais_app.journal.grid.queries.against_ledger import cell_faults
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import taking_back
from ais_app.journal.lessons.service.lessons import add_work
from ais_app.ledger import verifying
from ais_app.rights.rules import Role
from tests.unit.tampering import tamper

TODAY, FRIDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 20), date(2026, 11, 19)


def faults(database) -> list[str]:
    return [str(fault) for fault in database.read(lambda connection: list(cell_faults(connection)))]


@pytest.fixture
def kept(school):
    """Marks, absences with and without a reason, comments that came and went, a column that was taken back."""
    teacher, write = school.teacher(), school.database.write
    school.comment(teacher, "algebra", "vera", TODAY, "5", "Well done")
    school.comment(teacher, "algebra", "vera", FRIDAY, "5", "Well done")
    school.enter(teacher, "algebra", ("vera", FRIDAY, "5/4", 1))
    school.enter(teacher, "algebra", ("vera", FRIDAY, "4", 2))
    school.enter(teacher, "algebra", ("anna", TODAY, "5", 0), ("boris", TODAY, "\u043d", 0))
    school.enter(teacher, "algebra", ("anna", TODAY, "4/3", 1))
    school.enter(teacher, "algebra", ("boris", FRIDAY, "\u043d", 0), ("anna", THURSDAY, "5", 0))
    school.enter(teacher, "algebra", ("anna", THURSDAY, "", 1))
    leader = school.actor("historian", Role.CLASS_TEACHER)
    boris = school.people["boris"].uid
    write(lambda uow: excuse(uow, leader, Excuse(boris, DaySpan(FRIDAY, FRIDAY), "\u0431", "Doctor")))
    column = write(lambda uow: add_work(uow, teacher, school.lesson("algebra", TODAY), school.types["CW"]))
    write(lambda uow: taking_back.take_back_work(uow, teacher, column))
    return school.database


def test_what_the_product_wrote_is_as_the_ledger_says(kept, monkeypatch):
    assert faults(kept) == []
    monkeypatch.setattr(against_ledger, "BATCH", 2)
    assert faults(kept) == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE mark SET code = '2', hundredths = 200 WHERE code = '3'", "holds «4/2» (version 2), operation "),
        ("DELETE FROM mark WHERE code = '3'", "holds «4» (version 2), operation "),
        ("DELETE FROM attendance", "holds «» (version "),
        ("UPDATE attendance SET reason = '' WHERE reason <> ''", "holds «\u043d» (version 2), operation "),
        ("UPDATE cell SET version = version + 1", "(version 3), operation "),
        ("UPDATE mark SET comment = 'Bad' WHERE comment <> ''", "its comment is another one than operation "),
        (
            (
                "INSERT INTO mark (work_id, student_id, ordinal, code, hundredths, comment, written_at) "
                "SELECT work_id, student_id, 7, '5', 500, '', written_at FROM mark WHERE code = '3'"
            ),
            "holds «4/3/5» (version 2)",
        ),
        (
            (
                "INSERT INTO mark (work_id, student_id, ordinal, code, hundredths, comment, written_at) SELECT "
                "(SELECT min(id) FROM work), student_id, 0, '5', 500, '', written_at FROM mark WHERE code = '3'"
            ),
            "is in no operation",
        ),
        (
            (
                "INSERT INTO cell (work_id, student_id, version, changed, entered_at) SELECT "
                "(SELECT min(id) FROM work), student_id, 1, changed, entered_at FROM cell WHERE id = 1"
            ),
            "is in no operation",
        ),
        (
            (
                "INSERT INTO attendance (lesson_id, student_id, code, reason) SELECT "
                "(SELECT min(id) FROM lesson), student_id, code, reason FROM attendance WHERE reason <> ''"
            ),
            "is in no operation",
        ),
        ("UPDATE mark SET student_id = (SELECT max(student_id) FROM cell) WHERE code = '3'", "holds «5/3» (version 1)"),
    ],
)
def test_s69_a_cell_that_was_changed_behind_the_ledger_is_named(kept, statement, named):
    tamper(kept, statement)
    assert kept.read(lambda connection: list(verifying.verify(connection))) == [], "the chains alone are whole"
    assert any(named in fault for fault in faults(kept)), faults(kept)
