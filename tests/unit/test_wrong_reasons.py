"""A wrong reason of an absence: who changes it and takes the change back."""

from __future__ import annotations

import pytest

from ais_app.journal.attendance.service import Excuse, ReasonChange, change_reason, excuse
from ais_app.journal.courses.queries import courses
from ais_app.journal.grid.queries import history as panel
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.windows.service.periods import close_period
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Role
from tests.builders import reading_at
from tests.unit.mistakes import FRIDAY, TODAY, steps
from tests.unit.test_marks import grid


def reasons(school) -> dict[str, str]:
    cells, _view = grid(school)
    return {login: value for (login, day), (value, _version) in cells.items() if day == FRIDAY.isoformat()}


def change(school, before: str, after: str, login: str = "historian", role: Role = Role.CLASS_TEACHER) -> int:
    actor = school.actor(login, role)
    asked = ReasonChange(school.people["anna"].uid, DaySpan(FRIDAY, FRIDAY), before, after, "Wrong paper")
    return school.database.write(lambda uow: change_reason(uow, actor, asked))


def test_a_wrong_reason_is_changed_and_taken_back_by_the_class_teacher(school, write):
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "н", 0), ("boris", FRIDAY, "н", 0))
    historian = school.actor("historian", Role.CLASS_TEACHER)
    paper = Excuse(school.people["anna"].uid, DaySpan(FRIDAY, FRIDAY), "б", "Paper 7")
    write(lambda uow: excuse(uow, historian, paper))
    assert change(school, "б", "у") == 1
    assert reasons(school) == {"anna": "у", "boris": "н"}
    assert change(school, "б", "") == 0, "that is not what stands there"
    assert change(school, "у", "") == 1
    assert reasons(school) == {"anna": "н", "boris": "н"}
    cell = f"{school.people['anna'].uid}:{school.work('algebra', FRIDAY)}"
    assert steps(school, "cell", cell) == [
        "absence_reason_changed",
        "absence_reason_changed",
        "absence_excused",
        "marks_entered",
    ]

    def history(connection):
        reading = reading_at(connection, school.teacher(), TODAY)
        page = courses.course_to_write(reading, school.courses["algebra"])
        work = school.work("algebra", FRIDAY)
        return panel.cell_panel(reading, page, (school.people["anna"].uid, work)).history

    assert [one.reason for one in school.database.read(history)] == ["Wrong paper", "Wrong paper", "Paper 7", ""]


@pytest.mark.parametrize(
    ("login", "role"), [("teacher", Role.TEACHER), ("inspector", Role.INSPECTOR), ("anna", Role.STUDENT)]
)
def test_nobody_else_changes_a_reason(school, write, login, role):
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "н", 0))
    paper = Excuse(school.people["anna"].uid, DaySpan(FRIDAY, FRIDAY), "б", "")
    write(lambda uow: excuse(uow, school.actor("historian", Role.CLASS_TEACHER), paper))
    with pytest.raises(Refused):
        change(school, "б", "у", login, role)
    assert reasons(school) == {"anna": "б"}


def test_a_closed_period_keeps_its_reasons(school, write):
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "н", 0))
    paper = Excuse(school.people["anna"].uid, DaySpan(FRIDAY, FRIDAY), "б", "")
    write(lambda uow: excuse(uow, school.actor("historian", Role.CLASS_TEACHER), paper))
    write(lambda uow: close_period(uow, school.actor("deputy", Role.DEPUTY), school.periods[1]))
    assert change(school, "б", "у") == 0


def test_a_reason_typed_in_the_grid_is_undone_by_whoever_typed_it(school):
    """Ctrl+Z after «б» over «н» sends «н»: that takes the reason back; over a document's reason «н» changes nothing."""
    historian = school.actor("historian", Role.TEACHER)

    def value() -> str:
        return grid(school, "historian", Role.TEACHER, "history")[0]["anna", TODAY.isoformat()][0]

    school.enter(historian, "history", ("anna", TODAY, "н", 0))
    school.enter(historian, "history", ("anna", TODAY, "б", 1))
    school.enter(historian, "history", ("anna", TODAY, "н", 2))
    assert value() == "н"
    paper = Excuse(school.people["anna"].uid, DaySpan(TODAY, TODAY), "у", "")
    school.database.write(lambda uow: excuse(uow, school.actor("historian", Role.CLASS_TEACHER), paper))
    school.enter(historian, "history", ("anna", TODAY, "н", 4))
    assert value() == "у"
