"""Who reaches past his own rows through the pages' events: refused, told, counted, and nothing is there afterwards."""

from __future__ import annotations

import pytest

from ais_app.db.columns import new_uid
from ais_app.diary.progress.state import ProgressState
from ais_app.diary.state import DiaryState
from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from tests.builders import small_school
from tests.states.pages import FRIDAY, TODAY, journal, open_panel, refused, run, shown_cell, writes


@pytest.mark.parametrize(
    ("login", "course"),
    [
        ("teacher", "history"),  # S-01: the course of another
        ("historian", "algebra"),  # S-08: a class teacher reads it
        ("deputy", "algebra"),
        ("director", "algebra"),
        ("school_admin", "algebra"),
        ("inspector", "algebra"),  # S-10
        ("secretary", "algebra"),
        ("anna", "algebra"),  # S-07
        ("mother", "algebra"),
    ],
)
async def test_s01_s07_s08_s10_no_event_of_the_panel_writes_in_a_foreign_course(pipeline, login, course):
    school = pipeline.school
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0))
    await open_panel(pipeline, login, course)
    before = journal(school)
    for handler, raw in writes(school, course):
        attempts = refused(school)
        delta = await pipeline.call(handler, login, raw=raw)
        assert delta["notice_state"]["notice"], handler
        assert refused(school) > attempts, handler
        assert journal(school) == before, handler


async def test_s01_a_guessed_lesson_of_a_foreign_course_opens_nothing(pipeline):
    """The panel is asked for a work of another course, under the own course's name."""
    school = pipeline.school
    await open_panel(pipeline, "teacher")
    foreign = shown_cell(school, "anna", "algebra") | {"work": school.work("history", TODAY)}
    attempts = refused(school)
    delta = await pipeline.call(LessonState.show_cell, "teacher", raw=foreign)
    assert delta["notice_state"]["notice"]
    assert refused(school) > attempts
    assert delta["lesson_state"]["lesson"].title == ""
    assert (await pipeline.call(LessonState.save_lesson, "teacher", raw={"topic": "x", "homework": "", "minutes": ""}))[
        "notice_state"
    ]["notice"]


async def test_s03_another_school_s_kind_of_work_is_no_kind(pipeline):
    school, other = pipeline.school, small_school(pipeline.school.database, "other-")
    await open_panel(pipeline, "teacher")
    before = journal(school)
    foreign, lesson = other.types["CW"], school.lesson("algebra", TODAY)
    for handler, raw in (
        (LessonState.save_lesson, {"topic": "x", "homework": "", "minutes": "", "kind": foreign}),
        (LessonState.add_column, {"lesson": lesson, "type": foreign}),
    ):
        delta = await pipeline.call(handler, "teacher", raw=raw)
        assert delta["notice_state"]["notice"]
    assert journal(school) == before


@pytest.mark.parametrize("state", [DiaryState, ProgressState])
async def test_s05_a_foreign_child_and_one_that_does_not_exist_are_answered_alike(pipeline, state):
    school = pipeline.school
    school.enter(school.teacher(), "algebra", ("boris", TODAY, "2", 0))
    answers = []
    for child in (school.people["boris"].uid, school.people["teacher"].uid, new_uid()):
        await pipeline.call(state.open_page, "mother", "/diary")
        pipeline.push.sent.clear()
        delta = await pipeline.call(state.choose_child, "mother", raw={"child": child})
        assert delta["notice_state"]["notice"]
        made_up = delta["notice_state"]["said"]  # anew with every answer
        answers.append(repr(delta).replace(child, "…").replace(made_up, "…"))
        assert "Boris" not in answers[-1] + repr(pipeline.push.sent)
    assert len(set(answers)) == 1


async def test_s06_a_right_that_ended_ends_in_the_open_tab_at_the_next_event(pipeline):
    school = pipeline.school
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0))
    await pipeline.call(DiaryState.open_page, "mother", "/diary")
    run(school, "UPDATE guardianship SET valid_to = '2026-11-23' WHERE relation = 'mother'")
    before = journal(school)
    for handler, raw in (
        (DiaryState.choose_day, {"day": TODAY.isoformat()}),
        (DiaryState.turn, {"by": -1}),
        (DiaryState.acknowledge, None),
        (DiaryState.choose_child, {"child": school.people["anna"].uid}),
        (DiaryState.open_page, None),
        (ProgressState.open_page, None),
    ):
        delta = await pipeline.call(handler, "mother", "/diary", **({} if raw is None else {"raw": raw}))
        assert "Algebra" not in repr(delta), handler
    assert journal(school) == before


async def test_s09_a_substitute_writes_topics_and_remarks_of_his_days_only(pipeline):
    school = pipeline.school
    run(
        school,
        "INSERT INTO course_teacher (uid, course_id, person_id, valid_from, valid_to) "
        "SELECT 'substitute', id, :person, '2026-11-16', '2026-11-21' FROM course WHERE uid = :course",
        person=school.people["historian"].id,
        course=school.courses["algebra"],
    )
    for day, allowed in ((FRIDAY, True), (TODAY, False)):
        await open_panel(pipeline, "historian", "algebra", day)
        for handler, raw in writes(school)[:1] + writes(school)[2:3]:
            before = journal(school)
            await pipeline.call(handler, "historian", raw=raw)
            assert (journal(school) != before) is allowed, (day, handler)


async def test_s10_an_inspector_s_view_is_recorded_and_ends_at_his_school(pipeline):
    school, other = pipeline.school, small_school(pipeline.school.database, "other-")
    before = journal(school)["operation"]
    await pipeline.call(JournalState.open_page, "inspector", f"/journal/{school.courses['algebra']}")
    assert journal(school)["operation"] == before + 1
    delta = await pipeline.call(JournalState.open_page, "inspector", f"/journal/{other.courses['algebra']}")
    assert delta["journal_state"]["status"] == "missing"
    assert journal(school)["operation"] == before + 1


async def test_s20_who_left_is_out_at_the_next_event_and_gets_no_more_deliveries(pipeline, monkeypatch):
    """A blocked account and a role that ended; the cache of three seconds is all that is left of them."""
    from ais_app.access import sessions

    school, now = pipeline.school, [1000.0]
    monkeypatch.setattr(sessions, "monotonic", lambda: now[0])
    for login, change in (
        ("deputy", "UPDATE account SET blocked_at = '2026-11-23 08:00:00' WHERE login = :login"),
        (
            "director",
            "UPDATE role_assignment SET valid_to = '2026-11-23' WHERE account_id = (SELECT id FROM account WHERE login = :login)",
        ),
    ):
        await pipeline.call(JournalState.open_page, login, f"/journal/{school.courses['algebra']}")
        run(school, change, login=login)
        now[0] += 3.1
        delta = await pipeline.call(JournalState.open_list, login, "/journal")
        assert "Algebra" not in repr(delta)
        pipeline.push.sent.clear()
        version = journal(school)["cell"]
        await pipeline.call(
            JournalState.enter,
            "teacher",
            raw={
                "ops": [
                    [
                        new_uid(),
                        school.courses["algebra"],
                        [[school.people["anna"].uid, school.work("algebra", TODAY), "54"[version], version]],
                    ]
                ]
            },
        )
        await pipeline.call(JournalState.open_list, "teacher", "/journal")
        assert [to for to, _state, _values in pipeline.push.sent if to == f"tab-{login}"] == []
