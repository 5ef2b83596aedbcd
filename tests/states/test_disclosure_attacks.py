"""Who would learn what is not his from the pages' events: other children, birth dates, histories, numbers, who is where."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ais_app.diary.progress.state import ProgressState
from ais_app.diary.state import DiaryState
from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.today.state import TodayState
from tests.builders import BORN, small_school
from tests.states.pages import TODAY, open_panel, sent, shown_cell

BIRTH_DATES = re.compile(
    r"12 Mar 2013|12\.03\.2013|2013-03-12|date\(2013, 3, 12\)|30 Nov 2012|30\.11\.2012|2012-11-30|date\(2012, 11, 30\)"
)


async def test_s12_what_is_withdrawn_or_of_others_is_nowhere_in_a_family_s_page(pipeline):
    """Remarks taken back, other students' marks, comments, remarks and means: in no frame, no copy, no figure."""
    school = pipeline.school
    for student in ("anna", "boris", "vera"):
        school.comment(
            school.teacher(), "algebra", student, TODAY, "5" if student == "anna" else "2", f"Comment-{student}"
        )
        await open_panel(pipeline, "teacher")
        await pipeline.call(LessonState.show_cell, "teacher", raw=shown_cell(school, student, "algebra"))
        delta = await pipeline.call(LessonState.add_remark, "teacher", raw={"remark": f"Remark-{student}"})
    await pipeline.call(LessonState.show_cell, "teacher", raw=shown_cell(school, "anna", "algebra"))
    delta = await pipeline.call(LessonState.add_remark, "teacher", raw={"remark": "Taken-back"})
    uid = next(one.uid for one in delta["lesson_state"]["remarks"] if one.text == "Taken-back")
    await pipeline.call(LessonState.withdraw_remark, "teacher", raw={"remark": uid})
    pipeline.push.sent.clear()
    said = ""
    for handler in (DiaryState.open_page, ProgressState.open_page):
        said += repr(await pipeline.call(handler, "mother", "/diary"))
    said += repr(pipeline.push.sent)
    assert not BIRTH_DATES.search(said)
    assert "Comment-anna" in said
    assert "Remark-anna" in said
    for hidden in (
        "Taken-back",
        "boris",
        "vera",
        "Boris",
        "Vera",
        school.people["boris"].uid,
        school.people["vera"].uid,
    ):
        assert hidden not in said, hidden


@pytest.mark.parametrize("login", ["mother", "anna", "teacher", "deputy", "inspector"])
async def test_s12_birth_dates_are_in_no_frame_of_anybody_but_the_class_teacher(pipeline, login):
    school, said = pipeline.school, ""
    for handler, path, raw in (
        (DiaryState.open_page, "/diary", None),
        (DiaryState.turn, "", {"by": 0}),
        (DiaryState.to_the_class, "", None),
        (DiaryState.choose_child, "", {"child": school.people["anna"].uid}),
        (DiaryState.to_the_class, "", None),
        (ProgressState.open_page, "/diary", None),
        (TodayState.open_part, "/", None),
        (JournalState.open_list, "/journal", None),
        (JournalState.open_page, f"/journal/{school.courses['algebra']}", None),
        (LessonState.show_cell, "", shown_cell(school, "anna", "algebra")),
    ):
        said += repr(await pipeline.call(handler, login, path, **({} if raw is None else {"raw": raw})))
    said += repr(pipeline.push.sent)
    assert not BIRTH_DATES.search(said)


async def test_s12_the_class_teacher_gets_birth_dates_of_the_own_class_in_its_list_only(pipeline):
    school = pipeline.school
    delta = await pipeline.call(DiaryState.open_page, "historian", "/diary")
    shown = {one.uid: one.born for one in delta["diary_state"]["pupils"]}
    assert {login for login in BORN if BIRTH_DATES.fullmatch(shown[school.people[login].uid])} == set(BORN)
    delta = await pipeline.call(DiaryState.choose_child, "historian", raw={"child": school.people["anna"].uid})
    assert not BIRTH_DATES.search(repr(delta))


@pytest.mark.parametrize("login", ["mother", "anna", "secretary", "other-teacher", "other-deputy"])
async def test_s13_the_history_of_a_cell_has_the_scope_of_its_course(pipeline, login):
    school = pipeline.school
    small_school(school.database, "other-")
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "3", 0))
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "4", 1))
    await pipeline.call(JournalState.open_page, login, f"/journal/{school.courses['algebra']}")
    delta = await pipeline.call(LessonState.show_cell, login, raw=shown_cell(school, "anna", "algebra"))
    assert not delta.get("lesson_state", {}).get("history")
    assert "Teacher" not in repr(delta)


async def test_s14_no_number_of_a_row_leaves_the_server(pipeline):
    """What pages get has uids only; a number in their place opens nothing."""
    school = pipeline.school
    pushed: list[Any] = []
    for handler, login, path in (
        (JournalState.open_page, "teacher", f"/journal/{school.courses['algebra']}"),
        (JournalState.open_list, "deputy", "/journal"),
        (DiaryState.open_page, "mother", "/diary"),
        (TodayState.open_part, "historian", "/"),
    ):
        pushed.append(await pipeline.call(handler, login, path))
    said = repr(pushed) + repr(pipeline.push.sent)
    assert not re.search(r"'?\b(student|work|lesson|course|person|account|school|group|class)_id\b", said)
    for child in (1, "1", str(school.people["anna"].id)):
        delta = await pipeline.call(DiaryState.choose_child, "mother", raw={"child": child})
        assert delta["notice_state"]["notice"]
    delta = await pipeline.call(JournalState.open_page, "teacher", "/journal/1")
    assert delta["journal_state"]["status"] == "missing"


async def test_s57_presence_reaches_those_who_may_read_the_course_and_nobody_else(pipeline):
    school = pipeline.school
    for login, course in (("teacher", "algebra"), ("deputy", "algebra"), ("historian", "history")):
        await pipeline.call(JournalState.open_page, login, f"/journal/{school.courses[course]}")
    await pipeline.call(DiaryState.open_page, "mother", "/diary")
    pipeline.push.sent.clear()
    await pipeline.call(LessonState.show_cell, "teacher", raw=shown_cell(school, "anna", "algebra"))
    assert (await sent(pipeline, "tab-deputy", "presence"))["who"] == "Teacher A. I."
    assert {to for to, _state, values in pipeline.push.sent if "presence" in values} == {"tab-deputy"}


async def test_s57_a_reader_who_points_at_a_cell_is_no_news(pipeline):
    """Only who writes in a course is shown to be there; a cell that is not of it is shown to nobody."""
    school = pipeline.school
    for login in ("teacher", "deputy"):
        await pipeline.call(JournalState.open_page, login, f"/journal/{school.courses['algebra']}")
    await pipeline.call(LessonState.show_cell, "deputy", raw=shown_cell(school, "anna", "algebra"))
    await pipeline.call(LessonState.show_cell, "teacher", raw=shown_cell(school, "anna", "algebra"))
    foreign = shown_cell(school, "anna", "algebra") | {"work": school.work("history", TODAY)}
    await pipeline.call(LessonState.show_cell, "teacher", raw=foreign)
    await sent(pipeline, "tab-deputy", "presence")
    shown = [(to, values["presence"]["work"]) for to, _state, values in pipeline.push.sent if "presence" in values]
    assert shown == [("tab-deputy", school.work("algebra", TODAY))]
