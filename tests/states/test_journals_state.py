"""The list of journals of a school through the event pipeline: who has it, conditions, address, the file."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from ais_app.journal.grid.state import JournalState
from ais_app.journal.overview.routes import OverviewRoutes
from ais_app.journal.overview.state import JournalsState
from tests.states.pages import refused

PATH = "/journal"


async def call(pipeline, handler: Any, login: str, raw: dict[str, Any] | None = None, path: str = PATH) -> Any:
    payload = {} if raw is None else {"raw": raw}
    return (await pipeline.call(handler, login, path, **payload)).get("journals_state", {})


async def test_the_list_and_its_link_say_the_same(pipeline):
    state = await call(pipeline, JournalsState.open_page, "deputy")
    assert state["status"] == "ready"
    assert {row.uid for row in state["rows"]} == set(pipeline.school.courses.values())
    state = await call(pipeline, JournalsState.choose, "deputy", {"name": "q", "value": "algebra"})
    assert [row.uid for row in state["rows"]] == [pipeline.school.courses["algebra"]]
    assert state["address"]["q"] == "algebra"
    assert state["export"] == "/journal/list?q=algebra"
    state = await call(pipeline, JournalsState.open_page, "director", path=f"{PATH}?q=algebra&sort=junk&part=junk")
    assert ([row.uid for row in state["rows"]], state["asked"]["part"]) == ([pipeline.school.courses["algebra"]], "")
    state = await call(pipeline, JournalsState.forget_conditions, "director")
    assert len(state["rows"]) == len(pipeline.school.courses)


async def test_no_more_than_a_page_is_in_the_state(pipeline):
    state = await call(pipeline, JournalsState.open_page, "deputy")
    assert len(state["rows"]) <= 50
    delta = await pipeline.call(JournalState.open_list, "deputy", PATH)
    assert not delta.get("journal_state", {}).get("courses"), "the list of a teacher is not read for a deputy"


@pytest.mark.parametrize("login", ["teacher", "historian", "inspector", "school_admin"])
async def test_others_who_read_journals_have_their_own_list(pipeline, login):
    state = await call(pipeline, JournalsState.open_page, login)
    assert not state.get("shown")
    assert not state.get("rows")
    attempts = refused(pipeline.school)
    for handler, raw in (
        (JournalsState.choose, {"name": "q", "value": "a"}),
        (JournalsState.forget_conditions, None),
    ):
        assert await call(pipeline, handler, login, raw) == {}
    assert refused(pipeline.school) > attempts


@pytest.mark.parametrize(
    "login", ["teacher", "historian", "inspector", "school_admin", "secretary", "mother", "anna", ""]
)
async def test_the_file_is_for_who_looks_after_the_school(pipeline, login):
    answers = {who: await fetched(pipeline, who) for who in (login, "deputy")}
    assert answers[login].status_code == 404
    assert answers["deputy"].status_code == 200
    assert answers["deputy"].headers["cache-control"] == "no-store"
    assert len(answers["deputy"].text.splitlines()) == 1 + len(pipeline.school.courses)


async def fetched(pipeline, login: str) -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=OverviewRoutes(pipeline.services).routes))
    cookie = {"cookie": pipeline.cookie(login)} if login else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://school") as client:
        return await client.get("/journal/list", headers=cookie)
