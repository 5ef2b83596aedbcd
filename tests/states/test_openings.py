"""Asking and opening through the real pipeline: open pages hear of it at once, and nobody else may."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.windows.state import OpeningsState
from tests.states.pages import journal, open_panel, refused, sent, shown_cell

LOCKED = date(2026, 11, 13)


async def asked(pipeline, **form: str):
    await open_panel(pipeline, "teacher", day=LOCKED)
    return await pipeline.call(LessonState.ask_opening, "teacher", raw={"reason": "She was ill", **form})


async def newest(pipeline, tab: str, variable: str, holds):
    """The newest value of a variable sent to a tab, once it `holds`."""
    for _attempt in range(500):
        found = await sent(pipeline, tab, variable)
        if holds(found):
            return found
        await asyncio.sleep(0.01)
    raise TimeoutError(variable)


async def test_a_request_comes_to_the_open_home_of_the_deputy_and_the_answer_to_the_open_journal(pipeline):
    home = (await pipeline.call(OpeningsState.open_part, "deputy"))["openings_state"]
    assert (home["shown"], home["status"], home["grants"]) == (True, "ready", "Open for 24 hours")
    assert home.get("requests", []) == []
    delta = await asked(pipeline)
    assert delta["lesson_state"]["asking"].asked == "The request was sent on 23 November, 12:00: She was ill"
    (request,) = await newest(pipeline, "tab-deputy", "requests", len)
    assert (request.title, request.about) == ("Teacher A. I., 7А, Algebra", "13 November, lesson 1, the whole lesson")
    pipeline.push.sent.clear()
    answered = await pipeline.call(OpeningsState.grant, "deputy", raw={"request": request.uid})
    assert answered["openings_state"]["requests"] == []
    assert [line.until for line in answered["openings_state"]["opened"]] == ["until 24 November, 12:00"]
    assert (await sent(pipeline, "tab-teacher", "patch"))["reload"] is True
    course = pipeline.school.courses["algebra"]
    await pipeline.call(JournalState.resync, "teacher", raw={"course": course, "seq": 0})
    assert [one["may"] for one in (await sent(pipeline, "tab-teacher", "sheet"))["openings"]] == [True]
    lesson = (
        await pipeline.call(
            LessonState.show_cell, "teacher", raw=shown_cell(pipeline.school, "anna", "algebra", LOCKED)
        )
    )["lesson_state"]
    assert (lesson["lesson"].open, lesson["lesson"].why, lesson["cell"].open) == (True, "", True)
    assert lesson["asking"].opened == "13 November is open until 24 November, 12:00 (Deputy A. I.)."


async def test_a_declined_request_says_the_deputys_sentence(pipeline):
    await pipeline.call(OpeningsState.open_part, "deputy")
    await asked(pipeline, only="on")
    (request,) = await newest(pipeline, "tab-deputy", "requests", len)
    assert request.about.endswith("only Anna Alex")
    chosen = await pipeline.call(OpeningsState.choose, "deputy", raw={"request": request.uid})
    assert chosen["openings_state"]["declining"] == request.uid
    again = await pipeline.call(OpeningsState.open_part, "deputy")  # a reconnect
    assert again["openings_state"].get("declining", request.uid) == request.uid
    form = {"request": request.uid, "answer": " "}
    wrong = (await pipeline.call(OpeningsState.decline, "deputy", raw=form))["openings_state"]["wrong"]
    assert wrong.field == "answer"
    done = await pipeline.call(OpeningsState.decline, "deputy", raw=form | {"answer": "Ask the parents"})
    assert (done["openings_state"]["declining"], done["openings_state"]["requests"]) == ("", [])
    lesson = (await open_panel(pipeline, "teacher", day=LOCKED))["asking"]
    assert lesson.declined == "Declined on 23 November, 12:00 by Deputy A. I.: Ask the parents"
    assert lesson.may is True


async def test_a_request_that_was_taken_back_leaves_the_deputys_home(pipeline):
    await pipeline.call(OpeningsState.open_part, "deputy")
    waiting = (await asked(pipeline))["lesson_state"]["asking"].waiting
    await newest(pipeline, "tab-deputy", "requests", len)
    delta = await pipeline.call(LessonState.withdraw_request, "teacher", raw={"request": waiting})
    assert (delta["lesson_state"]["asking"].waiting, delta["lesson_state"]["asking"].may) == ("", True)
    await newest(pipeline, "tab-deputy", "requests", lambda found: found == [])
    attempts = refused(pipeline.school)
    late = await pipeline.call(OpeningsState.grant, "deputy", raw={"request": waiting})
    assert "taken back" in late["notice_state"]["notice"]
    assert refused(pipeline.school) == attempts, "somebody was faster: no attack"


@pytest.mark.parametrize("login", ["teacher", "historian", "director", "school_admin", "secretary", "inspector", "mother", "anna"])  # fmt: skip
async def test_s08_no_event_of_the_deputys_home_works_for_others(pipeline, login):
    school = pipeline.school
    request = (await asked(pipeline))["lesson_state"]["asking"].waiting
    home = await pipeline.call(OpeningsState.open_part, login)
    assert home.get("openings_state", {}).get("requests", []) == []
    before = journal(school)
    for handler, raw in (
        (OpeningsState.grant, {"request": request}),
        (OpeningsState.choose, {"request": request}),
        (OpeningsState.decline, {"request": request, "answer": "No"}),
        (OpeningsState.close, {"opening": request}),
    ):
        attempts = refused(school)
        delta = await pipeline.call(handler, login, raw=raw)
        assert delta["notice_state"]["notice"], handler
        assert refused(school) > attempts, handler
    assert journal(school) == before


@pytest.mark.parametrize("login", ["historian", "deputy", "director", "inspector", "mother"])
async def test_s08_nobody_asks_in_a_foreign_lesson(pipeline, login):
    school = pipeline.school
    await open_panel(pipeline, login, day=LOCKED)
    before, attempts = journal(school), refused(school)
    delta = await pipeline.call(LessonState.ask_opening, login, raw={"reason": "x"})
    assert delta["notice_state"]["notice"]
    assert refused(school) > attempts
    assert journal(school) == before


async def test_an_ended_session_of_a_deputy_gets_no_more_requests(pipeline):
    await pipeline.call(OpeningsState.open_part, "deputy")
    from sqlalchemy import text

    pipeline.school.database.write(
        lambda uow: uow.execute(
            text("UPDATE role_assignment SET valid_to = '2026-11-24' WHERE role = 'deputy' AND person_id = :person"),
            {"person": pipeline.school.people["deputy"].id},
        )
    )
    pipeline.school.database.clock.moment += timedelta(days=1)
    await asked(pipeline)
    for _attempt in range(200):
        if pipeline.hub.watched == 1:  # the teacher's own
            break
        await asyncio.sleep(0.01)
    assert pipeline.hub.watched == 1
    assert not [values for to, _state, values in pipeline.push.sent if to == "tab-deputy" and "requests" in values]
