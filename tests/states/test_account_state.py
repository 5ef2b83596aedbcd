"""The page of the own account, through the real pipeline: everybody's own, and the zone of a role without a school."""

from __future__ import annotations

import pytest

from ais_app.access import queries, service
from ais_app.rights.rules import Role, operator
from ais_app.school.account.state import AccountState
from tests.builders import YEAR_FROM, read_as


@pytest.mark.parametrize("login", ["teacher", "deputy", "inspector", "anna", "mother"])
async def test_everybody_sees_the_own_sessions_and_no_others(pipeline, login):
    shown = (await pipeline.call(AccountState.open_page, login, "/account"))["account_state"]
    assert shown["login"] == login
    assert [one.this for one in shown["sessions"]] == [True]
    assert shown.get("zones", []) == [], "times of a school are the school's"


async def test_an_administrator_of_the_installation_chooses_a_zone(pipeline):
    role = service.NewRole(Role.SYSTEM_ADMIN, None, None, YEAR_FROM)
    new = service.NewAccount("root", password_hash="x")
    pipeline.school.database.write(lambda uow: service.open_account(uow, operator(), new, [role]))
    shown = (await pipeline.call(AccountState.open_page, "root", "/account"))["account_state"]
    assert shown["zone"] == "Europe/Moscow"
    assert "12:00" in shown["sessions"][0].since
    shown = (await pipeline.call(AccountState.choose_zone, "root", "/account", raw={"zone": "Asia/Omsk"}))[
        "account_state"
    ]
    assert (shown["zone"], "15:00" in shown["sessions"][0].since) == ("Asia/Omsk", True)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "x" * 65, None, 3])
async def test_a_zone_that_is_none_is_refused(pipeline, zone):
    delta = await pipeline.call(AccountState.choose_zone, "teacher", "/account", raw={"zone": zone})
    assert delta["notice_state"]["notice"]
    assert "account_state" not in delta


async def test_a_person_of_a_school_has_no_zone_to_choose(pipeline):
    await pipeline.call(AccountState.choose_zone, "teacher", "/account", raw={"zone": "Asia/Omsk"})
    database = pipeline.school.database
    account = database.read(queries.credentials, "teacher").account_id
    actor = pipeline.school.teacher()
    assert actor.account_id == account
    assert queries.ZONE not in read_as(database, queries.preferences, actor, database.clock.now())
