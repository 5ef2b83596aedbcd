"""The list of refusals through the event pipeline: whose it is, conditions, order, pages."""

from __future__ import annotations

from typing import Any

import pytest

from ais_app.access import service
from ais_app.refusals.state import RefusalsState
from ais_app.rights.rules import Role, operator
from tests.builders import YEAR_FROM
from tests.states.pages import refused

PATH = "/refusals"


async def call(pipeline, handler: Any, login: str, raw: dict[str, Any] | None = None, path: str = PATH) -> Any:
    payload = {} if raw is None else {"raw": raw}
    return (await pipeline.call(handler, login, path, **payload)).get("refusals_state", {})


@pytest.fixture
def tried(pipeline):
    """Sixty networks tried to sign in, the last one nine times; somebody asked for a journal that is not his."""

    def write(uow) -> None:
        role = service.NewRole(Role.SYSTEM_ADMIN, None, None, YEAR_FROM)
        service.open_account(uow, operator(), service.NewAccount("system", password_hash="x"), [role])
        for number in range(60):
            service.record_refusal(uow, "sign_in", network=f"10.0.0.{number}", times=9 if number == 59 else 1)
        service.record_refusal(uow, "course", account="a" * 16, network="10.1.1.1", subject="algebra")

    pipeline.school.database.write(write)
    return pipeline


async def test_a_page_of_what_was_refused_in_the_order_that_is_asked_for(tried):
    state = await call(tried, RefusalsState.open_page, "system", path=f"{PATH}?sort=-count")
    assert (state["rows"][0].network, state["rows"][0].count) == ("10.0.0.59", 9)
    assert (len(state["rows"]), state["page"].total, state["page"].after) == (50, 61, "2")
    state = await call(tried, RefusalsState.choose, "system", {"name": "page", "value": "2"})
    assert len(state["rows"]) == 11


async def test_conditions_and_words_narrow_the_list(tried):
    state = await call(tried, RefusalsState.open_page, "system", path=f"{PATH}?kind=course")
    assert [row.subject for row in state["rows"]] == ["algebra"]
    state = await call(tried, RefusalsState.choose, "system", {"name": "q", "value": "10.0.0.59"})
    assert state["rows"] == []
    state = await call(tried, RefusalsState.choose, "system", {"name": "kind", "value": ""})
    assert [row.network for row in state["rows"]] == ["10.0.0.59"]


@pytest.mark.parametrize("login", ["teacher", "deputy", "school_admin", "mother"])
async def test_nobody_else_sees_it(tried, login):
    before = refused(tried.school)
    await tried.call(RefusalsState.open_page, login, PATH)
    assert refused(tried.school) == before + 1
