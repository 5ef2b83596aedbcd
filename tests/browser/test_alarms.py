"""An alarm stands on every page of the system's administrator, on nobody else's, and goes when it is over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ais_app.access import passwords
from ais_app.access import service as access
from ais_app.rights.rules import Role, operator
from tests import servers
from tests.browser.conftest import PHONE, School, founded
from tests.builders import PASSWORD, YEAR_FROM

JOB = "f" * 16
SOON = 30_000  # milliseconds: a look each ten seconds


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    data = tmp_path_factory.mktemp("alarms")
    url, school = founded(data)
    role = access.NewRole(Role.SYSTEM_ADMIN, None, None, YEAR_FROM)
    new = access.NewAccount("system", password_hash=passwords.hash_password(PASSWORD, cost=4))
    school.database.write(lambda uow: access.open_account(uow, operator(), new, [role]))
    with servers.running(data, url) as server:
        yield School(server, browser, school)
    school.database.close()


def change(served: School, statement: str) -> None:
    path = Path(served.server.database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(path, timeout=20) as connection:
        connection.execute(statement)


def fail_a_job(served: School) -> None:
    moment = "2026-11-23 09:00:00.000000"
    row = {"uid": JOB, "school": "", "kind": "verification", "key": "", "payload": "{}", "state": "failed"}
    row |= {"run_after": moment, "asked_at": moment, "ended_at": moment, "error_id": "e" * 16, "account": "server"}
    empty = dict.fromkeys(("owner", "step", "result", "file", "refused", "hat", "session", "network", "origin"), "")
    numbers = dict.fromkeys(("attempts", "done", "total", "written", "stop_asked", "put_away"), 0)
    values = {**empty, **numbers, **row}
    spelled = ", ".join(repr(value) for value in values.values())
    change(served, f"INSERT INTO job ({', '.join(values)}) VALUES ({spelled})")


def test_an_alarm_comes_and_goes_by_itself_and_nobody_else_has_it(served: School):
    wide = served.visit("system", at="/").page
    phone = served.visit("system", size=PHONE, at="/jobs").page
    director = served.visit("director", at="/").page
    for page in (wide, phone, director):
        page.get_by_test_id("person-menu").wait_for()
        expect(page.get_by_test_id("alarm")).to_have_count(0)
    fail_a_job(served)
    for page in (wide, phone):
        expect(page.get_by_test_id("alarm")).to_contain_text("Не выполнена 1 работа", timeout=SOON)
        expect(page.get_by_test_id("alarm")).to_contain_text("и ещё: 1")
    rows = wide.get_by_test_id("alarm-row")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Последняя проверка записи не выполнена")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    phone.get_by_test_id("alarm").get_by_role("link").click()
    expect(phone.get_by_test_id("alarm-row")).to_have_count(2)
    wide.reload()
    expect(wide.get_by_test_id("alarm-row")).to_have_count(2)
    director.reload()
    director.get_by_test_id("person-menu").wait_for()
    expect(director.get_by_test_id("alarm")).to_have_count(0)
    change(served, f"DELETE FROM job WHERE uid = '{JOB}'")
    for page in (wide, phone):
        expect(page.get_by_test_id("alarm")).to_have_count(0, timeout=SOON)
        expect(page.get_by_test_id("alarms")).to_have_count(0)
    log = served.server.log.read_text()
    assert log.count("alarm_begins") == log.count("alarm_ends") == 2


def test_figures_are_there_for_the_machine_itself(served: School):
    visit = served.visit("director", at="/")
    request = visit.page.context.request
    here = request.get(f"{served.server.url}/metrics")
    assert here.status == 200
    assert "ais_alarm" in here.text()
    away = {"X-Forwarded-For": "10.0.0.7"}
    hidden, unknown = (
        request.get(f"{served.server.url}{path}", headers=away) for path in ("/metrics", "/no-such-page")
    )
    assert hidden.status == unknown.status == 404
    assert hidden.text() == unknown.text()
