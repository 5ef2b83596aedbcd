"""What panel, sheet, history and ledger say of requests and openings."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select, text

from ais_app.journal.courses.grants import SEAL, ViewGrant
from ais_app.journal.errors import BadLesson
from ais_app.journal.grid.views import history_items, opened
from ais_app.journal.lessons.service.lessons import LessonText, add_work, change_work, describe_lesson
from ais_app.journal.lessons.service.taking_back import put_back_work, take_back_work
from ais_app.journal.lessons.views import panels
from ais_app.journal.remarks.service import add_remark, put_back_remark, withdraw_remark
from ais_app.journal.windows.queries import openings as reads
from ais_app.journal.windows.service import openings
from ais_app.journal.windows.views import asking_view
from ais_app.ledger import verifying
from tests.conftest import MONDAY
from tests.unit.openings import LOCKED, TODAY, _opening, ask, at, deputy, grant


def panel_of(school, actor, day: date = LOCKED, student: str = "anna", moment: datetime = MONDAY):
    """The panels of a lesson and of a cell, what was asked and the history in words."""
    grant_ = ViewGrant(actor, school.courses["algebra"], SEAL)
    place = (school.work("algebra", day), school.people[student].uid)
    lesson, cell = school.read(panels, actor, moment, grant_, *place)
    asking = asking_view(lesson.asking, at(moment), actor.hat.zone)
    return replace(lesson, asking=asking), replace(cell, history=history_items(cell, actor.hat.zone))


def test_the_panel_says_what_was_asked_answered_and_until_when_it_is_open(school, clock):
    teacher = school.teacher()
    asking = panel_of(school, teacher)[0].asking
    assert (asking.may, asking.asked, asking.opened) == (True, "", "")
    request = ask(school)
    asking = panel_of(school, teacher)[0].asking
    assert (asking.waiting, asking.asked) == (request, "The request was sent on 23 November, 12:00: She was ill")
    school.database.write(lambda uow: openings.decline(uow, deputy(school), request, "Ask the parents"))
    asking = panel_of(school, teacher)[0].asking
    assert (asking.may, asking.waiting) == (True, "")
    assert asking.declined == "Declined on 23 November, 12:00 by Deputy A. I.: Ask the parents"
    until = grant(school, ask(school, student="anna"))
    lesson, cell = panel_of(school, teacher)
    assert lesson.asking.opened == "13 November is open until 24 November, 12:00 (Deputy A. I.). Only for Anna Alex."
    assert (lesson.open, lesson.marks_open, lesson.cell_open, cell.name) == (False, False, True, "Anna Alex")
    assert panel_of(school, teacher, student="boris")[0].cell_open is False
    over = panel_of(school, teacher, moment=until)[0]
    assert (over.cell_open, over.asking.may) == (False, True)
    assert (over.asking.opened, over.asking.ended) == ("", "It was open until 12:00 (Deputy A. I.).")


def test_others_see_that_it_is_open_but_not_what_was_asked(school):
    request = ask(school)
    seen = panel_of(school, deputy(school))[0]
    assert (seen.asking.may, seen.asking.asked, seen.asking.waiting) == (False, "", "")
    grant(school, request)
    seen = panel_of(school, deputy(school))[0]
    assert seen.asking.opened.startswith("13 November is open until")
    assert (seen.open, seen.marks_open, seen.cell_open) == (False, False, False)


def test_the_sheet_says_which_columns_are_open_until_when_and_by_whom(school):
    def sheet(actor, moment=MONDAY):
        place = ("", school.lesson("algebra", LOCKED))
        grant_ = ViewGrant(actor, school.courses["algebra"], SEAL)
        return school.read(opened, actor, moment, grant_, place)["sheet"]

    teacher = school.teacher()
    assert "openings" not in sheet(teacher), "a sheet without openings is no byte longer"
    until = grant(school, ask(school))
    view = sheet(teacher)
    names, *columns = view["columns"]
    index = next(i for i, one in enumerate(columns) if one[names.index("id")] == school.work("algebra", LOCKED))
    assert columns[index][names.index("state")] == "locked", "what it is without the opening, for the moment after it"
    expected = {
        "until": int(until.timestamp() * 1000),
        "about": "13 November is open until 24 November, 12:00 (Deputy A. I.).",
        "student": "",
        "columns": [index],
        "may": True,
    }
    assert view["openings"] == [expected]
    assert sheet(deputy(school))["openings"] == [expected | {"may": False}]
    assert "openings" not in sheet(teacher, until)


def test_the_history_of_a_cell_names_by_whose_opening_it_was_entered_and_why(school):
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "4", 0))
    grant(school, ask(school, reason="Written on 12 November"))
    school.enter(school.teacher(), "algebra", ("anna", LOCKED, "5", 0))
    assert [step.opening for step in panel_of(school, school.teacher())[1].history] == [
        "Deputy A. I., Written on 12 November"
    ]
    assert [step.opening for step in panel_of(school, school.teacher(), TODAY)[1].history] == [""]


def test_every_change_that_only_an_opening_lets_in_names_it_in_the_ledger(school, clock):
    teacher, lesson, anna = school.teacher(), school.lesson("algebra", LOCKED), school.people["anna"].uid
    until = grant(school, ask(school))
    school.enter(teacher, "algebra", ("anna", TODAY, "4", 0), ("anna", LOCKED, "5", 0))
    texts = LessonText(lesson, 1, "Roots", "No. 5", None, False)
    school.database.write(lambda uow: describe_lesson(uow, teacher, texts))
    remark = school.database.write(lambda uow: add_remark(uow, teacher, lesson, anna, "Well"))
    school.database.write(lambda uow: withdraw_remark(uow, teacher, remark))
    column = school.database.write(lambda uow: add_work(uow, teacher, lesson, school.types["CW"]))
    school.database.write(lambda uow: change_work(uow, teacher, column, school.types["LW"]))
    school.database.write(lambda uow: take_back_work(uow, teacher, column))
    query = text(
        "SELECT operation_item.subject, operation_item.data FROM operation_item JOIN operation ON operation.id = operation_id "
        "WHERE operation.account = :account AND kind <> 'opening_asked' ORDER BY operation_item.id"
    )
    rows = school.database.read(lambda one: one.execute(query, {"account": teacher.account_uid}).all())
    opening = school.database.read(lambda one: one.execute(select(_opening.c.uid)).scalar_one())
    within = f"{anna}:{school.work('algebra', TODAY)}"
    named = {row.subject: json.loads(row.data)["after"].get("opening") for row in rows}
    assert named.pop(within) is None, "what the window lets in anyway needs no opening"
    assert set(named) == {f"{anna}:{school.work('algebra', LOCKED)}", lesson, remark, column}
    assert set(named.values()) == {opening}
    clock.moment = until
    for attempt in (
        lambda uow: put_back_work(uow, teacher, column),
        lambda uow: put_back_remark(uow, teacher, remark),
    ):
        with pytest.raises(BadLesson, match="It was open until 12:00"):
            school.database.write(attempt)


def test_all_of_it_stands_in_the_ledger_with_reason_and_author(school):
    first = ask(school)
    school.database.write(lambda uow: openings.withdraw(uow, school.teacher(), first))
    second = ask(school)
    school.database.write(lambda uow: openings.decline(uow, deputy(school), second, "No"))
    grant(school, ask(school))
    (line,) = school.read(reads.open_now, deputy(school), MONDAY)
    school.database.write(lambda uow: openings.close(uow, deputy(school), line.uid))
    query = text("SELECT kind, hat FROM operation WHERE kind LIKE 'opening_%' ORDER BY sequence")
    told = [(row.kind, row.hat.partition(":")[0]) for row in school.database.read(lambda one: one.execute(query).all())]
    assert told == [
        ("opening_asked", "teaching"),
        ("opening_withdrawn", "teaching"),
        ("opening_asked", "teaching"),
        ("opening_declined", "deputy"),
        ("opening_asked", "teaching"),
        ("opening_granted", "deputy"),
        ("opening_closed", "deputy"),
    ]
    why = text("SELECT text FROM operation_reason ORDER BY operation_id")
    ill = "She was ill"  # asked, asked, declined, asked, granted
    assert school.database.read(lambda one: one.execute(why).scalars().all()) == [ill, ill, "No", ill, ill]
    assert school.database.read(lambda one: list(verifying.verify(one))) == []
