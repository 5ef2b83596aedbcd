"""The second half of the grid: blocks, undo, whole columns, comments, settings, the phone, the panel as a drawer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, School, school_of_its_own
from tests.browser.grid import (
    FRIDAY,
    HISTORY,
    THURSDAY,
    TODAY,
    TUESDAY,
    WEDNESDAY,
    FaultyConnection,
    cells,
    course_of,
    saved,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change marks, people and settings: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def put_on_clipboard(page: Page, kind: str) -> str:
    """Copy or cut as the browser does, and read what came out."""
    return page.evaluate(
        """kind => { const data = new DataTransfer();
        document.activeElement.dispatchEvent(new ClipboardEvent(kind, {clipboardData: data, bubbles: true, cancelable: true}));
        return data.getData("text/plain") }""",
        kind,
    )


def test_a_block_is_filled_copied_cut_undone_and_redone(served: School):
    page, _visit = course_of(served)
    anna, boris, vera = cells(served, page, TUESDAY, "anna", "boris", "vera")
    anna.click()
    page.keyboard.press("4")
    saved(anna, "4")
    anna.click()
    for _row in range(3):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("td.s-range")).to_have_count(4)
    page.keyboard.press("Control+Enter")  # Gleb, third in the list, had left by then: his cell is left out
    expect(page.get_by_test_id("grid-status")).to_contain_text("1 клетка")
    for cell in (boris, vera):
        saved(cell, "4")
    assert put_on_clipboard(page, "copy") == "4\n4\n\n4"
    assert put_on_clipboard(page, "cut") == "4\n4\n\n4"
    for cell in (anna, boris, vera):
        saved(cell, "")
    page.keyboard.press("Control+z")
    for cell in (anna, boris, vera):
        saved(cell, "4")
    page.keyboard.press("Control+z")
    saved(vera, "")
    saved(anna, "4")
    page.keyboard.press("Control+y")
    saved(vera, "4")
    anna.click()
    page.keyboard.press("Delete")
    saved(anna, "")


def test_a_comment_by_f2_reaches_the_family(served: School):
    page, _visit = course_of(served)
    (anna,) = cells(served, page, TODAY, "anna")
    anna.click()
    page.keyboard.press("F2")
    expect(page.get_by_test_id("grid-status")).to_contain_text("сначала поставьте отметку")
    page.keyboard.press("5")
    saved(anna, "5")
    anna.click()
    page.keyboard.press("F2")
    page.get_by_test_id("comment-bar").get_by_role("textbox").fill("Сильный ответ")
    page.keyboard.press("Enter")
    saved(anna, "5")
    expect(anna).to_have_attribute("title", "Сильный ответ")
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    mother = served.visit("mother", size=PHONE, at="/").page
    expect(mother.get_by_test_id(f"day-{TODAY.isoformat()}")).to_contain_text("Сильный ответ")
    anna.click()
    page.keyboard.press("Delete")
    saved(anna, "")
    page.keyboard.press("Control+z")
    saved(anna, "5")
    expect(anna).to_have_attribute("title", "Сильный ответ")


def test_a_whole_column_is_called_absent_and_back(served: School):
    page, _visit = course_of(served)
    anna, boris, vera = cells(served, page, THURSDAY, "anna", "boris", "vera")
    boris.click()
    page.keyboard.press("5")
    saved(boris, "5")
    boris.click()
    page.keyboard.press("Shift+KeyY")
    saved(anna, "н")
    saved(vera, "н")
    saved(boris, "5")
    page.keyboard.press("Shift+KeyG")  # entries would go: it says whose, and asks
    expect(page.get_by_test_id("grid-present")).to_contain_text("Anna")
    page.get_by_test_id("present-no").click()
    expect(page.get_by_test_id("grid-present")).to_be_hidden()
    saved(anna, "н")
    page.keyboard.press("Shift+KeyG")
    page.keyboard.press("Enter")
    saved(anna, "")
    saved(vera, "")
    expect(page.get_by_test_id("grid-status")).to_contain_text("«н» убрано у 2 учеников")
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    page.keyboard.press("Control+z")
    saved(anna, "н")
    saved(vera, "н")
    expect(page.get_by_test_id("grid-status")).to_contain_text("Отменено: 2 клетки")


def test_keys_sheet_find_and_the_way_round(served: School):
    page, _visit = course_of(served)
    cells(served, page, TODAY, "anna")[0].click()
    page.keyboard.press("?")
    expect(page.get_by_test_id("keys-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("keys-sheet")).to_be_hidden()
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    page.keyboard.press("F3")
    page.get_by_test_id("find-bar").get_by_role("textbox").fill("vera")
    page.keyboard.press("Enter")
    expect(page.locator("td.act")).to_have_attribute("data-r", "3")
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    expect(page.get_by_test_id("cell-student")).to_contain_text("Vera")
    page.keyboard.press("F6")
    expect(page.get_by_test_id("lesson-panel").locator(":focus")).to_have_count(1)
    page.keyboard.press("Shift+F6")
    expect(page.get_by_test_id("active-cell")).to_be_focused()


def test_keys_on_the_way_into_the_panel_move_nothing_in_the_table(served: School):
    page = served.visit("historian").page
    line = FaultyConnection(page, late="panel____lesson_state")
    page.goto(f"{served.server.url}/journal/{served.school.courses[HISTORY]}")
    page.get_by_test_id("journal-grid").wait_for()
    cells(served, page, TUESDAY, "vera")[0].click()
    expect(page.get_by_test_id("cell-student")).to_contain_text("Vera")
    line.on = True
    cells(served, page, TODAY, "anna")[0].click()
    at = page.locator("td.act")
    place, value = (at.get_attribute("data-r"), at.get_attribute("data-c")), at.get_attribute("data-value")
    for key in ("F6", "Tab", "ArrowDown", "3", "Tab", "Enter"):
        page.keyboard.press(key)
    assert place == (at.get_attribute("data-r"), at.get_attribute("data-c"))
    expect(at).to_have_attribute("data-value", value or "")
    expect(page.get_by_test_id("grid-status")).to_contain_text("ещё показывает другую клетку")
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    line.catch_up()
    page.keyboard.press("F6")
    expect(page.get_by_test_id("lesson-panel").locator(":focus")).to_have_count(1)


def test_cursor_and_means_are_settings_of_the_account(served: School):
    page, _visit = course_of(served)
    page.get_by_test_id("grid-settings").click()
    page.get_by_test_id("cursor-right").click()
    page.get_by_test_id("means-hidden").click()
    expect(page.locator("td.tt").first).to_be_hidden()
    page.reload()
    expect(page.get_by_test_id("journal-grid")).to_be_visible()
    expect(page.locator("td.tt").first).to_be_hidden()
    (vera,) = cells(served, page, WEDNESDAY, "vera")
    vera.click()
    page.keyboard.press("5")
    saved(vera, "5")
    expect(cells(served, page, THURSDAY, "vera")[0]).to_have_attribute("aria-selected", "true")
    page.get_by_test_id("grid-settings").click()
    page.get_by_test_id("cursor-down").click()
    page.get_by_test_id("means-shown").click()
    expect(page.locator("td.tt").first).to_be_visible()


def test_the_cursor_stands_where_it_was_left_today(served: School):
    page, _visit = course_of(served)
    (vera,) = cells(served, page, WEDNESDAY, "vera")
    vera.click()
    expect(page.get_by_test_id("cell-student")).to_contain_text("Vera")
    page.reload()
    expect(cells(served, page, WEDNESDAY, "vera")[0]).to_have_attribute("aria-selected", "true")


def test_the_topics_of_a_phone_need_no_scrolling_sideways(served: School):
    page, _visit = course_of(served, size=PHONE)
    page.get_by_test_id("phone-choices").click()
    page.locator(".ph").get_by_test_id("view-topics").click()
    table = page.get_by_test_id("topics")
    expect(table).to_be_visible()
    assert table.evaluate(
        "one => [...one.querySelectorAll('td, button')].every(cell => cell.getBoundingClientRect().right <= innerWidth)"
    )


def test_the_phone_shows_one_lesson_and_a_pad(served: School):
    page, visit = course_of(served, size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    (gleb,) = cells(served, page, TODAY, "gleb")
    expect(gleb).to_have_attribute("aria-disabled", "true")
    (boris,) = cells(served, page, TODAY, "boris")
    boris.click()
    page.get_by_test_id("put-4").click()
    saved(boris, "4")
    expect(page.get_by_test_id("save-status")).to_be_visible()
    expect(page.get_by_test_id("save-status")).to_contain_text("Сохранено")
    boris.click()
    page.get_by_test_id("put-second").click()
    page.get_by_test_id("put-5").click()
    saved(boris, "4/5")
    page.get_by_test_id("put-nothing").click()
    saved(boris, "")
    page.get_by_test_id("edit-lesson").click()
    page.get_by_test_id("topic").fill("Смутное время")
    page.get_by_test_id("nothing-set").check()
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("lesson-topic")).to_have_text("Смутное время")
    assert max(map(len, (frame for frame in visit.sent if "journal_state.enter" in frame))) <= 600


def test_the_view_of_topics_opens_a_lesson(served: School):
    page, _visit = course_of(served)
    page.get_by_test_id("view-topics").first.click()
    expect(page.get_by_test_id("topics")).to_be_visible()
    page.get_by_test_id(f"topic-{served.school.work(HISTORY, FRIDAY)}").click()
    page.get_by_test_id("topic").fill("Первое ополчение")
    page.get_by_test_id("homework").fill("§ 15")
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("topics")).to_contain_text("Первое ополчение")
    page.get_by_test_id("view-marks").first.click()
    expect(page.get_by_test_id("journal-grid")).to_be_visible()


def test_the_panel_is_a_drawer_in_a_narrow_window(served: School):
    page, _visit = course_of(served)
    page.set_viewport_size({"width": 900, "height": 800})
    expect(page.get_by_test_id("lesson-panel")).to_be_hidden()
    cells(served, page, TODAY, "vera")[0].click()
    page.keyboard.press("F4")
    expect(page.get_by_test_id("lesson-panel")).to_be_visible()
    expect(page.get_by_test_id("lesson-panel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("lesson-panel")).to_be_hidden()
    expect(page.get_by_test_id("active-cell")).to_be_focused()


def test_a_screen_reader_finds_a_grid_with_names_and_states(served: School):
    page, _visit = course_of(served)
    tree = page.get_by_test_id("journal-grid").aria_snapshot()
    assert 'grid "Отметки: 7А, History, II"' in tree
    assert 'rowheader "2 Boris Alex"' in tree
    assert "columnheader" in tree
    (boris,) = cells(served, page, TODAY, "boris")
    boris.click()
    expect(page.get_by_role("textbox", name="Boris Alex, 23.11")).to_be_focused()
