"""Entering marks: what the one way in accepts, refuses and remembers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from ais_app.db.columns import new_uid
from ais_app.journal import settings
from ais_app.journal.courses.queries import courses
from ais_app.journal.errors import CellsRefused
from ais_app.journal.grid import grammar, wire
from ais_app.journal.grid.means import USUAL_THRESHOLDS
from ais_app.journal.grid.queries import patch, sheet
from ais_app.journal.windows.queries import periods
from ais_app.journal.windows.service.periods import close_period
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role
from tests.builders import cells_of, reading_at
from tests.settings import begin_with

TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)


def grid(school, login="teacher", role=Role.TEACHER, course="algebra"):
    """{(student login, ISO day): [value, version]} as `login` sees the present period."""
    actor = school.actor(login, role)

    def load(connection):
        reading = reading_at(connection, actor, TODAY)
        page = courses.course_to_write(reading, school.courses[course])
        period = periods.present_period(periods.periods(connection, page.scheme_id), TODAY)
        return wire.sheet_view(sheet.sheet(reading, page, period), TODAY)

    view = school.database.read(load)
    logins = {person.uid: login for login, person in school.people.items()}
    return {
        (logins[view["students"][row][0]], view["columns"][column]["date"]): [value, version]
        for (row, column), (value, version, *_flags) in cells_of(view).items()
    }, view


def codes(error: pytest.ExceptionInfo[CellsRefused]) -> list[str]:
    return [cell.code for cell in error.value.cells]


def test_a_mark_is_there_with_its_version_and_mean(school):
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), ("anna", FRIDAY, "4/5", 0))
    cells, view = grid(school)
    assert cells["anna", "2026-11-23"] == ["5", 1]
    assert cells["anna", "2026-11-20"] == ["4/5", 1]
    assert view["means"][0] == ["4,67", 3]


def test_one_refused_cell_refuses_the_whole_operation(school):
    with pytest.raises(CellsRefused) as error:
        school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), ("boris", TODAY, "7", 0))
    assert codes(error) == ["bad"]
    assert grid(school)[0] == {}


def test_a_known_operation_is_answered_and_not_written_twice(school):
    uid = new_uid()
    first = school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), uid=uid)
    again = school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), uid=uid)
    assert again == first
    assert grid(school)[0]["anna", "2026-11-23"] == ["5", 1]


def test_s01_the_uid_of_another_account_opens_nothing(school):
    uid = new_uid()
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), uid=uid)
    historian = school.actor("historian", Role.TEACHER)
    with pytest.raises(NotYours):
        school.enter(historian, "history", ("anna", TODAY, "2", 0), uid=uid)


def test_s01_a_teacher_cannot_write_in_the_course_of_another(school):
    with pytest.raises(NotYours):
        school.enter(school.teacher(), "history", ("anna", TODAY, "5", 0))


def test_s08_a_class_teacher_reads_but_never_edits(school):
    historian = school.actor("historian", Role.TEACHER)
    _cells, view = grid(school, "historian", Role.CLASS_TEACHER)
    assert view["may"]["marks"] is False
    with pytest.raises(CellsRefused) as error:
        school.enter(historian, "algebra", ("anna", TODAY, "5", 0))
    assert codes(error) == ["denied"]


def test_s02_a_student_who_left_before_the_date_is_refused(school):
    with pytest.raises(CellsRefused) as error:
        school.enter(school.teacher(), "algebra", ("gleb", TODAY, "5", 0))
    assert codes(error) == ["denied"]
    with pytest.raises(CellsRefused):
        school.enter(school.teacher(), "algebra", ("mother", TODAY, "5", 0))


def test_s30_closed_old_and_future_columns_say_why(school):
    school.database.write(lambda uow: close_period(uow, school.actor("deputy", Role.DEPUTY), school.periods[0]))
    for day, code in ((date(2026, 10, 20), "closed"), (date(2026, 11, 10), "locked"), (date(2026, 11, 24), "future")):
        with pytest.raises(CellsRefused) as error:
            school.enter(school.teacher(), "algebra", ("anna", day, "5", 0))
        assert codes(error) == [code]
        assert error.value.cells[0].text


def test_s32_a_stale_cell_shows_both_values_and_who(school):
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0))
    with pytest.raises(CellsRefused) as error:
        school.enter(school.teacher(), "algebra", ("anna", TODAY, "3", 0))
    (cell,) = error.value.cells
    assert (cell.code, cell.value, cell.version) == ("stale", "5", 1)
    assert cell.who == "Teacher A. I."


@pytest.mark.parametrize(
    "text", ["NaN", "1e309", "-1", "5.0000001", "٥", "5\x00", "6", "5/5/5/5", "н/н", "1", "x" * 17]
)
def test_s37_nonsense_never_becomes_a_mark(school, text):
    with pytest.raises(CellsRefused):
        school.enter(school.teacher(), "algebra", ("anna", TODAY, text, 0))


def test_s37_full_width_digits_are_the_same_digits(school):
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "５", 0))
    assert grid(school)[0]["anna", "2026-11-23"] == ["5", 1]


def test_reasons_of_absence_are_the_class_teachers(school):
    with pytest.raises(CellsRefused) as error:
        school.enter(school.teacher(), "algebra", ("anna", TODAY, "б", 0))
    assert codes(error) == ["denied"]
    historian = school.actor("historian", Role.TEACHER)
    school.enter(historian, "history", ("anna", TODAY, "б", 0))
    assert grid(school, "historian", Role.TEACHER, "history")[0]["anna", "2026-11-23"] == ["б", 1]


def test_the_history_of_a_cell_tells_every_step(school):
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "3", 0))
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "4", 1))
    name = f"{school.people['anna'].uid}:{school.work('algebra', TODAY)}"
    steps = school.database.read(ledger.history, school_chain(school.ref.uid), "cell", name)
    assert [(step.before or {}).get("value") for step in steps] == ["3", None]
    assert [step.after["value"] for step in steps] == ["4", "3"]


def test_a_patch_says_the_same_as_a_fresh_sheet(school):
    done = school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), ("boris", TODAY, "н", 0))
    cells, averages = school.database.read(patch.changed_cells, school.courses["algebra"], done.cells, USUAL_THRESHOLDS)
    _cells, view = grid(school)
    fresh = {
        (view["students"][row][0], view["columns"][column]["id"]): rest
        for (row, column), rest in cells_of(view).items()
    }
    assert {(student, work): rest for student, work, *rest in cells} == fresh
    by_student = dict(zip([student[0] for student in view["students"]], view["means"], strict=True))
    assert averages == [by_student[school.people[login].uid] for login in ("anna", "boris")]


def test_s09_a_substitute_writes_in_his_days_only(school):
    """The historian replaces the teacher of algebra until Friday: later lessons are not his."""
    insertion = text(
        "INSERT INTO course_teacher (uid, course_id, person_id, valid_from, valid_to) "
        "SELECT 'substitute', id, :person, '2026-11-16', '2026-11-21' FROM course WHERE uid = :course"
    )
    values = {"person": school.people["historian"].id, "course": school.courses["algebra"]}
    school.database.write(lambda uow: uow.execute(insertion, values))
    historian = school.actor("historian", Role.TEACHER)
    school.enter(historian, "algebra", ("anna", FRIDAY, "4", 0))
    with pytest.raises(CellsRefused) as error:
        school.enter(historian, "algebra", ("anna", TODAY, "4", 0))
    assert codes(error) == ["denied"]


def test_a_period_closed_meanwhile_refuses_what_was_open_when_the_page_was_loaded(school):
    cells, view = grid(school)
    assert cells == {}
    assert view["columns"][-1]["state"] == "future"
    school.database.write(lambda uow: close_period(uow, school.actor("deputy", Role.DEPUTY), school.periods[1]))
    with pytest.raises(CellsRefused) as error:
        school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0))
    assert codes(error) == ["closed"]


def test_a_mark_stands_beside_an_absence_only_where_the_school_keeps_both(school):
    """The grid asks before; whatever a client sends, the school's setting holds (D-49). What stands already may go on."""
    teacher = school.teacher()
    school.enter(teacher, "algebra", ("anna", TODAY, "н/5", 0))
    begin_with(school.database, school.ref, settings.MARK_BESIDE_ABSENCE, value=False)
    with pytest.raises(CellsRefused) as refused:
        school.enter(teacher, "algebra", ("boris", TODAY, "н/5", 0))
    assert refused.value.cells[0].code == "bad"
    assert "beside" in refused.value.cells[0].text
    school.enter(teacher, "algebra", ("anna", TODAY, "н/4", 1))
    school.enter(teacher, "algebra", ("boris", TODAY, "о/5", 0))


def test_pass_and_fail_are_offered_only_where_no_marks_are_given(school):
    """In a course with marks the keys «з» and «-» mean nothing; what an import brought is shown and kept (D-49)."""
    page = school.read(courses.course_to_write, school.teacher(), TODAY, school.courses["algebra"])
    assert grammar.codes(page, reasons=False) == ["н", "о", "осв"]
    assert grammar.codes(replace(page, graded=False), reasons=True) == ["н", "о", "б", "у", "осв", "зач", "незач"]
    assert grammar.values(replace(page, graded=False)) == []
