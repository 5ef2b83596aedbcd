"""Who reaches past his own rows through the pages' events: refused, told, counted, and nothing is there afterwards."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from ais_app.access.rules import Role
from ais_app.control.state import IntegrityState
from ais_app.db.columns import new_uid
from ais_app.diary.progress.state import ProgressState
from ais_app.diary.state import DiaryState
from ais_app.journal.service.periods import close_period
from ais_app.journal.state import JournalState, LessonState, TodayState
from tests.builders import BORN, SmallSchool, small_school
from tests.states.test_journal_state import sent

TODAY, FRIDAY, CLOSED = date(2026, 11, 23), date(2026, 11, 20), date(2026, 10, 20)
BIRTH_DATES = re.compile(
    r"12 Mar 2013|12\.03\.2013|2013-03-12|date\(2013, 3, 12\)|30 Nov 2012|30\.11\.2012|2012-11-30|date\(2012, 11, 30\)"
)
JOURNAL = ("mark", "cell", "attendance", "lesson", "work", "homework", "remark", "acknowledgement", "operation")


def journal(school: SmallSchool) -> dict[str, int]:
    """How many rows each table of the journal has, the ledger included."""
    where = {"operation": "WHERE chain_id LIKE 'school:%'"}  # sign-ins stand in the chain of accounts
    return {
        table: school.database.read(
            lambda one, t=table: one.execute(text(f"SELECT count(*) FROM {t} {where.get(t, '')}")).scalar_one()
        )
        for table in JOURNAL
    }


def refused(school: SmallSchool) -> int:
    query = text("SELECT coalesce(sum(count), 0) FROM security_event")
    return school.database.read(lambda one: one.execute(query).scalar_one())


def run(school: SmallSchool, statement: str, **values: Any) -> None:
    school.database.write(lambda uow: uow.execute(text(statement), values))


def look(school: SmallSchool, student: str, course: str, day: date = TODAY) -> dict[str, Any]:
    work = school.work(course, day)
    return {"course": school.courses[course], "student": school.people[student].uid, "work": work, "panel": True}


async def open_panel(pipeline, login: str, course: str = "algebra", day: date = TODAY) -> dict[str, Any]:
    """Open a course and the panel of a lesson as `login`; returns what the panel shows."""
    school = pipeline.school
    await pipeline.call(JournalState.enter_course, login, f"/journal/{school.courses[course]}")
    return (await pipeline.call(LessonState.look, login, raw=look(school, "anna", course, day))).get("lesson_state", {})


def writes(school: SmallSchool) -> list[tuple[Any, dict[str, Any]]]:
    """Every event of the panel that writes."""
    other = next(iter(school.types.values()))
    return [
        (LessonState.save_lesson, {"topic": "Hacked", "homework": "Hacked", "minutes": "5"}),
        (LessonState.change_type, {"type": school.types["CW"]}),
        (LessonState.add_column, {"type": other}),
        (LessonState.call_roll, {"student": school.people["anna"].uid, "code": "н"}),
        (LessonState.put, {"value": "2"}),
        (LessonState.comment, {"comment": "Hacked"}),
        (LessonState.add_remark, {"remark": "Hacked"}),
        (JournalState.add_lesson, {"day": TODAY.isoformat(), "number": "7"}),
    ]


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
    for handler, raw in writes(school):
        attempts = refused(school)
        delta = await pipeline.call(handler, login, raw=raw)
        assert delta["notice_state"]["notice"], handler
        assert refused(school) > attempts, handler
        assert journal(school) == before, handler


async def test_s01_a_guessed_lesson_of_a_foreign_course_opens_nothing(pipeline):
    """The panel is asked for a work of another course, under the own course's name."""
    school = pipeline.school
    await open_panel(pipeline, "teacher")
    foreign = look(school, "anna", "algebra") | {"work": school.work("history", TODAY)}
    attempts = refused(school)
    delta = await pipeline.call(LessonState.look, "teacher", raw=foreign)
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
    for handler in (LessonState.change_type, LessonState.add_column):
        delta = await pipeline.call(handler, "teacher", raw={"type": other.types["CW"]})
        assert delta["notice_state"]["notice"]
    assert journal(school) == before


@pytest.mark.parametrize("state", [DiaryState, ProgressState])
async def test_s05_a_foreign_child_and_one_that_does_not_exist_are_answered_alike(pipeline, state):
    school = pipeline.school
    school.enter(school.teacher(), "algebra", ("boris", TODAY, "2", 0))
    answers = []
    for child in (school.people["boris"].uid, school.people["teacher"].uid, new_uid()):
        await pipeline.call(state.enter, "mother", "/diary")
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
    await pipeline.call(DiaryState.enter, "mother", "/diary")
    run(school, "UPDATE guardianship SET valid_to = '2026-11-23' WHERE relation = 'mother'")
    before = journal(school)
    for handler, raw in (
        (DiaryState.choose_day, {"day": TODAY.isoformat()}),
        (DiaryState.turn, {"by": -1}),
        (DiaryState.acknowledge, None),
        (DiaryState.choose_child, {"child": school.people["anna"].uid}),
        (DiaryState.enter, None),
        (ProgressState.enter, None),
    ):
        delta = await pipeline.call(handler, "mother", "/diary", **({} if raw is None else {"raw": raw}))
        assert "Algebra" not in repr(delta), handler
    assert journal(school) == before


async def test_s09_a_substitute_writes_topics_and_remarks_of_his_days_only(pipeline):
    school = pipeline.school
    run(
        school,
        "INSERT INTO course_teacher (course_id, person_id, valid_from, valid_to) "
        "SELECT id, :person, '2026-11-16', '2026-11-21' FROM course WHERE uid = :course",
        person=school.people["historian"].id,
        course=school.courses["algebra"],
    )
    for day, allowed in ((FRIDAY, True), (TODAY, False)):
        await open_panel(pipeline, "historian", "algebra", day)
        for handler, raw in writes(school)[:1] + writes(school)[6:7]:
            before = journal(school)
            await pipeline.call(handler, "historian", raw=raw)
            assert (journal(school) != before) is allowed, (day, handler)


async def test_s10_an_inspector_s_view_is_recorded_and_ends_at_his_school(pipeline):
    school, other = pipeline.school, small_school(pipeline.school.database, "other-")
    before = journal(school)["operation"]
    await pipeline.call(JournalState.enter_course, "inspector", f"/journal/{school.courses['algebra']}")
    assert journal(school)["operation"] == before + 1
    delta = await pipeline.call(JournalState.enter_course, "inspector", f"/journal/{other.courses['algebra']}")
    assert delta["journal_state"]["status"] == "missing"
    assert journal(school)["operation"] == before + 1


async def test_s12_what_is_withdrawn_or_of_others_is_nowhere_in_a_family_s_page(pipeline):
    """Remarks taken back, other students' marks, comments, remarks and means: in no frame, no copy, no figure."""
    school = pipeline.school
    for student in ("anna", "boris", "vera"):
        school.enter(school.teacher(), "algebra", (student, TODAY, "5" if student == "anna" else "2", 0))
        await open_panel(pipeline, "teacher")
        await pipeline.call(LessonState.look, "teacher", raw=look(school, student, "algebra"))
        await pipeline.call(LessonState.comment, "teacher", raw={"comment": f"Comment-{student}"})
        delta = await pipeline.call(LessonState.add_remark, "teacher", raw={"remark": f"Remark-{student}"})
    await pipeline.call(LessonState.look, "teacher", raw=look(school, "anna", "algebra"))
    delta = await pipeline.call(LessonState.add_remark, "teacher", raw={"remark": "Taken-back"})
    uid = next(one.uid for one in delta["lesson_state"]["remarks"] if one.text == "Taken-back")
    await pipeline.call(LessonState.withdraw_remark, "teacher", raw={"remark": uid})
    pipeline.push.sent.clear()
    said = ""
    for handler in (DiaryState.enter, ProgressState.enter):
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
        (DiaryState.enter, "/diary", None),
        (DiaryState.turn, "", {"by": 0}),
        (DiaryState.to_the_class, "", None),
        (DiaryState.choose_child, "", {"child": school.people["anna"].uid}),
        (DiaryState.to_the_class, "", None),
        (ProgressState.enter, "/diary", None),
        (TodayState.enter, "/", None),
        (JournalState.enter_list, "/journal", None),
        (JournalState.enter_course, f"/journal/{school.courses['algebra']}", None),
        (LessonState.look, "", look(school, "anna", "algebra")),
    ):
        said += repr(await pipeline.call(handler, login, path, **({} if raw is None else {"raw": raw})))
    said += repr(pipeline.push.sent)
    assert not BIRTH_DATES.search(said)


async def test_s12_the_class_teacher_gets_birth_dates_of_the_own_class_in_its_list_only(pipeline):
    school = pipeline.school
    delta = await pipeline.call(DiaryState.enter, "historian", "/diary")
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
    await pipeline.call(JournalState.enter_course, login, f"/journal/{school.courses['algebra']}")
    delta = await pipeline.call(LessonState.look, login, raw=look(school, "anna", "algebra"))
    assert not delta.get("lesson_state", {}).get("history")
    assert "Teacher" not in repr(delta)


async def test_s14_no_number_of_a_row_leaves_the_server(pipeline):
    """What pages get has uids only; a number in their place opens nothing."""
    school = pipeline.school
    pushed: list[Any] = []
    for handler, login, path in (
        (JournalState.enter_course, "teacher", f"/journal/{school.courses['algebra']}"),
        (JournalState.enter_list, "deputy", "/journal"),
        (DiaryState.enter, "mother", "/diary"),
        (TodayState.enter, "historian", "/"),
    ):
        pushed.append(await pipeline.call(handler, login, path))
    said = repr(pushed) + repr(pipeline.push.sent)
    assert not re.search(r"'?\b(student|work|lesson|course|person|account|school|group|class)_id\b", said)
    for child in (1, "1", str(school.people["anna"].id)):
        delta = await pipeline.call(DiaryState.choose_child, "mother", raw={"child": child})
        assert delta["notice_state"]["notice"]
    delta = await pipeline.call(JournalState.enter_course, "teacher", "/journal/1")
    assert delta["journal_state"]["status"] == "missing"


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
        await pipeline.call(JournalState.enter_course, login, f"/journal/{school.courses['algebra']}")
        run(school, change, login=login)
        now[0] += 3.1
        delta = await pipeline.call(JournalState.enter_list, login, "/journal")
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
        await pipeline.call(JournalState.enter_list, "teacher", "/journal")
        assert [to for to, _state, _values in pipeline.push.sent if to == f"tab-{login}"] == []


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


async def test_s50_walks_over_the_ledger_are_made_one_at_a_time(pipeline, monkeypatch):
    """A storm of checks from many tabs takes one reader's thread, not all of them."""
    import threading

    from ais_app.control import queries as control

    running, most, counting = [0], [0], threading.Lock()

    def check(*_arguments: Any) -> list[str]:
        with counting:
            running[0] += 1
            most[0] = max(most[0], running[0])
        threading.Event().wait(0.02)
        with counting:
            running[0] -= 1
        return []

    monkeypatch.setattr(control, "check", check)
    await asyncio.gather(
        *[pipeline.call(IntegrityState.check, "director", "/integrity", tab=f"tab-{number}") for number in range(8)]
    )
    assert most == [1]


async def test_s57_presence_reaches_those_who_may_read_the_course_and_nobody_else(pipeline):
    school = pipeline.school
    for login, course in (("teacher", "algebra"), ("deputy", "algebra"), ("historian", "history")):
        await pipeline.call(JournalState.enter_course, login, f"/journal/{school.courses[course]}")
    await pipeline.call(DiaryState.enter, "mother", "/diary")
    pipeline.push.sent.clear()
    await pipeline.call(LessonState.look, "teacher", raw=look(school, "anna", "algebra"))
    assert (await sent(pipeline, "tab-deputy", "presence"))["who"] == "Teacher A. I."
    assert {to for to, _state, values in pipeline.push.sent if "presence" in values} == {"tab-deputy"}


async def test_s57_a_reader_who_points_at_a_cell_is_no_news(pipeline):
    """Only who writes in a course is shown to be there; a cell that is not of it is shown to nobody."""
    school = pipeline.school
    for login in ("teacher", "deputy"):
        await pipeline.call(JournalState.enter_course, login, f"/journal/{school.courses['algebra']}")
    await pipeline.call(LessonState.look, "deputy", raw=look(school, "anna", "algebra"))
    await pipeline.call(LessonState.look, "teacher", raw=look(school, "anna", "algebra"))
    foreign = look(school, "anna", "algebra") | {"work": school.work("history", TODAY)}
    await pipeline.call(LessonState.look, "teacher", raw=foreign)
    await sent(pipeline, "tab-deputy", "presence")
    shown = [(to, values["presence"]["work"]) for to, _state, values in pipeline.push.sent if "presence" in values]
    assert shown == [("tab-deputy", school.work("algebra", TODAY))]


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
