"""What a page says when it has nothing to show, and when it cannot: never a blank place, always a next step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own

# Which table is lost, and so which page cannot be shown to whom.
CANNOT = [
    ("teacher", "/journal", "course_teacher"),
    ("teacher", "/journal/{algebra}", "work"),
    ("mother", "/diary", "homework"),
    ("historian", "/diary", "acknowledgement"),
    ("mother", "/progress", "mark"),
    ("teacher", "/", "homework"),
    ("deputy", "/", "course_teacher"),
]
AFTER_THAT = {
    "/journal": "courses",
    "/journal/{algebra}": "journal-grid",
    "/diary": "diary-week",
    "/progress": "progress-title",
    "/": "to-write-down",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests damage the database: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


@contextmanager
def without(served: School, table: str) -> Iterator[None]:
    """The database as a damaged one: without one of its tables, which is back afterwards."""
    execute(served, f"ALTER TABLE {table} RENAME TO lost_{table}")
    try:
        yield
    finally:
        execute(served, f"ALTER TABLE lost_{table} RENAME TO {table}")


def execute(served: School, statement: str) -> None:
    file = served.server.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as connection:
        connection.execute(statement)


def visit(served: School, login: str, address: str, size=DESKTOP) -> Page:
    page = served.visit(login, size=size).page
    page.goto(served.server.url + address.format(**served.school.courses))
    return page


@pytest.mark.parametrize(("login", "address", "table"), CANNOT)
def test_a_page_that_cannot_be_shown_says_so_in_its_place_and_comes_after_another_try(
    served: School, login: str, address: str, table: str
):
    visit = served.visit(login, at="/")
    page = visit.page
    page.wait_for_load_state("networkidle")
    with without(served, table):
        page.goto(served.server.url + address.format(**served.school.courses))
        expect(page.get_by_test_id("failed")).to_contain_text("Повторите")
        expect(page.get_by_test_id("notice")).to_contain_text("Код ошибки")
    page.get_by_test_id("try-again").click()
    expect(page.get_by_test_id("keeping" if login == "deputy" else AFTER_THAT[address])).to_be_visible()
    expect(page.get_by_test_id("failed")).to_have_count(0)
    visit.complaints[:] = [one for one in visit.complaints if "503" not in one]  # the request that was refused


def test_a_secretary_sees_the_classes_and_what_can_be_done(served: School):
    page = visit(served, "secretary", "/")
    expect(page.get_by_test_id("class-sizes")).to_contain_text("7А")
    tasks = page.get_by_test_id("secretary-tasks")
    expect(tasks.locator("code")).to_contain_text(["ais import oneroster", "ais user code --class"])
    tasks.get_by_role("link", name="Открыть").click()
    expect(page.get_by_test_id("own-login")).to_have_text("secretary")
    expect(page.locator(".rail a:visible")).to_have_text(["Сегодня", "Помощь"])


def test_an_inspector_is_told_where_to_go_and_that_it_is_recorded(served: School):
    page = visit(served, "inspector", "/")
    expect(page.get_by_test_id("watched")).to_contain_text("записывается")
    page.get_by_test_id("inspection").locator("a[href='/journal']").click()
    expect(page.get_by_test_id("courses")).to_be_visible()
    expect(page.get_by_test_id("watched")).to_be_visible()


def test_nobody_else_reads_of_an_inspection(served: School):
    page = visit(served, "teacher", "/")
    expect(page.get_by_test_id("to-write-down")).to_be_visible()
    expect(page.get_by_test_id("watched")).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_week_of_holidays_names_them_and_leads_to_the_next(served: School, size):
    page = visit(served, "mother", "/diary", size)
    for _week in range(4):  # from the fourth week of November to the holidays
        before = page.get_by_test_id("diary-week").inner_text()
        page.get_by_test_id("week-before").click()
        expect(page.get_by_test_id("diary-week")).not_to_have_text(before)
    expect(page.get_by_test_id("empty")).to_contain_text("На эту неделю уроков нет")
    expect(page.get_by_test_id("empty")).to_contain_text("autumn до 1 ноября")
    expect(page.get_by_test_id("empty-week-after")).to_have_text("Показать 2–6 ноября")
    expect(page.get_by_test_id("diary")).to_have_count(0)
    page.get_by_test_id("empty-week-after").click()
    expect(page.get_by_test_id("diary")).to_be_visible()
    expect(page.get_by_test_id("diary-week")).to_contain_text("2–6 ноября")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_period_without_lessons_offers_what_the_person_may_do(served: School, size):
    execute(served, "UPDATE lesson SET day = date(day, '+10 years')")
    try:
        for login, words in (("teacher", "добавьте урок"), ("deputy", "Выберите другой период.")):
            page = visit(served, login, "/journal/{algebra}", size)
            expect(page.get_by_test_id("no-lessons")).to_contain_text(words)
            expect(page.get_by_test_id("lesson-panel")).to_have_count(0)  # there is no cell to choose
            expect(page.locator(".hints")).to_have_count(0)
    finally:
        execute(served, "UPDATE lesson SET day = date(day, '-10 years')")


def test_who_is_sent_to_sign_in_reads_why(served: School):
    page = served.visit("mother", at="/").page
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    expect(page.get_by_test_id("login-first")).to_have_count(0)
    page.goto(f"{served.server.url}/progress")
    expect(page.get_by_test_id("login-first")).to_contain_text("откроется нужная страница")
