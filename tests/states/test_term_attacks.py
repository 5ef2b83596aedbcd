"""Closed periods, other days, left-out fields, broken texts, storms: what the pages' events cannot write, whoever sends them."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from ais_app.control.state import IntegrityState
from ais_app.db.columns import new_uid
from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.today.state import TodayState
from ais_app.journal.windows.service.periods import close_period
from ais_app.rights.rules import Role
from tests.states.pages import CLOSED, FRIDAY, TODAY, journal, open_panel, run, writes


async def test_s30_no_event_of_the_panel_writes_in_a_closed_period(pipeline):
    school = pipeline.school
    await open_panel(pipeline, "teacher", "algebra", FRIDAY)
    school.database.write(lambda uow: close_period(uow, school.actor("deputy", Role.DEPUTY), school.periods[1]))
    before = journal(school)
    for handler, raw in writes(school):
        delta = await pipeline.call(handler, "teacher", raw=raw)
        said = [
            delta.get("notice_state", {}).get("notice"),
            *(one["wrong"].text for one in delta.values() if "wrong" in one),
        ]
        assert any(said), handler
        assert journal(school) == before, handler


async def test_s30_a_paste_over_open_and_closed_columns_writes_nothing(pipeline):
    school = pipeline.school
    school.database.write(lambda uow: close_period(uow, school.actor("deputy", Role.DEPUTY), school.periods[0]))
    before = journal(school)
    anna, course = school.people["anna"].uid, school.courses["algebra"]
    cells = [[anna, school.work("algebra", day), "5", 0] for day in (FRIDAY, CLOSED, TODAY)]
    await pipeline.call(JournalState.enter, "teacher", raw={"ops": [[new_uid(), course, cells]]})
    answer = next(values["answer"] for _to, _state, values in pipeline.push.sent if "answer" in values)
    assert [cell[2] for cell in answer["patches"][0]["refused"]] == ["closed"]
    assert journal(school) == before


async def test_s30_a_document_for_absences_leaves_closed_periods_alone(pipeline):
    school = pipeline.school
    run(
        school,
        "INSERT INTO attendance (lesson_id, student_id, code, reason) "
        "SELECT id, :student, 'н', '' FROM lesson WHERE uid = :lesson",
        student=school.people["anna"].id,
        lesson=school.lesson("algebra", CLOSED),
    )
    school.database.write(lambda uow: close_period(uow, school.actor("deputy", Role.DEPUTY), school.periods[0]))
    document = {
        "student": school.people["anna"].uid,
        "first": "2026-09-01",
        "last": "2026-10-25",
        "reason": "б",
        "document": "",
    }
    before = journal(school)
    await pipeline.call(TodayState.excuse, "historian", "/", raw=document)
    assert journal(school) == before
    reasons = text("SELECT reason FROM attendance")
    assert school.database.read(lambda one: one.execute(reasons).scalars().all()) == [""]


async def test_s33_the_day_is_the_school_s_whatever_a_client_says(pipeline):
    """At 21:30 UTC it is tomorrow in Moscow: yesterday's «future» column opens, and no field of an event moves it."""
    school, tomorrow = pipeline.school, date(2026, 11, 24)
    anna, course = school.people["anna"].uid, school.courses["algebra"]

    async def enter(uid: str) -> dict[str, Any]:
        pipeline.push.sent.clear()
        cell = [anna, school.work("algebra", tomorrow), "5", 0]
        await pipeline.call(JournalState.enter, "teacher", raw={"ops": [[uid, course, [cell]]]})
        return next(values["answer"] for _to, _state, values in pipeline.push.sent if "answer" in values)["patches"][0]

    assert (await enter(new_uid()))["refused"][0][2] == "future"
    run(school, "UPDATE login_session SET idle_seconds = 86400, absolute_seconds = 86400")  # it lives past midnight
    school.database.clock.moment = datetime(2026, 11, 23, 20, 59, tzinfo=UTC)
    assert (await enter(new_uid()))["refused"][0][2] == "future"
    school.database.clock.moment = datetime(2026, 11, 23, 21, 1, tzinfo=UTC)
    assert (await enter(new_uid()))["own"] == [["5", 1]]


@pytest.mark.parametrize("day", ["2026-08-31", "2027-05-29", "2026-10-20", "2026-11-02", "2026-02-30"])
async def test_s33_lessons_outside_the_year_or_the_window_are_not_added(pipeline, day):
    """Before the year, after it, in a period long over, on no day at all."""
    school = pipeline.school
    await open_panel(pipeline, "teacher")
    before = journal(school)
    delta = await pipeline.call(JournalState.add_lesson, "teacher", raw={"day": day, "number": "7"})
    assert delta["journal_state"]["wrong"].field == "day"
    assert journal(school) == before


async def test_s34_what_an_event_leaves_out_stays(pipeline):
    """A student missing from an operation keeps his mark; nothing deletes lessons, works or remarks."""
    school = pipeline.school
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), ("boris", TODAY, "4", 0))
    before = journal(school)
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "3", 1))
    after = journal(school)
    assert (after["mark"], after["cell"]) == (before["mark"], before["cell"])
    await open_panel(pipeline, "teacher")
    delta = await pipeline.call(LessonState.add_remark, "teacher", raw={"remark": "Kept"})
    uid = delta["lesson_state"]["remarks"][0].uid
    await pipeline.call(LessonState.withdraw_remark, "teacher", raw={"remark": uid})
    assert journal(school)["remark"] == 1


async def test_s64_a_block_of_cells_is_one_event_one_operation_and_one_answer(pipeline):
    school = pipeline.school
    cells = [
        [school.people[student].uid, school.work("algebra", day), "5", 0]
        for student in ("anna", "boris", "vera")
        for day in (TODAY, FRIDAY, date(2026, 11, 19))
    ]
    before = journal(school)
    await pipeline.call(JournalState.enter, "teacher", raw={"ops": [[new_uid(), school.courses["algebra"], cells]]})
    after = journal(school)
    assert (after["mark"] - before["mark"], after["operation"] - before["operation"]) == (9, 1)
    answers = [values for _to, _state, values in pipeline.push.sent if "answer" in values]
    assert len(json.dumps(answers[0]["answer"]["patches"][0]["own"])) < 9 * 80
    assert len(answers) == 1


async def test_s50_walks_over_the_ledger_are_made_one_at_a_time(pipeline):
    """A storm of checks from many tabs asks for one job, and a process runs one job at a time."""
    await asyncio.gather(
        *[pipeline.call(IntegrityState.check, "director", "/integrity", tab=f"tab-{number}") for number in range(8)]
    )
    asked = text("SELECT count(*) FROM job WHERE kind = 'verification'")
    assert pipeline.school.database.read(lambda one: one.execute(asked).scalar_one()) == 1


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_s37_a_nul_in_a_text_is_refused_on_either_database(pipeline):
    """PostgreSQL cannot keep it, SQLite would: both say that the entry cannot be read, and write nothing."""
    school = pipeline.school
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0))
    await open_panel(pipeline, "teacher")
    before = journal(school)
    for handler, raw in writes(school):
        for field in raw:
            if handler is not JournalState.add_lesson:
                delta = await pipeline.call(handler, "teacher", raw=raw | {field: "a\0b"})
                assert delta["notice_state"]["notice"], (handler, field)
    assert journal(school) == before
