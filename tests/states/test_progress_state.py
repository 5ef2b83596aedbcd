"""The page of progress through the real pipeline: choosing, what-if, live changes, and nobody else's child."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from ais_app.diary.progress import channel
from ais_app.diary.progress.state import ProgressState
from ais_app.diary.state import DiaryState
from ais_app.journal.grid.state import JournalState
from ais_app.live.hub import Watcher
from ais_app.rights.rules import Role
from tests.states.pages import edit, sent

TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)


async def opened(pipeline, login="mother"):
    return (await pipeline.call(ProgressState.open_page, login, "/progress"))["progress_state"]


def counted(pipeline) -> int:
    query = "SELECT coalesce(sum(count), 0) FROM security_event"
    return pipeline.school.database.read(lambda one: one.execute(text(query)).scalar_one())


@pytest.fixture
def marked(pipeline):
    school = pipeline.school
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "4", 0))
    school.enter(school.actor("historian", Role.TEACHER), "history", ("anna", FRIDAY, "5", 0))
    return pipeline


async def test_the_page_opens_at_the_present_period(marked):
    page = await opened(marked)
    assert page["status"] == "ready"
    assert [period.name for period in page["periods"] if period.current] == ["II"]
    assert [(subject.name, subject.mean) for subject in page["subjects"]] == [("Algebra", "4,00"), ("History", "5,00")]
    assert len(page["means"].figure["data"]) == 2


async def test_a_mark_reaches_the_open_page_with_its_charts(marked):
    page = await opened(marked)
    before = page["means"].figure
    await marked.call(JournalState.enter, "teacher", raw=edit(marked.school, "anna", "2", 0))
    subjects = await sent(marked, "tab-mother", "subjects")
    assert subjects[0].mean == "3,00"
    assert (await sent(marked, "tab-mother", "means")).figure != before
    assert (await sent(marked, "tab-mother", "distribution")).rows[0].cells == ["0", "1", "0", "1"]
    assert (await sent(marked, "tab-mother", "what_if")).after == "3,00"


async def test_a_live_change_keeps_what_is_chosen(marked):
    await opened(marked)
    algebra = marked.school.courses["algebra"]
    await marked.call(ProgressState.choose_course, "mother", raw={"course": algebra})
    await marked.call(ProgressState.add_mark, "mother", raw={"mark": "5"})
    await marked.call(JournalState.enter, "teacher", raw=edit(marked.school, "anna", "3", 0))
    what_if = await sent(marked, "tab-mother", "what_if")
    assert (what_if.before, what_if.after) == ("3,50", "4,00")


async def test_a_view_that_is_no_longer_shown_is_not_sent(marked):
    await opened(marked)
    shown = Watcher("tab-mother", _session(marked), "progress", f"student:{marked.school.people['anna'].uid}", {})
    await marked.call(ProgressState.choose_period, "mother", raw={"period": "year"})
    await channel.send(shown)
    assert [values for to, state, values in marked.push.sent if (to, state) == ("tab-mother", "ProgressState")] == []


def _session(pipeline) -> str:
    watchers = pipeline.hub._feeds[f"student:{pipeline.school.people['anna'].uid}"]
    return watchers["tab-mother"].session


async def test_what_if_adds_by_weight_and_removes(marked):
    school = marked.school
    await opened(marked)
    await marked.call(ProgressState.choose_course, "mother", raw={"course": school.courses["algebra"]})
    await marked.call(ProgressState.choose_kind, "mother", raw={"kind": school.types["CW"]})
    page = (await marked.call(ProgressState.add_mark, "mother", raw={"mark": "5"}))["progress_state"]
    assert (page["what_if"].after, page["what_if"].mark) == ("4,63", "5")  # (4·3 + 5·5) / 8
    page = (await marked.call(ProgressState.add_mark, "mother", raw={"mark": "2"}))["progress_state"]
    assert page["what_if"].after == "3,62"  # 47 / 13 = 3,615…
    page = (await marked.call(ProgressState.remove_mark, "mother", raw={"position": 1}))["progress_state"]
    assert page["what_if"].after == "4,63"
    page = (await marked.call(ProgressState.remove_all, "mother"))["progress_state"]
    assert (page["what_if"].after, page["what_if"].added) == ("4,00", [])


async def test_subjects_of_the_chart_are_chosen(marked):
    await opened(marked)
    history = marked.school.courses["history"]
    page = (await marked.call(ProgressState.draw, "mother", raw={"course": history}))["progress_state"]
    assert [row.name for row in page["means"].rows] == ["Algebra"]
    page = (await marked.call(ProgressState.draw, "mother", raw={"course": history}))["progress_state"]
    assert [row.name for row in page["means"].rows] == ["Algebra", "History"]


async def test_the_year_shows_its_periods(marked):
    await opened(marked)
    page = (await marked.call(ProgressState.choose_period, "mother", raw={"period": "year"}))["progress_state"]
    assert page["period_heads"] == ["I", "II"]
    assert page["year_tab"]


@pytest.mark.parametrize("login", ["boris", "nobody's"])
async def test_a_foreign_child_is_refused_and_counted(marked, login):
    await opened(marked)
    before = counted(marked)
    uid = marked.school.people[login].uid if login == "boris" else "a" * 16
    delta = await marked.call(ProgressState.choose_child, "mother", raw={"child": uid})
    assert delta["progress_state"]["status"] == "nobody"
    assert delta["progress_state"]["subjects"] == []
    assert delta["notice_state"]["notice"]
    assert counted(marked) == before + 1
    assert marked.hub.watched == 0


async def test_the_child_chosen_here_is_the_one_in_the_diary(marked):
    school = marked.school
    school.database.write(
        lambda uow: uow.execute(
            text(
                "INSERT INTO guardianship (uid, guardian_id, student_id, relation, valid_from) "
                "VALUES ('aunt', :who, :child, 'aunt', :day)"
            ),
            {"who": school.people["mother"].id, "child": school.people["boris"].id, "day": "2026-09-01"},
        )
    )
    boris = school.people["boris"].uid
    await opened(marked)
    await marked.call(ProgressState.choose_child, "mother", raw={"child": boris})
    diary = (await marked.call(DiaryState.open_page, "mother", "/diary"))["diary_state"]
    assert [child.uid for child in diary["children"] if child.current] == [boris]
    await marked.call(DiaryState.choose_child, "mother", raw={"child": school.people["anna"].uid})
    page = await opened(marked)
    assert [child.uid for child in page["children"] if child.current] == [school.people["anna"].uid]


async def test_a_student_sees_himself_and_staff_are_refused(marked):
    assert (await opened(marked, "anna"))["subjects"][0].mean == "4,00"
    assert set(await marked.call(ProgressState.open_page, "teacher", "/progress")) == {"notice_state"}


async def test_a_guardian_whose_right_ended_gets_no_more_charts(marked):
    await opened(marked)
    marked.school.database.write(
        lambda uow: uow.execute(text("UPDATE guardianship SET valid_to = '2026-11-23' WHERE relation = 'mother'"))
    )
    await marked.call(JournalState.enter, "teacher", raw=edit(marked.school, "anna", "5", 0))
    assert await sent(marked, "tab-mother", "status") == "nobody"
    assert await sent(marked, "tab-mother", "subjects") == []
    assert (await sent(marked, "tab-mother", "means")).rows == []
    assert marked.hub.watched == 0


@pytest.mark.parametrize(
    ("handler", "raw"),
    [
        (ProgressState.add_mark, {"mark": "6"}),
        (ProgressState.add_mark, {"mark": 5}),
        (ProgressState.remove_mark, {"position": -1}),
        (ProgressState.choose_period, {"period": "I"}),
        (ProgressState.draw, {"course": "1"}),
        (ProgressState.choose_course, {"course": None}),
        (ProgressState.choose_child, {}),
    ],
)
async def test_nonsense_is_answered_and_changes_nothing(marked, handler, raw):
    await opened(marked)
    delta = await marked.call(handler, "mother", raw=raw)
    assert delta["notice_state"]["notice"]
    assert "subjects" not in delta.get("progress_state", {})


async def test_a_crash_is_said_on_the_page_too(marked, monkeypatch):
    from ais_app.diary.progress import queries

    def crash(*_arguments):
        raise RuntimeError("Anna's secret")

    monkeypatch.setattr(queries, "student_year", crash)
    with pytest.raises(RuntimeError):
        await opened(marked)
    assert await sent(marked, "tab-mother", "status") == "error"


async def test_at_most_twenty_marks_are_supposed(marked):
    await opened(marked)
    for _press in range(22):
        await marked.call(ProgressState.add_mark, "mother", raw={"mark": "5"})
    page = (await marked.call(ProgressState.choose_kind, "mother", raw={"kind": marked.school.types["CW"]}))[
        "progress_state"
    ]
    assert len(page["what_if"].added) == 20
    assert page["what_if"].full


async def test_a_year_without_lessons_is_no_class_without_marks(pipeline):
    for table in ("homework", "work", "lesson"):
        pipeline.school.database.write(lambda uow, table=table: uow.execute(text(f"DELETE FROM {table}")))
    page = await opened(pipeline)
    assert (page["status"], page["begun"]) == ("ready", False)
