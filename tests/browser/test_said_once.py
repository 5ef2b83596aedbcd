"""What is said once, and what stays: messages, the open form of a lesson, a remark on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, School, school_of_its_own
from tests.browser.test_nothing_to_show import execute

TODAY = date(2026, 11, 23)
BY_ITSELF = 9_000  # a message goes after six seconds


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change lessons past the product: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def test_a_message_that_something_was_done_goes_by_itself_and_stays_away(served: School):
    page = served.course(served.visit("teacher"))
    for _time in ("first", "second"):
        page.get_by_test_id("edit-lesson").click()
        page.get_by_test_id("save-lesson").click()
        expect(page.get_by_test_id("notice")).to_be_visible()
        expect(page.get_by_test_id("hide-notice")).to_have_count(0)
        expect(page.get_by_test_id("notice")).to_be_hidden(timeout=BY_ITSELF)
    page.goto(served.server.url)
    page.get_by_test_id("to-write-down").wait_for()
    expect(page.get_by_test_id("notice")).to_have_count(0)


def test_a_message_that_something_was_not_done_stays_until_it_is_hidden(served: School):
    page = served.course(served.visit("teacher"))
    page.get_by_test_id("edit-lesson").click()
    page.get_by_test_id("topic").fill("Mine")
    execute(served, "UPDATE lesson SET version = version + 1")
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("notice")).to_contain_text("тем временем")
    served.cell(page, "boris", TODAY).click()
    expect(page.get_by_test_id("cell-student")).to_contain_text("Boris")
    expect(page.get_by_test_id("topic")).to_have_value("Mine")  # nothing that was typed went away with the news
    page.wait_for_timeout(BY_ITSELF - 2_000)
    expect(page.get_by_test_id("notice")).to_be_visible()
    page.get_by_test_id("hide-notice").click()
    expect(page.get_by_test_id("notice")).to_be_hidden()
    execute(served, "UPDATE lesson SET version = version + 1")
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("notice")).to_contain_text("тем временем")  # it is said once more
    page.get_by_test_id("save-lesson").click()  # what is there now was seen: over it may be written
    expect(page.get_by_test_id("lesson-topic")).to_have_text("Mine")


def test_an_open_form_outlives_a_period_without_lessons(served: School):
    page = served.course(served.visit("teacher"))
    execute(served, "UPDATE lesson SET day = date(day, '+10 years') WHERE day < '2026-10-26'")
    try:
        page.get_by_test_id("edit-lesson").click()
        page.get_by_test_id("homework").fill("№ 7")
        first, second = (page.get_by_test_id(f"period-{uid}").first for uid in served.school.periods)
        first.click()
        expect(page.get_by_test_id("no-lessons")).to_be_visible()
        second.click()
        page.get_by_test_id("journal-grid").wait_for()
        expect(page.get_by_test_id("homework")).to_have_value("№ 7")
        page.get_by_test_id("save-lesson").click()
        expect(page.get_by_test_id("lesson-homework")).to_have_text("№ 7")
        first.click()
        expect(page.get_by_test_id("no-lessons")).to_be_visible()
        expect(page.get_by_test_id("lesson-panel")).to_have_count(0)
    finally:
        execute(served, "UPDATE lesson SET day = date(day, '-10 years') WHERE day > '2030-01-01'")


def test_a_remark_is_written_on_a_phone(served: School):
    page = served.visit("teacher", size=PHONE).page
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    page.get_by_test_id("phone-marks").wait_for()
    served.cell(page, "vera", TODAY).click()
    expect(page.get_by_test_id("cell-student")).to_contain_text("Vera")
    page.get_by_test_id("write-remark").click()
    page.get_by_test_id("remark").fill("Нет формы")
    page.get_by_test_id("save-remark").click()
    expect(page.get_by_test_id("remarks")).to_contain_text("Нет формы")
    expect(page.get_by_test_id("remark")).to_have_count(1)
    expect(page.get_by_test_id("remark")).to_be_hidden()  # the form is closed and empty again
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
