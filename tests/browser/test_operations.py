"""«Операции» in a browser, on a desk and on a phone: a condition, an opened row, the history of a row, the export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own

FRIDAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests enter marks: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


@pytest.fixture(scope="module")
def marked(served: School) -> School:
    school = served.school
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "5", 0))
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "4", 1), reason="Recounted")
    school.enter(school.teacher(), "algebra", ("boris", FRIDAY, "3", 0))
    return served


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_deputy_finds_what_was_changed_and_takes_it_along(marked: School, size):
    visit = marked.visit("deputy", size=size, at="/operations")
    page = visit.page
    page.get_by_test_id("by-kind").select_option("marks_entered")
    rows = page.locator("button.op")
    expect(rows).to_have_count(3)
    assert "kind=marks_entered" in page.url
    rows.nth(1).focus()
    page.keyboard.press("Enter")
    opened = page.get_by_test_id("opened-operation")
    expect(rows.nth(1)).to_have_attribute("aria-expanded", "true")
    expect(opened).to_contain_text("Recounted")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    opened.get_by_test_id("row-history").click()
    page.wait_for_url("**/operations?*entity=cell*")
    expect(rows).to_have_count(2)
    expect(page.get_by_test_id("standing")).to_contain_text("Anna")
    with page.expect_download() as download:
        page.get_by_test_id("export-operations").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3
    page.get_by_test_id("without-object").click()
    expect(page.get_by_test_id("standing")).to_have_count(0)
    page.reload()
    expect(rows.first).to_be_visible()
    assert visit.complaints == []


def test_from_the_lesson_and_the_student_to_their_histories(marked: School):
    visit = marked.visit("deputy")
    page = marked.course(visit)
    marked.cell(page, "anna", FRIDAY).click()
    page.get_by_test_id("lesson-history").wait_for()
    lesson = page.get_by_test_id("lesson-history").get_attribute("href")
    page.get_by_test_id("student-history").click()
    page.wait_for_url("**/operations?person=*")
    expect(page.get_by_test_id("standing")).to_contain_text("Anna")
    page.goto(marked.server.url + str(lesson))
    page.get_by_test_id("standing").wait_for()


def test_a_teacher_reads_his_own_entries(marked: School):
    page = marked.visit("teacher", size=PHONE, at="/operations").page
    expect(page.locator("button.op").first).to_be_visible()
    expect(page.get_by_test_id("by-author")).to_have_count(0)
    expect(page.get_by_test_id("by-school_class")).to_have_count(0)


def test_an_inspector_reads_no_names(marked: School):
    page = marked.visit("inspector", at="/operations").page
    expect(page.get_by_test_id("nameless")).to_be_visible()
    listed = page.get_by_test_id("operations")
    expect(listed).to_be_visible()
    assert "Anna" not in listed.inner_text()
    expect(page.get_by_test_id("by-author")).to_have_count(0)
