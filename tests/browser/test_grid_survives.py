"""What must survive: a large course, typed into on a bad line, through a reload and the end of a session."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tests.browser.conftest import School, school_of_its_own
from tests.browser.grid import (
    EDITS,
    FaultyConnection,
    all_saved,
    big,
    entered_in,
    filled,
    forgive,
    marks_in,
    open_big,
    saved,
)
from tests.builders import PASSWORD


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change marks, people and settings: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def test_sixty_marks_typed_while_the_line_is_cut_arrive_once(served: School):
    page, visit = open_big(served)
    before, operations = marks_in(served, big(served)), entered_in(served)
    page.locator('td[data-r="0"][data-c="0"]').click()
    page.context.set_offline(True)
    for column in (0, 1):
        page.locator(f'td[data-r="0"][data-c="{column}"]').click()
        for _row in range(30):
            page.keyboard.press("5")
    expect(page.get_by_test_id("save-status")).to_contain_text("записей ждут", timeout=20_000)
    page.context.set_offline(False)
    all_saved(page)
    for column in (0, 1):
        expect(filled(page, column)).to_have_count(30)
    assert marks_in(served, big(served)) == before + 60
    assert entered_in(served) == operations + 60
    forgive(visit)


def test_a_reload_in_the_middle_loses_nothing(served: School):
    page, visit = open_big(served)
    before = marks_in(served, big(served))
    page.locator('td[data-r="0"][data-c="2"]').click()
    page.context.set_offline(True)
    for _row in range(20):
        page.keyboard.press("5")
    page.context.set_offline(False)
    page.reload()
    page.get_by_test_id("journal-grid").wait_for()
    all_saved(page)
    expect(filled(page, 2)).to_have_count(20)
    assert marks_in(served, big(served)) == before + 20
    forgive(visit)


def test_a_cell_shows_one_sign_at_a_time_while_it_is_saved(served: School):
    """«Saving» and «changed» are drawn by the same pseudo-element."""
    page, visit = open_big(served)
    cell = page.locator('td[data-r="30"][data-c="2"]')
    for key in ("5", "4"):
        cell.click()
        page.keyboard.press(key)
        saved(cell, key)
    expect(cell).to_have_class(re.compile(r"\bs-changed\b"))
    page.context.set_offline(True)
    cell.click()
    page.keyboard.press("3")
    expect(cell).to_have_class(re.compile(r"\bs-saving\b"))
    expect(cell).not_to_have_class(re.compile(r"\bs-changed\b"))
    page.context.set_offline(False)
    saved(cell, "3")
    forgive(visit)


def test_a_journal_that_has_not_come_yet_shows_its_outline_and_claims_nothing(served: School):
    page = served.visit("teacher").page
    page.route_web_socket("**/_event/**", lambda route: None)
    page.route("**/sheet*", lambda route: None)
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    bars = page.locator(".gridbox[aria-busy] .sk")
    expect(bars).to_have_count(12)
    expect(page.get_by_test_id("read-only")).to_have_count(0)
    assert bars.first.evaluate("one => one.clientWidth") > 600


def test_the_end_of_a_session_in_the_middle_loses_nothing(served: School):
    page, visit = open_big(served)
    before = marks_in(served, big(served))
    page.locator('td[data-r="0"][data-c="3"]').click()
    page.context.set_offline(True)
    for _row in range(5):
        page.keyboard.press("5")
    served.school.database.write(
        lambda uow: uow.execute(
            text("UPDATE login_session SET ended_at = '2026-11-23 06:00:00' WHERE ended_at IS NULL")
        )
    )
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.get_by_test_id("login-name").fill("teacher")  # the page goes there by itself, and back from there
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("journal-grid").wait_for()
    all_saved(page)
    expect(filled(page, 3)).to_have_count(5)
    assert marks_in(served, big(served)) == before + 5
    forgive(visit)


def test_signing_out_with_unsent_marks_asks_first(served: School):
    """The answer to an entry is lost, so it still waits when the teacher signs out; it is not lost by that."""
    visit = served.visit("teacher")
    page, line = visit.page, FaultyConnection(visit.page, unsent=EDITS)
    page.goto(f"{served.server.url}/journal/{big(served)}")
    page.get_by_test_id("journal-grid").wait_for()
    before = marks_in(served, big(served))
    line.on = True
    page.locator('td[data-r="0"][data-c="4"]').click()
    page.keyboard.press("5")
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("leave-dialog")).to_contain_text("1 запись")
    page.get_by_test_id("stay").click()
    expect(page.get_by_test_id("marks-waiting")).to_contain_text("1 запись ждёт", timeout=10_000)
    page.get_by_test_id("person-menu").click()  # the dialog closed the menu
    page.get_by_test_id("sign-out").click()
    page.get_by_test_id("leave-anyway").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    line.on = False
    assert marks_in(served, big(served)) == before
    page.get_by_test_id("login-name").fill("teacher")
    page.get_by_test_id("login-password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_test_id("login-submit").click()
    served.course(visit)  # another course: what waits goes from any
    expect(page.get_by_test_id("save-status")).to_contain_text("Сохранено")
    assert marks_in(served, big(served)) == before + 1


def test_three_hundred_marks_at_thirty_milliseconds_a_key_on_a_slow_machine(served: School):
    """33 × 80 on a CPU slowed four times: everything typed is in the grid, in the database and in the ledger once."""
    page, _visit = open_big(served)
    before, operations = marks_in(served, big(served)), entered_in(served)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    for column in range(10, 20):
        page.locator(f'td[data-r="0"][data-c="{column}"]').click()
        for _row in range(30):
            page.keyboard.press("5", delay=0)
            page.wait_for_timeout(30)
    all_saved(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    for column in range(10, 20):
        expect(filled(page, column)).to_have_count(30)
    assert marks_in(served, big(served)) == before + 300
    assert entered_in(served) == operations + 300
