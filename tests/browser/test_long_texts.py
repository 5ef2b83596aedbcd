"""A link of 300 letters, names and words without a space: they wrap wherever somebody reads them, on paper too."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import text

from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own

TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)
END = "THEEND"
LINK = "https://example.org/" + "a" * (300 - 20 - len(END)) + END
SHEET: ViewportSize = {"width": 700, "height": 1000}
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
FIELDS = {
    "person": ("family_name", 120),
    "school": ("short_name", 64),
    "school_class": ("name", 32),
    "course": ("name", 120),
    "lesson": ("topic", 300),
    "control_type": ("name", 64),
    "grading_period": ("name", 64),
    "holiday": ("name", 64),
}
# What may be wider than the window: it scrolls by itself, and is meant to; or is for screen readers only.
SCROLLS = ".gridbox, .kids, .seg, .vh, .rail, .days, .js-plotly-plot, [data-testid=print-week]"
TOO_WIDE = """(scrolls) => {
  const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const cut = (one) => one && (getComputedStyle(one).textOverflow === "ellipsis" || cut(one.parentElement));
  while (texts.nextNode()) {
    const node = texts.currentNode, one = node.parentElement;
    if (!node.data.trim() || one.closest(scrolls) || !one.checkVisibility() || cut(one)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)) {
        const place = one.closest("[data-testid]")?.dataset.testid;
        found.push(`${one.tagName}.${one.className} in ${place}: ${Math.round(box.right)} ${node.data.slice(-60)}`);
        break;
      }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    for school in school_of_its_own(tmp_path_factory, browser):
        lengthen(school)
        yield school


def lengthen(served: School) -> None:
    """Every text of the school is as long as it may be and has no space."""
    school = served.school
    anna = school.people["anna"]
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), ("boris", FRIDAY, "н", 0))
    lesson = school.lesson("algebra", TODAY)

    def write(uow) -> None:
        for table, (column, longest) in FIELDS.items():
            uow.execute(text(f"UPDATE {table} SET {column} = :value"), {"value": (LINK * 2)[-longest:]})
        uow.execute(text("UPDATE mark SET comment = :value"), {"value": (LINK * 2)[-500:]})
        uow.execute(
            text(
                "INSERT INTO homework (lesson_id, text, nothing_set) "
                "SELECT id, :value, false FROM lesson WHERE day BETWEEN '2026-11-20' AND '2026-11-24'"
            ),
            {"value": LINK},
        )
        uow.execute(
            text(
                "INSERT INTO remark (uid, lesson_id, student_id, author_id, text, created_at) SELECT 'remarkremarkrema', id, "
                ":student, :author, :value, '2026-11-23 08:00:00' FROM lesson WHERE uid = :uid"
            ),
            {"student": anna.id, "author": school.people["teacher"].id, "value": LINK, "uid": lesson},
        )

    school.database.write(write)


def wraps(page: Page, size) -> None:
    """Nothing is wider than the window, and the long text is there to be read."""
    expect(page.locator("main")).to_contain_text(END)
    assert page.evaluate(TOO_WIDE, SCROLLS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@SIZES
@pytest.mark.parametrize("view", ["", "?view=day", "?view=tasks"])
def test_the_diary(served: School, size, view):
    page = served.visit("mother", size=size).page
    page.goto(f"{served.server.url}/diary{view}")
    page.get_by_test_id("tasks" if "tasks" in view else "week-summary").wait_for()
    wraps(page, size)


@SIZES
@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("teacher", "/"),
        ("historian", "/"),
        ("deputy", "/"),
        ("teacher", "/journal"),
        ("historian", "/diary"),
        ("mother", "/progress"),
    ],
)
def test_homes_and_lists(served: School, size, login, path):
    page = served.visit(login, size=size).page
    page.goto(served.server.url + path)
    wraps(page, size)


@SIZES
@pytest.mark.parametrize("view", ["marks", "topics"])
def test_the_journal_with_its_panel_and_the_remark(served: School, size, view):
    page = served.visit("teacher", size=size).page
    page.goto(
        f"{served.server.url}/journal/{served.school.courses['algebra']}{'?view=topics' if view == 'topics' else ''}"
    )
    if view == "topics":
        page.get_by_test_id(f"topic-{served.school.work('algebra', TODAY)}").click()
        expect(page.get_by_test_id("save-lesson")).to_be_visible()
    elif size == DESKTOP:
        served.cell(page, "anna", TODAY).click()
        expect(page.get_by_test_id("cell-student")).to_contain_text(END)
        expect(page.get_by_test_id("lesson-panel")).to_contain_text(LINK)
    else:
        page.get_by_test_id("phone-marks").wait_for()
    wraps(page, size)


def test_the_copy_for_times_without_a_connection(served: School):
    page = served.visit("mother", size=PHONE, personal=True, at="/").page
    page.get_by_test_id("diary").wait_for()
    page.goto(served.server.url + "/diary/copy")
    wraps(page, PHONE)


@pytest.mark.parametrize("login", ["mother", "teacher"])
def test_on_paper_the_end_of_the_link_is_on_the_sheet(served: School, login, tmp_path: Path):
    page = served.visit(login, at="/").page
    if login == "teacher":
        page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}?view=topics")
        page.get_by_test_id("topics").wait_for()
    else:
        page.get_by_test_id("diary").wait_for()
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    expect(page.get_by_test_id("print-head")).to_be_visible()
    assert page.evaluate(TOO_WIDE, SCROLLS) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    file = tmp_path / "printed.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    said = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
    joined = "".join(said.split())
    assert joined.count(LINK) >= 2, said
