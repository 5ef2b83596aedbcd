"""A teacher's hour by keyboard alone: roll call, topic, homework, 28 marks, a correction and an undo. No mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import School, school_of_its_own
from tests.browser.grid import all_saved, big


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change marks, people and settings: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def to(page: Page, test_id: str, key: str = "Tab", most: int = 60) -> None:
    """Walk with Tab until an element has the focus."""
    inside = f"document.activeElement?.closest('[data-testid={test_id}]') !== null"
    for _press in range(most):
        if page.evaluate(inside):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{test_id} cannot be reached by {key}")


def test_a_teachers_hour_by_keyboard_alone(served: School):
    big(served)
    visit = served.visit("teacher")
    page = visit.page
    page.goto(f"{served.server.url}/journal/{big(served)}")
    page.get_by_test_id("journal-grid").wait_for()
    to(page, "journal-grid")
    page.keyboard.press("Control+Home")
    for _column in range(40):
        page.keyboard.press("ArrowRight")
    at = page.locator('td[data-c="40"]')
    # roll call: the third and the fifth are missing, the sixth is ten minutes late
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("y")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("y")
    for key in ("j", "1", "0"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    all_saved(page)
    for row, value in ((2, "н"), (4, "н"), (5, "о10")):
        expect(at.nth(row)).to_have_attribute("data-value", value)
    # topic and homework in the panel
    expect(page.get_by_test_id("lesson-title")).to_be_visible()
    page.keyboard.press("F6")
    to(page, "edit-lesson")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("topic")).to_be_focused()
    page.keyboard.type("Сила трения")
    page.keyboard.press("Tab")
    page.keyboard.type("§ 32, № 5")
    to(page, "save-lesson")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("lesson-topic")).to_have_text("Сила трения")
    expect(page.get_by_test_id("lesson-homework")).to_have_text("§ 32, № 5")
    # 28 marks down the next lesson, one corrected, one taken back
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    page.keyboard.press("Control+Home")
    for _column in range(41):
        page.keyboard.press("ArrowRight")
    for number in range(28):
        page.keyboard.press("543"[number % 3])
    all_saved(page)
    marked = page.locator('td[data-c="41"]')
    for row, value in ((0, "5"), (1, "4"), (2, "3"), (27, "5")):
        expect(marked.nth(row)).to_have_attribute("data-value", value)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("4")
    all_saved(page)
    expect(marked.nth(27)).to_have_attribute("data-value", "4")
    page.keyboard.press("Control+z")
    all_saved(page)
    expect(marked.nth(27)).to_have_attribute("data-value", "5")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('[data-testid=journal-grid]') === null")
