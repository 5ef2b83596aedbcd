"""The home of each role: what is his, and nothing that is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tests.browser.conftest import PHONE, School, school_of_its_own

THURSDAY = date(2026, 11, 19)


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change marks, people and settings: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


@pytest.mark.parametrize(
    ("login", "sections"),
    [
        ("teacher", {"today", "to-write-down", "lessons-today"}),
        ("historian", {"today", "to-write-down", "lessons-today", "missing"}),
        ("deputy", {"keeping"}),
        ("director", {"keeping"}),
        ("school_admin", {"accounts"}),
        ("secretary", set()),
        ("inspector", set()),
    ],
)
def test_each_role_finds_what_is_its_own(served: School, login: str, sections: set[str]):
    page = served.visit(login, at="/").page
    expect(page.get_by_test_id("person-menu")).to_be_visible()
    for section in sections:
        expect(page.get_by_test_id(section)).to_be_visible()
    for other in {"today", "missing", "keeping", "accounts"} - sections:
        expect(page.get_by_test_id(other)).to_have_count(0)


@pytest.mark.parametrize("login", ["teacher", "historian", "deputy", "school_admin"])
def test_tables_of_a_home_fit_a_phone(served: School, login: str):
    page = served.visit(login, size=PHONE, at="/").page
    page.get_by_test_id("person-menu").wait_for()
    for table in (page.get_by_test_id("accounts"), page.get_by_test_id("keeping")):
        if table.count():
            assert table.evaluate(
                "one => one.getBoundingClientRect().right <= one.closest('.card').getBoundingClientRect().right"
            )


def test_the_names_of_the_deputys_table_stand_on_one_line(served: School):
    """On a phone each row is a card: initials are not torn from the family name, nor one figure from the other."""
    page = served.visit("deputy", size=PHONE, at="/").page
    names = page.get_by_test_id("keeping").locator("tbody td:first-child")
    expect(names.first).to_be_visible()
    torn = """cell => {
      const range = document.createRange(), texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      for (let text; (text = texts.nextNode());) {
        range.selectNodeContents(text);
        if (new Set([...range.getClientRects()].map(line => Math.round(line.top))).size > 1) return true;
      }
      return false;
    }"""
    cells = page.get_by_test_id("keeping").locator("tbody td")
    assert [cell.inner_text() for cell in cells.all() if cell.evaluate(torn)] == []


def test_a_teacher_goes_from_what_is_due_to_its_lesson(served: School):
    page = served.visit("teacher", size=PHONE, at="/").page
    due = page.get_by_test_id("to-write-down").get_by_role("link").first
    lesson = (due.get_attribute("href") or "").partition("lesson=")[2]
    work = text("SELECT work.uid FROM work JOIN lesson ON lesson.id = work.lesson_id WHERE lesson.uid = :lesson")
    uid = served.school.database.read(lambda one: one.execute(work, {"lesson": lesson}).scalar_one())
    due.click()
    expect(page.get_by_test_id("phone-marks")).to_be_visible()
    expect(page.get_by_test_id(f"day-{uid}")).to_have_attribute("aria-current", "date")


def test_the_class_teacher_gives_an_absence_its_reason(served: School):
    teacher = served.visit("teacher")
    journal = served.course(teacher)
    cell = served.cell(journal, "vera", THURSDAY)
    cell.click()
    journal.keyboard.press("y")
    expect(cell).to_have_attribute("data-value", "н")
    expect(cell).to_have_attribute("data-state", "rest")
    page = served.visit("historian", at="/").page
    vera = served.school.people["vera"].uid
    page.get_by_test_id(f"excuse-{vera}").first.click()
    page.locator("#document").fill("Справка № 12")
    page.get_by_test_id("save-excuse").click()
    expect(cell).to_have_attribute("data-value", "б")
    expect(page.get_by_test_id(f"excuse-{vera}")).to_have_count(0)
    cell.click()
    expect(journal.get_by_test_id("history")).to_contain_text("Справка № 12")


def test_the_deputy_sees_denominators_and_the_lessons(served: School):
    page = served.visit("deputy", at="/").page
    expect(page.get_by_test_id("keeping-sum")).to_contain_text("из")
    page.get_by_test_id("gaps").get_by_role("link").first.click()
    expect(page.get_by_test_id("journal-grid")).to_be_visible()


@pytest.mark.parametrize("login", ["school_admin", "director", "inspector"])
def test_the_ledger_is_checked_from_a_page(served: School, login: str):
    page = served.visit(login).page
    page.goto(f"{served.server.url}/integrity")
    expect(page.get_by_test_id("chains").locator("li")).to_have_count(1)
    page.get_by_test_id("check").click()
    expect(page.get_by_test_id("verdict")).to_contain_text("Запись цела", timeout=60_000)


def test_a_teacher_has_no_page_of_integrity(served: School):
    page = served.visit("teacher").page
    answer = page.goto(f"{served.server.url}/integrity")
    assert answer is not None
    assert answer.status == 404
