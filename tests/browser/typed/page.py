"""A journal as a teacher comes into it and types."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.conftest import School
from tests.browser.grid import (
    big,
)

SUNDAY, SATURDAY = date(2026, 11, 15), date(2026, 11, 21)


def column(page: Page, c: int):
    return page.locator(f'td[data-c="{c}"]')


def values(page: Page, c: int, rows: int) -> list[str]:
    return [column(page, c).nth(row).get_attribute("data-value") or "" for row in range(rows)]


def active(page: Page):
    return page.locator('td[aria-selected="true"]')


def add_lesson(page: Page, day: date, number: int) -> None:
    """By the form, as a teacher does; the page has the new column then."""
    columns = page.locator("thead .h2 th")
    before = columns.count()
    page.get_by_test_id("add-lesson").click()
    page.locator("#day").fill(day.isoformat())
    page.locator("#number").fill(str(number))
    page.get_by_test_id("add-lesson-submit").click()
    if day == SUNDAY:
        expect(page.get_by_test_id("add-lesson-warned")).to_be_visible()
        page.get_by_test_id("add-lesson-submit").click()
    expect(columns).to_have_count(before + 1)


def tab_of_another_period(page: Page):
    return page.locator(".jbar [data-testid^=period-]:not([aria-current])").first


def from_the_list(served: School, login: str = "teacher") -> Page:
    """A journal opened by its line of the list, the way a teacher comes in."""
    course = big(served)
    page = served.visit(login).page
    page.goto(f"{served.server.url}/journal")
    page.get_by_test_id(f"course-{course}").click()
    page.get_by_test_id("journal-grid").wait_for()
    return page
