"""Entries outside of memberships on the home page: who gets the list, and that nothing goes without its question."""

from __future__ import annotations

from ais_app.journal.courses.state import OutsideState
from tests.states.pages import journal, refused
from tests.unit.test_outside import ENTERED, LEFT, enter, line_of, move


async def entered(pipeline, login: str) -> dict:
    return (await pipeline.call(OutsideState.open_part, login, "/")).get("outside_state", {})


def dated_back(pipeline):
    enter(pipeline.school, ENTERED)
    move(pipeline.school, "boris", LEFT)
    return pipeline.school


async def test_the_deputy_is_asked_with_the_count_and_clears(pipeline):
    school = dated_back(pipeline)
    (item,) = (await entered(pipeline, "deputy"))["lines"]
    assert (item.name, item.place_name, item.count, item.stays) == ("Boris Alex", "7А", 9, "")
    assert item.about == "18–23 November: 5 marks, 3 comments, 3 absences, 1 remark"
    assert item.question == "Clear 9 entries? The history keeps them."
    chosen = {"student": item.student, "place": item.place}
    assert (await pipeline.call(OutsideState.ask, "deputy", raw=chosen))["outside_state"]["asking"] == item.key
    assert (await pipeline.call(OutsideState.ask, "deputy", raw=chosen))["outside_state"]["asking"] == ""
    delta = await pipeline.call(OutsideState.clear, "deputy", raw=chosen | {"count": 9})
    assert delta["outside_state"]["lines"] == []
    assert delta["notice_state"]["notice"] == "9 entries are cleared"
    assert line_of(school) == []


async def test_what_has_changed_meanwhile_is_said_and_nothing_cleared(pipeline):
    school = dated_back(pipeline)
    (item,) = (await entered(pipeline, "deputy"))["lines"]
    before = journal(school)
    chosen = {"student": item.student, "place": item.place, "count": 8}
    delta = await pipeline.call(OutsideState.clear, "deputy", raw=chosen)
    assert delta["notice_state"]["notice"] == "These entries have changed meanwhile. Look at them again."
    assert journal(school) == before


async def test_nobody_else_sees_or_clears_them(pipeline):
    school = dated_back(pipeline)
    (item,) = (await entered(pipeline, "school_admin"))["lines"]
    before = journal(school)
    chosen = {"student": item.student, "place": item.place, "count": 9}
    for login in ("teacher", "historian", "director", "secretary", "inspector", "stranger"):
        assert not (await entered(pipeline, login)).get("lines")
        count = refused(school)
        await pipeline.call(OutsideState.clear, login, raw=chosen)
        assert refused(school) == count + 1, login
    assert journal(school) == before
