"""Two people in one journal: who is where, whose value stands, what is sent of a refused block."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import School, school_of_its_own
from tests.browser.grid import (
    FRIDAY,
    HISTORY,
    NEWS_OF_OTHERS,
    WEDNESDAY,
    FaultyConnection,
    cells,
    course_of,
    paste,
    saved,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change marks, people and settings: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def deaf_page(served: School) -> tuple[Page, FaultyConnection]:
    """A page of the course that, while its line is bad, hears nothing of what others write."""
    visit = served.visit("historian")
    line = FaultyConnection(visit.page, unheard=NEWS_OF_OTHERS)
    return served.course(visit, HISTORY), line


def test_a_step_is_not_taken_back_over_somebody_elses_value(served: School):
    (one, _), (two, _) = course_of(served), course_of(served)
    mine, theirs = (cells(served, page, WEDNESDAY, "anna")[0] for page in (one, two))
    mine.click()
    one.keyboard.press("5")
    saved(mine, "5")
    saved(theirs, "5")
    theirs.click()
    two.keyboard.press("3")
    saved(mine, "3")
    mine.click()
    one.keyboard.press("Control+z")
    expect(one.get_by_test_id("grid-status")).to_contain_text("изменили")
    saved(mine, "3")


def test_somebody_else_in_the_journal_is_seen_at_his_cell(served: School):
    (one, _), (two, _) = course_of(served), course_of(served)
    seen = cells(served, two, FRIDAY, "boris")[0]
    cells(served, one, FRIDAY, "boris")[0].click()
    expect(seen).to_have_attribute("data-guest", "Historian A. I.")


def test_both_marks_of_a_conflict_may_stand(served: School):
    (one, _) = course_of(served)
    two, line = deaf_page(served)
    line.on = True
    theirs, mine = cells(served, one, FRIDAY, "vera")[0], cells(served, two, FRIDAY, "vera")[0]
    theirs.click()
    one.keyboard.press("4")
    saved(theirs, "4")
    mine.click()
    two.keyboard.press("5")
    expect(mine).to_have_attribute("data-state", "conflict")
    two.get_by_test_id("conflicts").click()
    expect(two.get_by_test_id("take-both")).to_have_text("Обе: 4/5")
    two.get_by_test_id("take-both").click()
    saved(mine, "4/5")
    saved(theirs, "4/5")
    mine.click()
    two.keyboard.press("Delete")
    saved(theirs, "")


def test_the_rest_of_a_refused_block_is_sent_by_one_button(served: School):
    """A block in which one cell was changed by somebody else meanwhile (the page did not hear of it)."""
    (one, _) = course_of(served)
    two, line = deaf_page(served)
    line.on = True
    theirs = cells(served, one, FRIDAY, "anna")[0]
    theirs.click()
    one.keyboard.press("2")
    saved(theirs, "2")
    anna, boris, vera = cells(served, two, FRIDAY, "anna", "boris", "vera")
    anna.click()
    paste(two, "5\n5\n\n5")
    expect(anna).to_have_attribute("data-state", "conflict")
    expect(two.get_by_test_id("conflicts")).to_contain_text("1 конфликт")
    expect(two.get_by_test_id("send-rest")).to_contain_text("2")
    two.get_by_test_id("send-rest").click()
    saved(boris, "5")
    saved(vera, "5")
    line.on = False
    two.reload()  # a conflict is not forgotten by a reload
    anna = cells(served, two, FRIDAY, "anna")[0]
    expect(anna).to_have_attribute("data-state", "conflict")
    two.get_by_test_id("conflicts").click()
    two.get_by_test_id("take-mine").click()
    saved(anna, "5")
    saved(theirs, "5")
