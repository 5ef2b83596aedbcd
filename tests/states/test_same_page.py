"""Opening the same page again keeps what is there (D-50): after a reconnect, and when the server has forgotten the tab."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlalchemy import text

from ais_app.access.guard import NoticeState
from ais_app.control.state import IntegrityState
from ais_app.diary.progress.state import ProgressState
from ais_app.diary.state import DiaryState
from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.today.state import TodayState
from tests.running_jobs import jobs_to_their_end
from tests.states.pages import refused, run, shown_cell

TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)
HYDRATE = "reflex___state____state.hydrate_and_load"


class Tab:
    """A page in a browser: it remembers the variables it got, and its address as the page wrote it."""

    def __init__(self, pipeline, login: str, path: str, name: str = "") -> None:
        self.pipeline, self.login, self.path, self.name = pipeline, login, path, name or f"tab-{login}"
        self.seen: dict[str, dict] = {}

    async def call(self, handler, **payload) -> dict:
        delta = await self.pipeline.call(handler, self.login, self.path, self.name, **payload)
        for state, variables in delta.items():
            self.seen.setdefault(state, {}).update(variables)
            place = dict(variables.get("address") or {})
            at = place.pop("at", None)
            if at == self.path.partition("?")[0]:
                kept = [one for one in self._query() if one[0] not in place]
                query = "&".join(f"{name}={value}" for name, value in [*kept, *place.items()] if value)
                self.path = at + (f"?{query}" if query else "")
        return delta

    def _query(self) -> list[tuple[str, str]]:
        pairs = [one.partition("=") for one in self.path.partition("?")[2].split("&") if one]
        return [(name, value) for name, _sign, value in pairs]

    def shows(self, state: str, before: Tab) -> dict:
        """What a page shows: what it got, over what it had before when it is the same tab."""
        had = before.seen.get(state, {}) if self.name == before.name else {}
        return had | self.seen.get(state, {})

    def forgotten(self) -> Tab:
        """The same page over a state that knows nothing: the server was killed, or took the tab for a second one."""
        return Tab(self.pipeline, self.login, self.path, self.name + "'")


async def diary(pipeline, login="mother", path="/diary") -> Tab:
    tab = Tab(pipeline, login, path)
    await tab.call(DiaryState.open_page)
    return tab


def boris_too(pipeline) -> str:
    """Boris becomes a second child of the mother; returns his uid."""
    people = pipeline.school.people
    insert = (
        "INSERT INTO guardianship (uid, guardian_id, student_id, relation, valid_from) "
        "VALUES ('aunt', :who, :child, 'aunt', :day)"
    )
    run(pipeline.school, insert, who=people["mother"].id, child=people["boris"].id, day="2026-09-01")
    return people["boris"].uid


async def test_the_week_day_and_view_of_a_diary_stay(pipeline):
    tab = await diary(pipeline)
    this_week = tab.seen["diary_state"]["week"]
    await tab.call(DiaryState.turn, raw={"by": -1})
    await tab.call(DiaryState.choose_day, raw={"day": "2026-11-18"})
    await tab.call(DiaryState.choose_view, raw={"view": "day"})
    week = tab.seen["diary_state"]["week"]
    assert week != this_week
    assert tab.path == "/diary?week=2026-11-16&day=2026-11-18&view=day"
    for again in (tab, Tab(pipeline, "mother", "/diary"), tab.forgotten()):  # a reconnect, a click in the menu, a kill
        await again.call(DiaryState.open_page)
        shown = again.shows("diary_state", tab)
        assert (shown["week"], shown["view"]) == (week, "day")
        assert [day.iso for day in shown["days"] if day.chosen] == ["2026-11-18"]
    await tab.call(DiaryState.turn, raw={"by": 0})
    assert (tab.seen["diary_state"]["week"], tab.path) == (this_week, "/diary?view=day")


async def test_an_address_of_another_week_opens_that(pipeline):
    tab = await diary(pipeline)
    await tab.call(DiaryState.turn, raw={"by": -1})
    other = Tab(pipeline, "mother", "/diary?week=2026-11-12")  # a Thursday: its week
    await other.call(DiaryState.open_page)
    assert other.path == "/diary?week=2026-11-09"
    assert other.seen["diary_state"]["week"].startswith("9")


@pytest.mark.parametrize("query", ["week=2031-01-06", "week=never", "view=all", "child=1", "day=2026-13-01", "what=x"])
async def test_an_address_that_says_nothing_good_says_nothing(pipeline, query):
    tab = await diary(pipeline, path=f"/diary?{query}")
    assert tab.seen["diary_state"]["status"] == "ready"
    assert tab.seen["diary_state"]["view"] == "week" if "view" in tab.seen["diary_state"] else True
    assert tab.seen["diary_state"]["week"] == (await diary(pipeline, "anna")).seen["diary_state"]["week"]


async def test_the_present_week_goes_with_the_calendar(pipeline, clock):
    tab = await diary(pipeline)
    before = tab.seen["diary_state"]["week"]
    run(
        pipeline.school, "UPDATE login_session SET idle_seconds = 2592000, absolute_seconds = 2592000"
    )  # her own device
    clock.moment = clock.moment.replace(month=12, day=1)
    await tab.call(DiaryState.open_page)
    assert tab.seen["diary_state"]["week"] != before
    assert tab.path == "/diary"


async def test_the_chosen_child_stays(pipeline):
    boris, anna = boris_too(pipeline), pipeline.school.people["anna"].uid
    tab = await diary(pipeline)
    await tab.call(DiaryState.choose_child, raw={"child": boris})
    other = Tab(pipeline, "mother", "/diary", "another-tab")  # where the sister is open
    await other.call(DiaryState.open_page)
    await other.call(DiaryState.choose_child, raw={"child": anna})
    for again in (tab, tab.forgotten()):
        await again.call(DiaryState.open_page)
        children = again.shows("diary_state", tab)["children"]
        assert [child.uid for child in children if child.current] == [boris]


@pytest.mark.parametrize("child", ["vera", "nobody"])
async def test_a_foreign_child_in_the_address_is_counted_and_not_shown(pipeline, child):
    people, before = pipeline.school.people, refused(pipeline.school)
    uid = people["vera"].uid if child == "vera" else "a" * 16
    tab = await diary(pipeline, path=f"/diary?child={uid}")
    assert [one.uid for one in tab.seen["diary_state"]["children"]] == [people["anna"].uid]
    assert tab.seen["diary_state"]["status"] == "ready"
    assert refused(pipeline.school) == before + 1


async def test_a_student_of_the_own_class_stays_open(pipeline):
    anna = pipeline.school.people["anna"].uid
    tab = await diary(pipeline, "historian")
    await tab.call(DiaryState.choose_child, raw={"child": anna})
    assert tab.path == f"/diary?child={anna}"
    for again in (tab, tab.forgotten()):
        await again.call(DiaryState.open_page)
        assert again.shows("diary_state", tab)["pupil"] == "Anna Alex"
        assert again.shows("diary_state", tab)["status"] == "ready"
    await tab.call(DiaryState.to_the_class)
    assert tab.path == "/diary"
    await tab.call(DiaryState.open_page)
    assert tab.seen["diary_state"]["status"] == "class"


async def journal(pipeline, query: str = "", course: str = "algebra") -> Tab:
    tab = Tab(pipeline, "teacher", f"/journal/{pipeline.school.courses[course]}{query}")
    await opened(tab)
    return tab


async def opened(tab: Tab) -> None:
    await tab.call(LessonState.open_page)
    await tab.call(JournalState.open_page)


def current(tab: Tab) -> str:
    return next(one.uid for one in tab.seen["journal_state"]["periods"] if one.current)


async def test_the_period_and_view_of_a_journal_stay(pipeline):
    first = pipeline.school.periods[0]
    tab = await journal(pipeline)
    assert current(tab) != first
    await tab.call(JournalState.choose_period, raw={"period": first})
    await tab.call(JournalState.choose_view, raw={"view": "topics"})
    assert tab.path.endswith(f"?period={first}&view=topics")
    forgotten = tab.forgotten()
    for again in (tab, Tab(pipeline, "teacher", tab.path.partition("?")[0]), forgotten):
        await opened(again)
        assert current(again) == first
        assert again.shows("journal_state", tab)["view"] == "topics"
        assert again.shows("journal_state", tab)["topics"]
    assert "loading" not in str(tab.seen["journal_state"]["status"])


async def test_another_course_begins_at_its_present_period(pipeline):
    first = pipeline.school.periods[0]
    tab = Tab(pipeline, "historian", f"/journal/{pipeline.school.courses['history']}")
    await opened(tab)
    await tab.call(JournalState.choose_period, raw={"period": first})
    await tab.call(JournalState.choose_view, raw={"view": "topics"})
    tab.path = f"/journal/{pipeline.school.courses['algebra']}"
    await opened(tab)
    assert current(tab) != first
    assert tab.seen["journal_state"]["view"] == "marks"
    assert "?" not in tab.path


async def test_a_link_to_a_lesson_opens_it_whatever_was_shown_and_is_said_once(pipeline):
    first, lesson = pipeline.school.periods[0], pipeline.school.lesson("algebra", TODAY)
    tab = await journal(pipeline)
    await tab.call(JournalState.choose_period, raw={"period": first})
    link = await journal(pipeline, f"?lesson={lesson}")
    assert current(link) != first
    sheets = [variables["sheet"] for _to, _state, variables in pipeline.push.sent if "sheet" in variables]
    assert sheets[-1]["at"] == pipeline.school.work("algebra", TODAY)
    assert "lesson=" not in link.path
    await link.call(JournalState.choose_period, raw={"period": first})
    await opened(link)
    assert current(link) == first


async def test_the_open_form_of_a_lesson_stays(pipeline):
    tab = await journal(pipeline)
    await tab.call(LessonState.show_cell, raw=shown_cell(pipeline.school, "anna", "algebra"))
    await tab.call(LessonState.edit, raw={"work": pipeline.school.work("algebra", TODAY)})
    work = pipeline.school.work("algebra", TODAY)
    assert f"edit={work}" in tab.path
    title = tab.seen["lesson_state"]["lesson"].title
    key = tab.seen["lesson_state"]["lesson_key"]
    forgotten = tab.forgotten()
    await opened(tab)
    assert tab.seen["lesson_state"]["editing"]
    assert tab.seen["lesson_state"]["lesson_key"] == key  # or the form would be a new one, without what is typed
    assert tab.seen["lesson_state"]["cell"].name
    await opened(forgotten)
    assert forgotten.seen["lesson_state"]["editing"]
    assert forgotten.seen["lesson_state"]["lesson"].title == title
    await tab.call(LessonState.stop_editing)
    assert "edit=" not in tab.path
    await opened(tab)
    assert not tab.seen["lesson_state"]["editing"]


async def test_a_link_to_a_lesson_closes_the_form_of_another(pipeline):
    tab = await journal(pipeline)
    await tab.call(LessonState.show_cell, raw=shown_cell(pipeline.school, "anna", "algebra"))
    await tab.call(LessonState.edit, raw={"work": pipeline.school.work("algebra", TODAY)})
    link = await journal(pipeline, f"?lesson={pipeline.school.lesson('algebra', FRIDAY)}")
    assert not link.shows("lesson_state", tab)["editing"]
    assert "edit=" not in link.path


async def test_a_form_in_the_address_is_no_way_to_a_foreign_lesson(pipeline):
    work = pipeline.school.work("history", FRIDAY)
    before = refused(pipeline.school)
    tab = await journal(pipeline, f"?edit={work}")
    assert not tab.seen["lesson_state"].get("editing")
    assert not tab.seen["lesson_state"].get("lesson", None) or not tab.seen["lesson_state"]["lesson"].title
    assert refused(pipeline.school) == before + 1
    assert current(tab)


async def test_what_was_chosen_in_progress_stays(pipeline):
    school = pipeline.school
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "4", 0))
    tab = Tab(pipeline, "mother", "/progress")
    await tab.call(ProgressState.open_page)
    await tab.call(ProgressState.choose_course, raw={"course": school.courses["algebra"]})
    await tab.call(ProgressState.add_mark, raw={"mark": "5"})
    await tab.call(ProgressState.add_mark, raw={"mark": "2"})
    added = [one.code for one in tab.seen["progress_state"]["what_if"].added]
    after = tab.seen["progress_state"]["what_if"].after
    for again in (tab, Tab(pipeline, "mother", "/progress"), tab.forgotten()):
        await again.call(ProgressState.open_page)
        shown = again.shows("progress_state", tab)
        assert [one.code for one in shown["what_if"].added] == added
        assert shown["what_if"].after == after
    await tab.call(ProgressState.choose_period, raw={"period": "year"})
    forgotten = tab.forgotten()
    await forgotten.call(ProgressState.open_page)
    assert forgotten.seen["progress_state"]["year_tab"]


async def test_the_open_form_for_a_reason_stays(pipeline):
    school = pipeline.school
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "н", 0))
    tab = Tab(pipeline, "historian", "/")
    await tab.call(TodayState.open_part)
    anna = school.people["anna"].uid
    await tab.call(TodayState.choose, raw={"student": anna, "day": TODAY.isoformat()})
    key = f"{anna}:{TODAY.isoformat()}"
    for again in (tab, tab.forgotten()):
        await again.call(TodayState.open_part)
        assert again.shows("today_state", tab)["excusing"] == key
    await tab.call(TodayState.choose, raw={"student": anna, "day": TODAY.isoformat()})
    assert tab.path == "/"


async def test_the_answer_of_the_check_stays(pipeline, tmp_path):
    tab = Tab(pipeline, "director", "/integrity")
    await tab.call(IntegrityState.open_page)
    await tab.call(IntegrityState.check)
    assert tab.seen["integrity_state"]["busy"]
    await asyncio.to_thread(jobs_to_their_end, pipeline.school.database, tmp_path)
    await tab.call(IntegrityState.open_page)
    assert tab.seen["integrity_state"]["verdict"] == "whole"
    assert not tab.seen["integrity_state"]["busy"]


async def test_what_was_said_stays_at_a_reconnect_and_goes_with_a_new_page(pipeline):
    await pipeline.call(JournalState.open_page, "teacher", "/journal/x")
    run(pipeline.school, "UPDATE lesson SET version = version + 1")
    said = await pipeline.call(ProgressState.open_page, "teacher")
    assert said["notice_state"]["notice"]
    await pipeline.call(DiaryState.choose_child, "mother", raw={"child": "a" * 16})
    state = NoticeState.get_full_name().rpartition(".")[2]
    assert (await pipeline.send(HYDRATE, {}, "mother", "/diary"))["notice_state"]["notice"], state
    assert not (await pipeline.send(HYDRATE, {"hashes": ["a"]}, "mother", "/diary"))["notice_state"]["notice"]


async def test_a_saved_form_tells_which_draft_it_was(pipeline):
    tab = await journal(pipeline)
    await tab.call(LessonState.show_cell, raw=shown_cell(pipeline.school, "anna", "algebra"))
    await tab.call(LessonState.edit, raw={"work": pipeline.school.work("algebra", TODAY)})
    form = {"topic": "T", "homework": "H", "minutes": "never", "draft": "a" * 16}
    wrong = await tab.call(LessonState.save_lesson, raw=form)
    assert "spent" not in wrong.get("notice_state", {})
    done = await tab.call(LessonState.save_lesson, raw=form | {"minutes": "5"})
    assert done["notice_state"]["spent"] == ["a" * 16]
    remark = await tab.call(LessonState.add_remark, raw={"remark": "R", "draft": "b" * 16})
    assert remark["notice_state"]["spent"] == ["a" * 16, "b" * 16]
    new = {"day": "2026-11-24", "number": "6", "draft": "d" * 16}
    assert (await tab.call(JournalState.add_lesson, raw=new))["notice_state"]["spent"][-1] == "d" * 16
    lesson = text("SELECT count(*) FROM lesson WHERE topic = 'T'")
    assert pipeline.school.database.read(lambda one: one.execute(lesson).scalar_one()) == 1
