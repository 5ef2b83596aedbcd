"""Current tables changed behind the ledger: `ais verify --records` names the cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app.db.columns import new_uid
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.grid import against_ledger
from ais_app.journal.grid.against_ledger import cell_faults
from ais_app.journal.grid.rules import parse_cell
from ais_app.journal.grid.service.cells import ADD_CELL, ADD_MARK, MarkEntry, cell_item, subject
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import taking_back
from ais_app.journal.lessons.service.lessons import add_work
from ais_app.ledger import verifying
from ais_app.ledger.erasing import erase_texts
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import operation
from ais_app.ledger.queries import history
from ais_app.ledger.rules import spelled_moment
from ais_app.rights.rules import Right, Role, operator
from tests.depth import EVERY_CHECK, examples
from tests.unit.tampering import tamper

TODAY, FRIDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 20), date(2026, 11, 19)


LONG_AGO = "2026-09-01 08:00:00.000000"
VALUES = st.sampled_from(["", "5", "4", "5/4", "4/5", "5/5", "3/4/5", "н", "н/4", "о10/5/4", "осв/5"])
COMMENTS = st.sampled_from([None, None, None, "", "A", "B"])
RESTORED = Kind("cell_restored", lambda: "A cell was restored", without=lambda: "It only happens in tests.")


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
        ("UPDATE mark SET hundredths = 100 WHERE code = '3'", "its mark is 1: «3», counts 100, of "),
        ("UPDATE mark SET ordinal = 2 WHERE code = '3'", "its mark is 2: «3»"),
        (f"UPDATE mark SET written_at = '{LONG_AGO}' WHERE code = '3'", "its mark is 1: «3», counts 300, of 2026-0"),
        (f"UPDATE cell SET entered_at = '{LONG_AGO}'", "was entered 2026-0"),
        ("UPDATE cell SET changed = NOT changed", " and changed, operation "),
        ("UPDATE attendance SET minutes = 5 WHERE reason <> ''", "its attendance is \u043d/\u0431/5, operation "),
        ("UPDATE mark SET student_id = (SELECT max(student_id) FROM cell) WHERE code = '3'", "holds «5/3» (version 1)"),
    ],
)
def test_s69_a_cell_that_was_changed_behind_the_ledger_is_named(kept, statement, named):
    tamper(kept, statement)
    assert kept.read(lambda connection: list(verifying.verify(connection))) == [], "the chains alone are whole"
    assert any(named in fault for fault in faults(kept)), faults(kept)


def restore_cell(school, student: str, marks: str, comments: list[str], entered_at: datetime) -> None:
    """A cell as an import writes it: of another moment, changed before, with a comment on any of its marks."""
    value = parse_cell(marks, mark_one=False)
    name = subject(school.people[student].uid, school.work("algebra", TODAY))
    item = cell_item(name, None, (value.text, 1), " · ".join(filter(None, comments)), comments)

    def write(uow):
        work = uow.execute(text("SELECT id FROM work WHERE uid = :uid"), {"uid": name.partition(":")[2]}).scalar_one()
        at = {"work_id": work, "student_id": school.people[student].id}
        with operation(uow, school.teacher(), RESTORED, Right.ENTER_MARKS) as op:
            uow.execute(ADD_CELL, [at | {"version": 1, "changed": True, "entered_at": entered_at}])
            rows = [
                {"ordinal": ordinal, "code": mark.code, "hundredths": mark.hundredths, "comment": comment}
                for ordinal, (mark, comment) in enumerate(zip(value.marks, comments, strict=True))
            ]
            uow.execute(ADD_MARK, [at | row | {"written_at": entered_at} for row in rows])
            more = {"entered_at": spelled_moment(entered_at), "changed": True}
            op.add(replace(item, after={**(item.after or {}), **more}))

    school.database.write(write)


@pytest.fixture
def restored(school):
    restore_cell(school, "anna", "5/4/3", ["", "A", "B"], school.database.clock.now() - timedelta(days=70))
    return school


@settings(max_examples=examples(25), suppress_health_check=EVERY_CHECK)
@given(steps=st.lists(st.tuples(st.sampled_from(["anna", "boris"]), VALUES, COMMENTS), min_size=1, max_size=6))
def test_every_way_of_a_cell_can_be_rebuilt(restored, steps):
    """Whatever is entered, also over a restored cell: every column of its rows follows from the items."""
    work, write = restored.work("algebra", TODAY), restored.database.write
    for student, value, comment in steps:
        restored.database.clock.moment += timedelta(seconds=1)
        uid = restored.people[student].uid
        version = restored.database.read(version_of, uid, work)
        given_comment = comment if parse_cell(value, mark_one=False).marks else None
        entry = MarkEntry(uid, work, value, version, given_comment)
        asked = MarksOperation(new_uid(), restored.courses["algebra"], [entry], "Why not")
        write(lambda uow, asked=asked: enter_marks(uow, restored.teacher(), asked))
    assert faults(restored.database) == []


def version_of(connection, student: str, work: str) -> int:
    query = text(
        "SELECT version FROM cell JOIN work ON work.id = work_id JOIN person ON person.id = student_id "
        "WHERE person.uid = :student AND work.uid = :work"
    )
    return connection.execute(query, {"student": student, "work": work}).scalar_one_or_none() or 0


def test_comments_are_on_the_marks_on_which_the_items_say_they_are(restored):
    """A second and a third mark with comments, one of them taken away, then one comment for all."""
    for version, value, comment in ((1, "4/3", None), (2, "5/4/3", None), (3, "5/3", None), (4, "5/3", "C")):
        entry = MarkEntry(restored.people["anna"].uid, restored.work("algebra", TODAY), value, version, comment)
        asked = MarksOperation(new_uid(), restored.courses["algebra"], [entry], "A mistake")
        restored.database.write(lambda uow, asked=asked: enter_marks(uow, restored.teacher(), asked))
        assert faults(restored.database) == []
    tamper(restored.database, "UPDATE mark SET comment = 'C' WHERE ordinal = 1")
    tamper(restored.database, "UPDATE mark SET comment = '' WHERE ordinal = 0")
    (fault,) = faults(restored.database)
    assert "its comment is another one than operation " in fault


def test_an_erased_comment_is_not_compared(restored):
    step = restored.database.read(
        history,
        f"school:{restored.ref.uid}",
        "cell",
        subject(restored.people["anna"].uid, restored.work("algebra", TODAY)),
    )[0]
    restored.database.write(lambda uow: erase_texts(uow, operator(), step.operation, "The law"))
    tamper(restored.database, "UPDATE mark SET comment = ''")
    assert faults(restored.database) == []
