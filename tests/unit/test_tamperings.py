"""Somebody with the database in his hands: each thing that he may do is named by `ais verify --records` with its witness.

One school in which everything happened once; each test changes one thing past the product, its triggers and its keys.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from ais_app.control import verification
from ais_app.control.verification import Asked
from ais_app.diary import service as diary
from ais_app.journal.lessons.service.lessons import LessonText, describe_lesson
from ais_app.journal.remarks.service import add_remark, withdraw_remark
from ais_app.journal.windows.service.periods import close_period
from ais_app.ledger import witness
from ais_app.ledger.fault import Fault
from ais_app.rights.rules import Role, operator
from ais_app.school.rules import DatedFrom, SlotDraft
from ais_app.school.service import add_timetable
from tests.unit.tampering import cut_off, rewrite_history, tamper
from tests.unit.watched import TODAY, Watched

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def watched(school, tmp_path, monkeypatch) -> Watched:
    """The small school: marks, a comment, an absence, a topic, homework, a remark, a signature, a timetable, a lock."""
    made, teacher, write = Watched(school, tmp_path, monkeypatch), school.teacher(), school.database.write
    school.enter(teacher, "algebra", ("anna", TODAY, "5", 0), ("boris", TODAY, "н", 0))
    school.comment(teacher, "algebra", "vera", TODAY, "4", "Neat")
    lesson = school.lesson("algebra", FRIDAY)
    write(lambda uow: describe_lesson(uow, teacher, LessonText(lesson, 1, "Powers", "№ 5", None, nothing_set=False)))
    remark = write(lambda uow: add_remark(uow, teacher, lesson, school.people["anna"].uid, "Was late"))
    write(lambda uow: withdraw_remark(uow, teacher, remark))
    mother, monday = school.actor("mother", Role.GUARDIAN), TODAY - timedelta(days=7)
    write(lambda uow: diary.acknowledge(uow, mother, school.people["anna"].uid, monday))
    course = school.database.read(lambda one: one.execute(text("SELECT min(id) FROM course")).scalar_one())
    slots = [SlotDraft(course, 1, 2, "305")]
    write(lambda uow: add_timetable(uow, operator(), school.ref, school.year.id, DatedFrom(FRIDAY), slots))
    made.a_minute_later()
    deputy = school.actor("deputy", Role.DEPUTY)
    write(lambda uow: close_period(uow, deputy, school.periods[0]))
    made.a_minute_later()
    return made


def faults(watched: Watched) -> list[str]:
    address = watched.database.url.render_as_string(hide_password=False)
    key, sizes = witness.public_key(watched.key), [(watched.path, watched.path.stat().st_size)]
    asked = Asked(records=True, witnesses=sizes, key=key, processes=1)
    return [str(one) for one in verification.check(address, asked) if isinstance(one, Fault)]


def test_without_any_tampering_nothing_is_named(watched):
    assert faults(watched) == []


ADDED = (
    "INSERT INTO mark (work_id, student_id, ordinal, code, hundredths, comment, written_at) "
    "SELECT work_id, student_id, 1, '5', 500, '', written_at FROM mark WHERE code = '4'"
)
OF_ROWS = [
    ("a mark is raised", "UPDATE mark SET code = '2', hundredths = 200 WHERE code = '5'", "cell .*: holds «2»"),
    ("a mark counts as another one", "UPDATE mark SET hundredths = 500 WHERE code = '4'", "cell .*: its mark is"),
    ("a comment is rewritten", "UPDATE mark SET comment = 'Bad' WHERE comment <> ''", "cell .*: its comment"),
    ("a mark is deleted", "DELETE FROM mark WHERE code = '5'", "cell .*: holds «»"),
    (
        "a mark is added",
        ADDED,
        "cell .*: holds «4/5»",
    ),
    ("an absence is deleted", "DELETE FROM attendance", "cell .*: holds «»"),
    ("an absence gets a reason", "UPDATE attendance SET reason = 'б'", "cell .*: holds «б»"),
    ("a version goes back", "UPDATE cell SET version = 7", r"cell .*\(version 7\)"),
    ("all topics are replaced", "UPDATE lesson SET topic = 'Roots'", "lesson .*: «Topic» is another one"),
    ("homework is edited", "UPDATE homework SET text = '№ 6'", "homework .*: «Text» is another one"),
    (
        "a lesson is taken out of sight",
        "UPDATE lesson SET taken_back_at = '2026-11-20 08:00'",
        "lesson .*: «Taken back»",
    ),
    ("a column gets another weight", "UPDATE work SET weight = 9", "work .*: «Weight» is «9»"),
    ("a remark is rewritten", "UPDATE remark SET text = 'Fought'", "remark .*: «Text» is another one"),
    ("a withdrawn remark is shown again", "UPDATE remark SET withdrawn_at = NULL", "remark .*: «Taken back» is empty"),
    ("a signature is deleted", "DELETE FROM acknowledgement", "acknowledgement .*: is missing"),
    (
        "a membership is moved",
        "UPDATE enrollment SET valid_from = '2026-11-01'",
        "enrollment .*: «From» is «2026-11-01»",
    ),
    (
        "a membership is deleted",
        "DELETE FROM enrollment WHERE person_id = (SELECT max(person_id) FROM enrollment)",
        "is missing",
    ),
    (
        "a teacher is swapped",
        "UPDATE course_teacher SET person_id = (SELECT max(id) FROM person)",
        "course_teacher .*: «Teacher» is",
    ),
    ("a timetable is edited", "UPDATE timetable_slot SET room = '101'", "timetable_slot .*: «Room» is «101»"),
    ("a lesson of the timetable is moved", "UPDATE timetable_slot SET number = 5", "timetable_slot .*: is missing"),
    ("a lock is removed", "DELETE FROM period_lock", "period_lock .*: is missing"),
    ("a period ends later", "UPDATE grading_period SET ends_on = '2027-01-31'", "grading_period .*: «Last day»"),
    ("a person gets another name", "UPDATE person SET family_name = 'X'", "person .*: «Family name» is another one"),
    ("a guardian becomes another one", "UPDATE guardianship SET relation = 'x'", "guardianship .*: «Relation»"),
    ("a course is renamed", "UPDATE course SET name = 'X'", "course .*: «Name» is «X»"),
    (
        "a setting of the school is changed",
        (
            "INSERT INTO setting_value (uid, school_id, key, reach, reach_of, value, valid_from) "
            "SELECT 'aaaaaaaaaaaaaaaa', id, 'edit_window_days', 'school', '', '400', '1900-01-01' FROM school"
        ),
        "setting_value .*",
    ),
    ("a role is given", "UPDATE role_assignment SET role = 'director'", "role_assignment .*: «Role» is «director»"),
    (
        "the end of a role is removed or set",
        "UPDATE role_assignment SET valid_to = '2027-01-01'",
        "role_assignment .*: «Before»",
    ),
    ("a login is swapped", "UPDATE account SET login = 'other' WHERE id = 1", "account .*: «Login» is another one"),
    ("an account is blocked", "UPDATE account SET blocked_at = '2026-11-20 08:00'", "account .*: «Blocked» is"),
    (
        "an item of the history",
        "UPDATE operation_item SET data = '{}' WHERE entity = 'cell'",
        "its columns or items differ",
    ),
    ("an author", "UPDATE operation SET account = 'x' WHERE kind = 'marks_entered'", "its columns or items differ"),
    (
        "a moment",
        "UPDATE operation SET moment = datetime(moment, '-1 day') WHERE kind = 'marks_entered'",
        "its columns",
    ),
    ("an operation is deleted", "DELETE FROM operation WHERE kind = 'remark_added'", "operation .*: is missing"),
    (
        "a text of the history",
        "UPDATE operation_text SET text = 'x' WHERE field = 'after.comment'",
        "its text was changed",
    ),
    (
        "texts are erased without an operation",
        "UPDATE operation_text SET text = NULL, salt = NULL",
        "was erased, and no operation says so",
    ),
    (
        "an item of nothing",
        "UPDATE operation_item SET operation_id = 99999 WHERE id = (SELECT max(id) FROM operation_item)",
        "belongs to no operation",
    ),
]


@pytest.mark.parametrize(("statement", "named"), [pytest.param(*more, id=name) for name, *more in OF_ROWS])
def test_s69_what_is_changed_past_the_product_is_named(watched, statement, named):
    tamper(watched.database, statement)
    assert any(re.search(named, one) for one in faults(watched)), faults(watched)


def test_s70_a_history_that_was_rewritten_with_its_head_is_named(watched):
    rewrite_history(watched.database, watched.chain, '"value":"5"', '"value":"2"')
    tamper(watched.database, "UPDATE mark SET code = '2', hundredths = 200 WHERE code = '5'")
    assert any("is not the one that the witness saw" in one for one in faults(watched))


@pytest.mark.parametrize("left", [0, 3])
def test_s71_a_history_that_was_cut_off_is_named(watched, left):
    cut_off(watched.database, watched.chain, left)
    found = faults(watched)
    assert any("is gone, and the witness saw it" in one for one in found)
    assert any("is in no operation" in one for one in found)
