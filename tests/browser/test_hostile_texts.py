"""S-38 in a real browser: hostile text in every field that somebody fills stays text, under the served policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page
from sqlalchemy import text

from tests.browser.conftest import School, school_of_its_own

TODAY = date(2026, 11, 23)
EVIL = '<img src=x onerror="window.hurt=1"><svg onload=window.hurt=2>'
LONG = EVIL + '<script>window.hurt=3</script><a href="javascript:window.hurt=4">x</a>{{7*7}}${7*7}\u202e'
FIELDS = {
    "person": ("family_name", EVIL[:60]),
    "school": ("short_name", EVIL[:60]),
    "school_class": ("name", "<svg/onload=window.hurt=5>"),
    "course": ("name", EVIL),
    "lesson": ("topic", LONG),
    "control_type": ("name", "<img src=x onerror=window.hurt=6>"),
    "grading_period": ("name", "<img src=x onerror=window.hurt=7>"),
    "holiday": ("name", "<img src=x onerror=window.hurt=8>"),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    yield from school_of_its_own(tmp_path_factory, browser)


@pytest.fixture(scope="module")
def poisoned(served: School) -> School:
    """Every text of the school is an attempt; marks, comments, remarks and homework are there to show them."""
    school = served.school
    anna, lesson = school.people["anna"], school.lesson("algebra", TODAY)
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0))

    def poison(uow) -> None:
        for table, (column, value) in FIELDS.items():
            where = "WHERE id > 0" if table != "person" else "WHERE family_name NOT LIKE '<%'"
            uow.execute(text(f"UPDATE {table} SET {column} = :value {where}"), {"value": value})
        uow.execute(text("UPDATE mark SET comment = :value"), {"value": LONG[:300]})
        uow.execute(
            text(
                "INSERT INTO homework (lesson_id, text, nothing_set) SELECT id, :value, false FROM lesson WHERE uid = :uid"
            ),
            {"value": LONG, "uid": lesson},
        )
        uow.execute(
            text(
                "INSERT INTO remark (uid, lesson_id, student_id, author_id, text, created_at) "
                "SELECT 'remarkremarkrema', id, :student, :author, :value, '2026-11-23 08:00:00' FROM lesson WHERE uid = :uid"
            ),
            {"student": anna.id, "author": school.people["teacher"].id, "value": LONG, "uid": lesson},
        )

    school.database.write(poison)
    return served


def harmless(page: Page) -> None:
    """Nothing ran, nothing of the text became an element, and it is there to be read."""
    assert page.evaluate("() => window.hurt") is None
    assert page.locator("img[src=x], [onerror], [onload], a[href^='javascript:' i]").count() == 0
    assert page.locator("body script:not([src])").filter(has_text="hurt").count() == 0
    assert "onerror" in page.locator("body").inner_text()


@pytest.mark.parametrize(
    ("login", "path", "shown"),
    [
        ("teacher", "/", "text=onerror"),
        ("teacher", "/journal", "text=onerror"),
        ("historian", "/", "text=onerror"),
        ("deputy", "/", "text=onerror"),
        ("school_admin", "/", "text=onerror"),
        ("inspector", "/journal", "text=onerror"),
        ("mother", "/diary", "[data-testid=diary]"),
        ("mother", "/progress", "text=onerror"),
        ("anna", "/diary", "[data-testid=diary]"),
    ],
)
def test_s38_hostile_names_and_texts_stay_text_on_every_page(poisoned: School, login, path, shown):
    page = poisoned.visit(login).page
    page.goto(poisoned.server.url + path)
    page.locator(shown).first.wait_for()
    harmless(page)


def test_s38_hostile_texts_stay_text_in_the_journal_with_its_panel_and_topics(poisoned: School):
    visit = poisoned.visit("teacher")
    page = poisoned.course(visit)
    poisoned.cell(page, "anna", TODAY).click()
    page.get_by_test_id("cell-student").wait_for()
    harmless(page)


def test_s38_the_login_page_and_the_copy_escape_what_they_show(poisoned: School):
    visit = poisoned.visit("mother", personal=True, at="/")
    visit.page.get_by_test_id("diary").wait_for()
    visit.page.goto(poisoned.server.url + "/diary/copy")
    harmless(visit.page)
    visit.page.goto(poisoned.server.url + '/nonsense"><img src=x onerror=window.hurt=9>')
    assert visit.page.evaluate("() => window.hurt") is None
