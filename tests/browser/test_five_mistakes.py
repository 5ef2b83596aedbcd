"""A teacher who made five mistakes takes each back, at a desk and on a phone; the family's open diary follows at once.

`AIS_TEST_PICTURES` = a folder: what the pages look like on the way is kept there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ais_app.rights.rules import Role
from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own
from tests.browser.grid import FRIDAY, HISTORY, TODAY

SUNDAY = date(2026, 11, 22)
SIZES = {"desk": (DESKTOP, "vera"), "phone": (PHONE, "anna")}
Picture = Callable[[str], None]


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests add and take back lessons: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


@pytest.fixture(params=SIZES)
def size(request) -> str:
    return request.param


def opened(served: School, size: str, tmp_path: Path) -> tuple[Page, Picture]:
    """The historian's journal, and a way to keep pictures of it. She leads the class too."""
    page = served.visit("historian", size=SIZES[size][0]).page
    page.goto(f"{served.server.url}/journal/{served.school.courses[HISTORY]}")
    page.get_by_test_id("phone-marks" if size == "phone" else "journal-grid").wait_for()
    folder = Path(os.environ.get("AIS_TEST_PICTURES", tmp_path))

    def picture(name: str) -> None:
        page.screenshot(path=folder / f"{name}-{size}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]["width"]

    return page, picture


def go_to(served: School, page: Page, size: str, day: date, ordinal: int = 1) -> None:
    """Show the panel of the lesson of a day, at one of its columns."""
    work = served.school.work(HISTORY, day, ordinal)
    if size == "phone":
        page.get_by_test_id(f"day-{work}").click()
    else:
        name = f"cell-{served.school.people[SIZES[size][1]].uid}-{served.school.lesson(HISTORY, day)}"
        page.get_by_test_id(name if ordinal == 1 else f"{name}-{ordinal}").click()
    expect(page.get_by_test_id("lesson-title")).to_contain_text(f"{day.day} ноября")


def add_lesson(page: Page, size: str, day: date, number: int) -> str:
    """Fill the form and send it; returns the prefix of its fields."""
    prefix = "phone-" if size == "phone" else ""
    if prefix and not page.get_by_test_id("phone-add-lesson").is_visible():
        page.get_by_test_id("phone-choices").click()
    if not page.locator(f"#{prefix}day").is_visible():
        page.get_by_test_id(f"{prefix}add-lesson").click()
    page.locator(f"#{prefix}day").fill(day.isoformat())
    page.locator(f"#{prefix}number").fill(str(number))
    page.get_by_test_id(f"{prefix}add-lesson-submit").click()
    return prefix


def enter(served: School, *cells: tuple[str, date, str, int]) -> None:
    historian = served.school.actor("historian", Role.TEACHER)
    served.school.enter(historian, HISTORY, *cells)


def columns(page: Page) -> Any:
    """Of the table every one, of the phone's strip too."""
    return page.locator(".days button, thead .h2 th")


def test_a_lesson_added_by_mistake(served: School, size: str, tmp_path: Path):
    page, picture = opened(served, size, tmp_path)
    student, before = SIZES[size][1], columns(page).count()
    prefix = add_lesson(page, size, SUNDAY, 1)
    warned = page.get_by_test_id(f"{prefix}add-lesson-warned")
    expect(warned).to_contain_text("в воскресенье уроков нет")
    picture("1-warned-of-a-sunday")
    add_lesson(page, size, TODAY, 1)  # another day: the confirmation of the Sunday is none for this
    expect(warned).to_contain_text("У тех же учеников в этот день уже есть урок 1: 7А, Algebra")
    expect(columns(page)).to_have_count(before)
    add_lesson(page, size, SUNDAY, 1)
    expect(warned).to_contain_text("в воскресенье уроков нет")
    page.get_by_test_id(f"{prefix}add-lesson-submit").click()
    expect(columns(page)).to_have_count(before + 1)
    # A mark is entered in it, then the mistake is seen.
    enter(served, (student, SUNDAY, "5", 0))
    go_to(served, page, size, SUNDAY)
    page.get_by_test_id("take-lesson-back").click()
    asked = page.get_by_test_id("take-back-question")
    expect(asked).to_contain_text("1 отметка")
    picture("2-asked-about-the-lesson")
    page.get_by_test_id("take-back-yes").click()
    expect(asked).to_contain_text("Напишите причину")
    picture("3-without-a-reason")
    page.get_by_test_id("take-back-reason").fill("Урока в воскресенье не было")
    page.get_by_test_id("take-back-yes").click()
    expect(columns(page)).to_have_count(before)
    expect(page.get_by_test_id("notice")).to_contain_text("Урок 22 ноября убран")
    # It was right after all: it is put back with its mark, and taken away for good.
    page.get_by_test_id("taken-back").click()
    picture("4-taken-back")
    page.get_by_test_id("put-back-lesson").last.click()
    expect(columns(page)).to_have_count(before + 1)
    go_to(served, page, size, SUNDAY)
    expect(served.cell(page, student, SUNDAY, HISTORY)).to_have_attribute("data-value", "5")
    page.get_by_test_id("take-lesson-back").click()
    page.get_by_test_id("take-back-reason").fill("Урока в воскресенье не было")
    page.get_by_test_id("take-back-yes").click()
    expect(columns(page)).to_have_count(before)


def test_a_column_added_by_mistake(served: School, size: str, tmp_path: Path):
    page, picture = opened(served, size, tmp_path)
    before = columns(page).count()
    go_to(served, page, size, TODAY)
    page.get_by_test_id("columns").click()
    page.get_by_test_id("new-kind").select_option(served.school.types["CW"])
    page.get_by_test_id("add-column").click()
    expect(columns(page)).to_have_count(before + 1)
    second = served.school.work(HISTORY, TODAY, 2)
    expect(page.get_by_test_id(f"lesson-column-{second}")).to_contain_text("Control work")
    picture("5-columns")
    page.get_by_test_id("take-back-column").click()
    expect(columns(page)).to_have_count(before)
    expect(page.get_by_test_id("notice")).to_contain_text("Колонка урока 23 ноября убрана")
    page.get_by_test_id("taken-back").click()
    expect(page.get_by_test_id("put-back-column").last).to_be_visible()


def test_a_wrong_reason_of_absence(served: School, size: str, tmp_path: Path):
    student = SIZES[size][1]
    uid = served.school.people[student].uid
    served.school.enter(served.school.teacher(), "algebra", (student, FRIDAY, "н", 0))
    page, picture = opened(served, size, tmp_path)
    page.goto(served.server.url)
    page.get_by_test_id(f"excuse-{uid}").click()
    page.get_by_test_id("save-excuse").click()
    page.get_by_test_id("explained").click()
    change = page.get_by_test_id(f"reason-{uid}")
    change.click()
    page.locator("#after").select_option("у")
    page.locator("#why").fill("Справка другого ученика")
    change.scroll_into_view_if_needed()
    picture("6-another-reason")
    page.get_by_test_id("save-reason").click()
    expect(page.get_by_test_id("notice")).to_contain_text("Причина изменена")
    expect(page.get_by_test_id("missing")).to_contain_text("уважительная")
    change.click()
    page.get_by_test_id("save-reason").click()
    expect(page.get_by_test_id("after-wrong")).to_contain_text("уже записана")
    page.locator("#after").select_option("")
    page.get_by_test_id("save-reason").click()
    expect(page.get_by_test_id(f"excuse-{uid}")).to_be_visible()
    picture("7-reason-taken-back")


def test_a_remark_written_by_mistake(served: School, size: str, tmp_path: Path):
    page, picture = opened(served, size, tmp_path)
    family = served.visit("mother", size=PHONE).page
    family.goto(f"{served.server.url}/diary?day={FRIDAY.isoformat()}&week=2026-11-16")
    day = family.get_by_test_id(f"day-{FRIDAY.isoformat()}")
    go_to(served, page, size, FRIDAY)
    served.cell(page, "anna", FRIDAY, HISTORY).click()
    expect(page.get_by_test_id("cell-student")).to_contain_text("Anna")
    page.get_by_test_id("write-remark").click()
    page.get_by_test_id("remark").fill(f"Не тому ученику ({size})")
    page.get_by_test_id("save-remark").click()
    expect(day).to_contain_text(f"Не тому ученику ({size})")
    page.get_by_test_id("withdraw-remark").click()
    expect(day).not_to_contain_text(f"Не тому ученику ({size})")
    page.get_by_test_id("taken-back").click()
    picture("8-remark-taken-back")
    page.get_by_test_id("put-back-remark").last.click()
    expect(day).to_contain_text(f"Не тому ученику ({size})")
    page.get_by_test_id("withdraw-remark").click()
    expect(day).not_to_contain_text(f"Не тому ученику ({size})")


def test_a_kind_of_work_chosen_by_mistake(served: School, size: str, tmp_path: Path):
    page, picture = opened(served, size, tmp_path)
    go_to(served, page, size, FRIDAY)
    kind, types = page.get_by_test_id("kind"), served.school.types
    page.get_by_test_id("edit-lesson").click()
    kind.select_option(types["CW"])
    picture("9-kind-in-the-form")
    page.get_by_role("button", name="Отмена").click()
    page.get_by_test_id("edit-lesson").click()
    expect(kind).to_have_value(types["LW"])  # nothing was saved, and no draft of it is left
    kind.select_option(types["CW"])
    page.get_by_test_id("topic").fill("Опричнина")
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("lesson-topic")).to_have_text("Опричнина")
    page.get_by_test_id("edit-lesson").click()
    expect(kind).to_have_value(types["CW"])
    kind.select_option(types["LW"])
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("lesson-topic")).to_have_text("Опричнина")
    page.get_by_test_id("edit-lesson").click()
    expect(kind).to_have_value(types["LW"])


def test_the_familys_open_diary_follows(served: School, size: str, tmp_path: Path):
    page, _picture = opened(served, size, tmp_path)
    family = served.visit("mother", size=SIZES[size][0]).page
    family.goto(f"{served.server.url}/diary?day={TODAY.isoformat()}")
    day = family.get_by_test_id(f"day-{TODAY.isoformat()}")
    expect(day).to_contain_text("History")
    lessons = day.get_by_text("History")
    before = lessons.count()
    prefix = add_lesson(page, size, TODAY, 9)
    expect(lessons).to_have_count(before + 1)
    assert not page.get_by_test_id(f"{prefix}add-lesson-warned").is_visible()  # nothing speaks against it
    made = served.school.database.read(
        lambda one: one.exec_driver_sql(
            "SELECT work.uid, lesson.uid FROM work JOIN lesson ON lesson.id = lesson_id "
            "WHERE number = 9 AND lesson.taken_back_at IS NULL"
        ).one()
    )
    cell = f"cell-{served.school.people['vera'].uid}-{made[1]}"
    page.get_by_test_id(f"day-{made[0]}" if size == "phone" else cell).click()
    expect(page.get_by_test_id("take-lesson-back")).to_be_visible()
    page.get_by_test_id("take-lesson-back").click()
    expect(lessons).to_have_count(before)
