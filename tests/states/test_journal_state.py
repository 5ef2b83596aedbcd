"""The journal's and the diary's states through the real pipeline."""

from __future__ import annotations

import asyncio
import contextlib
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ais_app.diary.state import DiaryState
from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.school.state import HomeState, ShellState
from tests.builders import cells_of
from tests.states.pages import FRIDAY, TODAY, edit, open_panel, refused, sent


async def open_course(pipeline, login: str) -> dict[str, Any]:
    path = f"/journal/{pipeline.school.courses['algebra']}"
    return await pipeline.call(JournalState.open_page, login, path)


async def test_opening_a_course_sends_the_sheet_past_the_state(pipeline):
    delta = await open_course(pipeline, "teacher")
    assert delta["journal_state"]["title"] == "7А, Algebra"
    assert "sheet" not in delta["journal_state"]
    sheet = await sent(pipeline, "tab-teacher", "sheet")
    assert [student[1] for student in sheet["students"]] == ["Anna Alex", "Boris Alex", "Gleb Alex", "Vera Alex"]


async def test_an_edit_is_answered_to_its_tab_and_patched_to_the_others(pipeline):
    await open_course(pipeline, "teacher")
    await open_course(pipeline, "deputy")
    await pipeline.call(DiaryState.open_page, "mother", "/diary")
    await pipeline.call(JournalState.enter, "teacher", raw=edit(pipeline.school, "anna", "5", 0))
    assert (await sent(pipeline, "tab-teacher", "answer"))["patches"][0]["own"] == [["5", 1]]
    assert (await sent(pipeline, "tab-deputy", "patch"))["by"] == "Teacher A. I."
    days = await sent(pipeline, "tab-mother", "days")
    assert [mark.code for day in days for lesson in day.lessons for mark in lesson.marks] == ["5"]
    own = [set(values) for to, _state, values in pipeline.push.sent if to == "tab-teacher"]
    assert own == [{"wanted"}, {"sheet"}, {"answer"}]


async def test_the_author_is_not_told_that_another_person_changed_the_journal(pipeline):
    """Another tab of hers gets the change as her own; everybody else is told who it was."""
    for login, tab in (("teacher", ""), ("teacher", "other"), ("deputy", "")):
        path = f"/journal/{pipeline.school.courses['algebra']}"
        await pipeline.call(JournalState.open_page, login, path, **({"tab": tab} if tab else {}))
    await pipeline.call(JournalState.enter, "teacher", raw=edit(pipeline.school, "anna", "5", 0))
    assert (await sent(pipeline, "other", "patch"))["mine"] is True
    assert "mine" not in await sent(pipeline, "tab-deputy", "patch")


async def test_patches_on_the_old_sheet_equal_a_fresh_one(pipeline):
    await open_course(pipeline, "deputy")
    before = await sent(pipeline, "tab-deputy", "sheet")
    for student, text, version in (("anna", "5", 0), ("boris", "н", 0), ("anna", "4/5", 1), ("boris", "", 1)):
        await pipeline.call(JournalState.enter, "teacher", raw=edit(pipeline.school, student, text, version))
    state: dict[tuple[str, str], list[Any]] = {}
    while (await sent(pipeline, "tab-deputy", "patch"))["seq"] < before["seq"] + 4:
        await asyncio.sleep(0.01)
    patches = [values["patch"] for to, _s, values in pipeline.push.sent if to == "tab-deputy" and "patch" in values]
    assert [patch["seq"] for patch in patches] == list(range(before["seq"] + 1, before["seq"] + 5))
    for patch in patches:
        for student, work, *rest in patch["cells"]:
            state[student, work] = rest
    await open_course(pipeline, "deputy")
    fresh = await sent(pipeline, "tab-deputy", "sheet")
    names, *columns = fresh["columns"]
    works = [column[names.index("id")] for column in columns]
    assert state == {
        (fresh["students"][row][0], works[column]): rest for (row, column), rest in cells_of(fresh).items()
    }
    assert fresh["seq"] == before["seq"] + 4


async def test_a_guardian_whose_right_ended_gets_no_more_deliveries(pipeline):
    await pipeline.call(DiaryState.open_page, "mother", "/diary")
    from sqlalchemy import text

    pipeline.school.database.write(
        lambda uow: uow.execute(text("UPDATE guardianship SET valid_to = '2026-11-23' WHERE relation = 'mother'"))
    )
    await pipeline.call(JournalState.enter, "teacher", raw=edit(pipeline.school, "anna", "5", 0))
    assert await sent(pipeline, "tab-mother", "status") == "nobody"
    assert await sent(pipeline, "tab-mother", "days") == []
    assert pipeline.hub.watched == 0


async def test_an_open_form_stays_with_its_lesson_until_it_is_left(pipeline):
    """A cell of another lesson becomes active, also by an answer that comes late: what is typed must not vanish."""
    await open_course(pipeline, "teacher")
    school, course = pipeline.school, pipeline.school.courses["algebra"]
    today, friday = (
        {"course": course, "student": school.people["anna"].uid, "work": school.work("algebra", day), "panel": False}
        for day in (TODAY, FRIDAY)
    )
    title = (await pipeline.call(LessonState.show_cell, "teacher", raw=today))["lesson_state"]["lesson"].title
    await pipeline.call(LessonState.edit, "teacher", raw={"work": today["work"]})
    assert "lesson" not in (await pipeline.call(LessonState.show_cell, "teacher", raw=friday)).get("lesson_state", {})
    form = {"topic": "Roots", "homework": "No. 5", "minutes": ""}
    saved = (await pipeline.call(LessonState.save_lesson, "teacher", raw=form))["lesson_state"]
    assert saved["editing"] is False
    assert saved["lesson"].title != title
    back = (await pipeline.call(LessonState.show_cell, "teacher", raw=today))["lesson_state"]["lesson"]
    assert (back.title, back.topic) == (title, "Roots")


@pytest.mark.parametrize("first", ["the choice", "the page"])
async def test_a_period_chosen_in_a_tab_whose_state_was_forgotten_is_shown(pipeline, first):
    """The page is opened anew by itself, after the event of the click or before it."""
    school = pipeline.school
    path = f"/journal/{school.courses['algebra']}"
    steps = [
        lambda: pipeline.call(JournalState.choose_period, "teacher", path, raw={"period": school.periods[0]}),
        lambda: pipeline.call(JournalState.open_page, "teacher", path),
    ]
    for step in steps if first == "the choice" else reversed(steps):
        delta = (await step())["journal_state"]
    assert [period.name for period in delta["periods"] if period.current] == ["I"]
    assert (await sent(pipeline, "tab-teacher", "sheet"))["period"] == school.periods[0]
    again = (await pipeline.call(JournalState.open_page, "teacher", path))["journal_state"]
    assert [period.name for period in again["periods"] if period.current] == ["I"]  # D-50: the same page keeps it


async def test_the_guard_answers_a_refused_edit_with_a_patch(pipeline):
    raw = edit(pipeline.school, "anna", "5", 0)
    delta = await pipeline.call(JournalState.enter, "mother", raw=raw)
    refused = delta["journal_state"]["answer"]["patches"][0]
    assert refused["op"] == raw["ops"][0][0]
    assert refused["error"]
    delta = await pipeline.call(HomeState.open_page, "mother")
    assert set(delta) == {"notice_state"}


async def test_s58_another_session_on_the_same_token_starts_empty(pipeline):
    await pipeline.call(DiaryState.open_page, "mother", "/diary", tab="shared")
    await pipeline.call(ShellState.open_page, "anna", "/diary", tab="shared")
    root = await pipeline.manager.get_state(_token("shared"))
    diary = await root.get_state(DiaryState)
    assert diary.days == []
    assert diary._child == ""


async def test_an_inspectors_view_leaves_its_line(pipeline):
    from sqlalchemy import text

    count = "SELECT count(*) FROM operation WHERE kind = 'journal_viewed'"
    await open_course(pipeline, "deputy")
    await open_course(pipeline, "inspector")
    assert pipeline.school.database.read(lambda one: one.execute(text(count)).scalar_one()) == 1


async def test_lesson_topic_roll_call_comment_and_history(pipeline):
    school = pipeline.school
    await open_course(pipeline, "teacher")
    await pipeline.call(JournalState.enter, "teacher", raw=edit(school, "anna", "5", 0))
    course, anna = school.courses["algebra"], school.people["anna"].uid
    shown_cell = {"course": course, "student": anna, "work": school.work("algebra", TODAY), "panel": True}
    delta = (await pipeline.call(LessonState.show_cell, "teacher", raw=shown_cell))["lesson_state"]
    assert [step.after for step in delta["history"]] == ["5"]
    assert (delta["lesson"].term, delta["lesson"].late) == ("was due by 11:10", True)
    form = {"topic": "Squares", "homework": "No. 5", "minutes": "20"}
    delta = (await pipeline.call(LessonState.save_lesson, "teacher", raw=form))["lesson_state"]
    assert (delta["lesson"].topic, delta["lesson"].minutes, delta["lesson"].term) == ("Squares", "20", "")
    commented = edit(school, "anna", "5", 1)
    commented["ops"][0][2][0].append("Well done")
    await pipeline.call(JournalState.enter, "teacher", raw=commented)
    await pipeline.call(JournalState.enter, "teacher", raw=edit(school, "boris", "н", 0))
    delta = (await pipeline.call(LessonState.show_cell, "teacher", raw=shown_cell))["lesson_state"]
    assert delta["cell"].comment == "Well done"
    assert delta["cell"].place == f"{anna}:{shown_cell['work']}"
    assert delta["lesson"].absent == "1"
    days = (await pipeline.call(DiaryState.open_page, "mother", "/diary"))["diary_state"]["days"]
    lesson = next(one for day in days for one in day.lessons if one.topic)
    assert (lesson.topic, lesson.homework, lesson.comments) == ("Squares", "No. 5", ["Well done"])


async def test_the_roll_comes_once_it_is_called_and_not_with_a_new_page(pipeline):
    shown_cell = {
        "course": pipeline.school.courses["algebra"],
        "student": "",
        "work": pipeline.school.work("algebra", TODAY),
    }
    shown_cell = {"raw": shown_cell | {"student": pipeline.school.people["anna"].uid, "panel": False}}
    await open_course(pipeline, "teacher")
    shown = (await pipeline.call(LessonState.show_cell, "teacher", **shown_cell))["lesson_state"]
    assert shown["lesson"].absent == "0"
    assert "roll" not in shown, "a page is compiled without one"
    called = (await pipeline.call(LessonState.call_roll, "teacher"))["lesson_state"]["roll"]
    assert [line.name for line in called] == ["Anna Alex", "Boris Alex", "Vera Alex"]
    again = await pipeline.call(LessonState.show_cell, "teacher", **shown_cell)
    assert again.get("lesson_state", {}) == {}, "what a page has already is not sent again"
    shown_cell["raw"]["student"] = pipeline.school.people["boris"].uid
    other = (await pipeline.call(LessonState.show_cell, "teacher", **shown_cell))["lesson_state"]
    assert other["cell"].name == "Boris Alex"
    assert not {"roll", "lesson", "types", "columns"} & other.keys()


async def test_a_crash_answers_with_an_error_code_and_no_trace(pipeline, monkeypatch):
    from ais_app.journal.courses import views

    def crash(*_arguments):
        raise RuntimeError("Anna's secret")

    monkeypatch.setattr(views, "cards", crash)
    with contextlib.suppress(RuntimeError):
        await pipeline.call(JournalState.open_list, "teacher", "/journal")
    notice = await sent(pipeline, "tab-teacher", "notice")
    assert re.search(r"[a-z2-7]{16}", notice)
    assert "secret" not in notice


def _token(ident: str):
    import reflex as rx

    return rx.BaseStateToken(ident=ident, cls=DiaryState)


async def test_a_page_that_is_opened_anew_does_not_repeat_what_was_said(pipeline):
    await open_course(pipeline, "teacher")
    form = {"day": TODAY.isoformat(), "number": "7"}
    said = (await pipeline.call(JournalState.add_lesson, "teacher", raw=form))["notice_state"]
    assert (said["done"], said["notice"]) == (True, "The lesson of 23 November is added.")
    opening = "reflex___state____state.hydrate_and_load"
    assert (await pipeline.send(opening, {}, "teacher", "/"))["notice_state"]["notice"] == said["notice"]  # a reconnect
    assert (await pipeline.send(opening, {"hashes": ["a"]}, "teacher", "/"))["notice_state"]["notice"] == ""


async def test_a_period_chosen_on_the_way_out_is_no_attack(pipeline):
    """The click comes when the address is another page's already."""
    before = refused(pipeline.school)
    delta = await pipeline.call(
        JournalState.choose_period, "teacher", "/journal", raw={"period": pipeline.school.periods[0]}
    )
    assert "journal_state" not in delta
    assert refused(pipeline.school) == before


@pytest.mark.parametrize(
    ("now", "login", "day", "term", "late"),
    [
        (datetime(2026, 11, 23, 7, tzinfo=UTC), "teacher", TODAY, "until 11:10", False),  # the last bell rings at 10:10
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "teacher", TODAY, "was due by 11:10", True),
        (datetime(2026, 11, 24, 9, tzinfo=UTC), "teacher", TODAY, "1 day overdue", True),
        (datetime(2026, 11, 30, 9, tzinfo=UTC), "teacher", TODAY, "7 days overdue", True),
        (datetime(2026, 12, 1, 9, tzinfo=UTC), "teacher", TODAY, "", False),  # locked: nothing can be written
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "teacher", date(2026, 11, 24), "", False),  # ahead
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "deputy", TODAY, "", False),  # not his
    ],
)
async def test_by_when_homework_is_to_be_written(pipeline, now, login, day, term, late):
    """An hour after the last bell of the class, whoever taught the last lesson; the edit window is only the lock."""
    pipeline.school.database.clock.moment = now
    lesson = (await open_panel(pipeline, login, day=day))["lesson"]
    assert (lesson.term, lesson.late) == (term, late)
