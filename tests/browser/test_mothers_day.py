"""The day of a mother with two children, at a desk and on a phone: what is due tomorrow, what is new, the printed week."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from ais_app.journal.lessons.service import lessons
from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own
from tests.browser.grid import saved
from tests.browser.test_appearance import serious
from tests.browser.test_diary import two_children

FRIDAY, TODAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)
LIVE = 3_000
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """A school in which the mother has a second child."""
    for school in school_of_its_own(tmp_path_factory, browser):
        two_children(school)
        describe(school, TODAY, "§ 17, № 298 (а–г), 301", 25)
        describe(school, FRIDAY, "Повторить формулы", 90)
        yield school


def describe(served: School, day: date, homework: str, minutes: int | None, due: date | None = None) -> None:
    school = served.school
    uid = school.lesson("algebra", day)

    def write(uow) -> None:
        version = uow.execute(text("SELECT version FROM lesson WHERE uid = :uid"), {"uid": uid}).scalar_one()
        words = lessons.LessonText(uid, version, "Степени", homework, minutes, False, due=due)
        lessons.describe_lesson(uow, school.teacher(), words)

    school.database.write(write)


def views(page: Page, size) -> str:
    """The test id of the switch between ways of looking: the phone has one of its own."""
    return "phone-view" if size == PHONE else "diary-view"


def fits(page: Page, size) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@SIZES
def test_what_is_due_tomorrow(served: School, size):
    page = served.visit("mother", size=size, at="/").page
    page.get_by_test_id(f"{views(page, size)}-tasks").click()
    tomorrow = page.get_by_test_id(f"due-{TUESDAY.isoformat()}")
    expect(tomorrow).to_contain_text("Завтра, вторник")
    expect(tomorrow).to_contain_text("§ 17, № 298 (а–г), 301")
    expect(tomorrow).to_contain_text("задано 23 ноября")
    expect(tomorrow).to_contain_text("к этому дню: 25 мин из 2 ч 30 мин")
    expect(tomorrow).to_contain_text("Ещё не записано: History")
    expect(page.get_by_test_id("week-summary")).to_be_hidden()
    assert serious(page) == []
    fits(page, size)
    page.get_by_test_id(f"{views(page, size)}-week").click()
    expect(page.get_by_test_id("week-summary")).to_be_visible()


@SIZES
def test_homework_stands_on_its_day_with_the_teacher_and_today_alone_is_red(served: School, size):
    page = served.visit("mother", size=size, at="/").page
    monday = page.get_by_test_id(f"day-{TODAY.isoformat()}")
    expect(monday).to_contain_text("Teacher A. I.")
    expect(monday).to_contain_text("Повторить формулы")
    expect(monday).to_contain_text("задано 20 ноября")
    expect(monday).to_contain_text("к 24 ноября")
    expect(monday.locator(".hw.due")).to_have_text(
        "Сделать: Повторить формулы 90 мин задано 20 ноября"
    )  # lines break there
    expect(page.get_by_test_id(f"load-{TODAY.isoformat()}")).to_contain_text("к этому дню: 1 ч 30 мин из 2 ч 30 мин")
    if size == DESKTOP:
        page.get_by_test_id("diary-view-day").click()
    page.get_by_test_id(f"tab-{TUESDAY.isoformat()}").click()
    expect(page.get_by_test_id(f"day-{TUESDAY.isoformat()}")).to_contain_text("§ 17, № 298 (а–г), 301")
    red = page.evaluate(
        """() => {
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.color = "var(--margin)";
          const margin = getComputedStyle(probe).color;
          probe.remove();
          return [...document.querySelectorAll(".dtabs button")]
            .filter((one) => getComputedStyle(one).borderTopColor === margin).map((one) => one.dataset.testid);
        }"""
    )
    assert red == [f"tab-{TODAY.isoformat()}"]
    chosen = page.get_by_test_id(f"tab-{TUESDAY.isoformat()}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    assert chosen.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(20, 89, 78)", "filled"
    assert serious(page) == []
    fits(page, size)


@SIZES
def test_homework_moves_on_the_open_diary_when_a_lesson_or_its_day_changes(served: School, size):
    visit = served.visit("mother", size=size, at="/")
    page = visit.page
    page.get_by_test_id(f"{views(page, size)}-tasks").click()
    describe(served, TODAY, "§ 17, № 298 (а–г), 301", 25)  # as it was, whatever another test has left
    expect(page.get_by_test_id(f"due-{TUESDAY.isoformat()}")).to_contain_text("§ 17")
    teacher = served.course(served.visit("teacher"))
    served.cell(teacher, "anna", TODAY).click()
    teacher.get_by_test_id("edit-lesson").click()
    expect(teacher.get_by_test_id("following")).to_have_text("Если пусто: к следующему уроку, 24 ноября")
    teacher.get_by_test_id("due").fill("2026-11-30")
    teacher.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("due-2026-11-30")).to_contain_text("§ 17", timeout=LIVE)
    expect(page.get_by_test_id(f"due-{TUESDAY.isoformat()}")).not_to_contain_text("§ 17")
    teacher.get_by_test_id("edit-lesson").click()
    teacher.get_by_test_id("due").fill("")
    teacher.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id(f"due-{TUESDAY.isoformat()}")).to_contain_text("§ 17", timeout=LIVE)


def test_the_day_that_is_typed_survives_a_reload(served: School):
    page = served.course(served.visit("teacher"))
    served.cell(page, "anna", TODAY).click()
    page.get_by_test_id("edit-lesson").click()
    page.get_by_test_id("due").fill("2026-12-01")
    page.reload()
    expect(page.get_by_test_id("due")).to_have_value("2026-12-01")
    page.locator("[data-forgets-draft]").first.click()


@SIZES
def test_what_is_new_since_the_last_visit_is_marked_in_the_strip(served: School, size):
    login, child = ("mother", "anna") if size == DESKTOP else ("anna", "anna")
    first = served.visit(login, size=size, at="/")
    expect(first.page.get_by_test_id("diary")).to_be_visible()
    strip = first.page.get_by_test_id(f"tab-{TUESDAY.isoformat()}")
    expect(strip.locator(".new")).to_have_count(0)
    teacher = served.course(served.visit("teacher"))
    served.cell(teacher, child, TODAY).click()
    before = served.cell(teacher, child, TODAY).get_attribute("data-value")
    teacher.keyboard.press("4" if before != "4" else "3")
    new = first.page.get_by_test_id(f"new-{TODAY.isoformat()}")
    expect(new).to_contain_text("новое: 1", timeout=LIVE)
    if size == DESKTOP:
        first.page.get_by_test_id("diary-view-day").click()
    expect(first.page.get_by_test_id(f"tab-{TODAY.isoformat()}").locator(".new")).to_have_text("1")
    assert "новое: 1" in (first.page.get_by_test_id(f"tab-{TODAY.isoformat()}").get_attribute("aria-label") or "")
    first.page.reload()
    expect(new).to_contain_text("новое: 1")


@SIZES
def test_the_printed_week_says_whose_it_is_on_every_sheet(served: School, size, tmp_path: Path):
    page = served.visit("mother", size=size, at="/").page
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_test_id(f"{views(page, size)}-tasks").click()
    expect(page.get_by_test_id("tasks")).to_be_visible()
    page.get_by_test_id("print-week").click()
    assert page.evaluate("window.printed") is True
    sheets = printed(page, tmp_path)
    assert len(sheets) == 1
    assert_named(sheets, "Anna Alex Ivanovich, 7А", "II")


@pytest.fixture
def long_week(served: School) -> Iterator[None]:
    """Homework that fills more than one sheet."""
    for day in (FRIDAY, TODAY):
        describe(served, day, "Упражнение, которое занимает много строк. " * 45, 60)
    yield
    describe(served, FRIDAY, "Повторить формулы", 90)
    describe(served, TODAY, "§ 17, № 298 (а–г), 301", 25)


def test_a_week_of_several_sheets_is_numbered_and_named_on_each(served: School, long_week, tmp_path: Path):
    page = served.visit("mother", at="/").page
    expect(page.get_by_test_id("diary")).to_be_visible()
    sheets = printed(page, tmp_path)
    assert len(sheets) >= 2
    assert_named(sheets, "Anna Alex Ivanovich, 7А", "II")


def test_a_printed_journal_says_whose_it_is_and_loses_no_column(served: School, tmp_path: Path):
    page = served.course(served.visit("teacher"))
    (sheet,) = printed(page, tmp_path)
    for said in ("7А, Algebra", "School", "2026/27 учебный год", "II", "Teacher A. I.", "1 из 1", "Балл"):
        assert said in sheet, (said, sheet)
    assert sheet.count("30") >= 2, "the last days of November and of December"


def printed(page: Page, folder: Path) -> list[str]:
    """The text of each sheet that the page prints."""
    file = folder / "week.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    return said.rstrip("\f").split("\f")


def assert_named(sheets: list[str], name: str, period: str) -> None:
    for number, sheet in enumerate(sheets, 1):
        for said in (name, "School", "2026/27 учебный год", period, "23–27 ноября 2026", f"{number} из {len(sheets)}"):
            assert said in sheet, (number, said, sheet)


@SIZES
def test_a_corrected_mark_is_new_and_stands_with_what_it_was_beside_what_is_to_be_done(served: School, size):
    login = "mother" if size == DESKTOP else "anna"
    page = served.visit(login, size=size, at="/").page
    monday = page.get_by_test_id(f"day-{TODAY.isoformat()}")
    expect(monday).to_be_visible()
    first, second = ("5", "3") if size == DESKTOP else ("2", "4")
    teacher = served.course(served.visit("teacher"))
    for value in (first, second):
        served.cell(teacher, "anna", TODAY).click()
        teacher.keyboard.press(value)
        saved(served.cell(teacher, "anna", TODAY), value)
    expect(page.get_by_test_id(f"new-{TODAY.isoformat()}")).to_contain_text("новое: 1", timeout=LIVE)
    expect(page.get_by_test_id("correction").last).to_contain_text(f"было {first}, стало {second}", timeout=LIVE)
    expect(monday).to_contain_text("Повторить формулы")
    expect(page.get_by_test_id(f"mark-{served.school.work('algebra', TODAY)}").first).to_contain_text(second)
    assert serious(page) == []
    fits(page, size)
