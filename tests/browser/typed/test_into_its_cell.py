"""What is typed in the grid reaches the student and lesson that were meant, or is said to be written nowhere (D-49)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import School
from tests.browser.grid import (
    ANSWERS,
    EDITS,
    FRIDAY,
    HISTORY,
    THURSDAY,
    TODAY,
    TUESDAY,
    WEDNESDAY,
    FaultyConnection,
    all_saved,
    big,
    cells,
    course_of,
    forgive,
    saved,
)
from tests.browser.typed.page import (
    SATURDAY,
    SUNDAY,
    active,
    add_lesson,
    column,
    from_the_list,
    tab_of_another_period,
    values,
)
from tests.builders import PASSWORD

# ---- a lesson typed blindly


@pytest.mark.parametrize(
    ("at", "delay", "keys"), [(60, 30, "54н53нн4"), (61, 120, "54y53yy4"), (62, 1400, "4н5")], ids=["30", "120", "1400"]
)
def test_a_lesson_typed_from_the_list_at_any_speed(served: School, at: int, delay: int, keys: str):
    page = from_the_list(served)
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    page.keyboard.press("Control+Home")
    for _column in range(at):
        page.keyboard.press("ArrowRight")
    page.keyboard.type(keys, delay=delay)
    all_saved(page)
    assert values(page, at, len(keys)) == [*keys.replace("y", "н")]


def test_late_with_minutes_second_marks_and_wrong_keys_stay_where_they_were_typed(served: School):
    page = from_the_list(served)
    page.keyboard.press("Control+Home")
    for _column in range(63):
        page.keyboard.press("ArrowRight")
    for key in ("о", "1", "5", "Enter", "5", "/", "4", "j", "Enter", "7", "Enter", "4"):
        page.keyboard.press(key) if len(key) > 1 or key.isascii() else page.keyboard.insert_text(key)
    all_saved(page)
    assert values(page, 63, 5) == ["о15", "5/4", "о", "7", "4"]
    expect(column(page, 63).nth(3)).to_have_attribute("data-state", "refused")
    expect(page.get_by_test_id("wrong-entries")).to_be_visible()


def test_a_second_person_adds_lessons_and_the_line_is_cut_twice_while_a_column_is_typed(served: School):
    visit = served.visit("historian")
    line = FaultyConnection(visit.page, unheard=ANSWERS, unsent=EDITS)
    page, (other, _visit) = served.course(visit, HISTORY), course_of(served)
    (anna,) = cells(served, page, TODAY, "anna")
    anna.click()
    before = int(anna.get_attribute("data-c") or "")
    for step, key in enumerate("54"):
        line.on = True
        page.keyboard.press(key)
        add_lesson(other, SATURDAY, step + 5)
        expect(anna).to_have_attribute("data-c", str(before + step + 1))
        line.on = False
    all_saved(page)
    assert [cell.get_attribute("data-value") for cell in cells(served, page, TODAY, "anna", "boris")] == ["5", "4"]
    assert page.locator('td[data-state="refused"], td[data-state="conflict"]').count() == 0


# ---- ways of leaving


def test_what_is_half_typed_is_written_to_its_own_cell_when_the_period_is_changed(served: School):
    page, _visit = course_of(served)
    (vera,) = cells(served, page, WEDNESDAY, "vera")
    vera.click()
    page.keyboard.insert_text("о1")
    expect(page.get_by_test_id("active-cell")).to_have_value("о1")
    tab_of_another_period(page).click()
    expect(vera).to_have_count(0)
    page.locator(".jbar [data-testid^=period-]").nth(1).click()
    saved(vera, "о1")


def test_what_is_no_value_is_said_when_the_sheet_changes_and_shown_again(served: School):
    page, _visit = course_of(served)
    (vera,) = cells(served, page, TUESDAY, "vera")
    vera.click()
    page.keyboard.insert_text("ож")
    tab_of_another_period(page).click()
    expect(page.get_by_test_id("grid-status")).to_contain_text("«ож»")
    back = page.locator(".jbar [data-testid^=period-]").nth(1)
    back.click()
    expect(vera).to_have_attribute("data-state", "refused")
    period = (back.get_attribute("data-testid") or "").removeprefix("period-")
    page.wait_for_url(lambda address: period in address)  # comes a moment after the sheet
    page.reload()
    expect(vera).to_have_attribute("data-state", "refused")
    vera.click()
    page.keyboard.press("Escape")
    expect(vera).to_have_attribute("data-state", "rest")
    page.reload()
    expect(vera).to_have_attribute("data-state", "rest")


def test_another_subject_gets_nothing_of_what_was_half_typed(served: School):
    visit = served.visit("teacher")
    page = served.course(visit)
    anna = served.cell(page, "anna", WEDNESDAY)
    anna.click()
    page.keyboard.insert_text("о2")
    page.goto(f"{served.server.url}/journal/{big(served)}")
    page.get_by_test_id("journal-grid").wait_for()
    assert page.locator('td[data-value="о2"]').count() == 0
    served.course(visit)
    saved(served.cell(page, "anna", WEDNESDAY), "о2")


@pytest.mark.parametrize("way", ["reload", "close", "menu", "sign out"])
def test_a_value_typed_a_moment_before_leaving_is_written(served: School, way: str):
    page, visit = course_of(served)
    day = {"reload": TODAY, "close": FRIDAY, "menu": THURSDAY, "sign out": TUESDAY}[way]
    (boris,) = cells(served, page, day, "boris")
    boris.click()
    page.keyboard.press("Delete")
    all_saved(page)
    page.keyboard.insert_text("о3")
    if way == "reload":
        page.reload()
    elif way == "close":
        page.close()
        page = visit.page = visit.page.context.new_page()
    elif way == "menu":
        page.locator("nav a[href='/journal']").first.click()
        page.get_by_test_id("journal-grid").wait_for(state="detached")
    else:
        page.get_by_test_id("person-menu").click()
        page.get_by_test_id("sign-out").click()
        page.get_by_test_id("login-name").wait_for()
        page.get_by_test_id("login-name").fill("historian")
        page.get_by_test_id("login-password").fill(PASSWORD)
        page.get_by_test_id("login-submit").click()
        page.get_by_test_id("person-menu").wait_for()
    reader, _other = course_of(served, "deputy")
    expect(cells(served, reader, day, "boris")[0]).to_have_attribute("data-value", "о3")
    forgive(visit)


# ---- the cursor follows its cell


def test_a_lesson_added_by_somebody_else_moves_neither_cursor_nor_what_is_typed(served: School):
    page, _visit = course_of(served)
    (vera,) = cells(served, page, THURSDAY, "vera")
    vera.click()
    before = int(vera.get_attribute("data-c") or "")
    page.keyboard.insert_text("о1")
    add_lesson(course_of(served)[0], SUNDAY, 6)
    expect(vera).to_have_attribute("data-c", str(before + 1))
    expect(vera).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    expect(page.get_by_test_id("active-cell")).to_have_value("о1")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    saved(vera, "о12")


# ---- composing keyboards


def test_a_composed_value_is_one_value(served: School):
    page, _visit = course_of(served)
    anna, boris = cells(served, page, FRIDAY, "anna", "boris")
    for cell in (boris, anna):
        cell.click()
        page.keyboard.press("Delete")
    all_saved(page)
    anna.click()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "5", "selectionStart": 1, "selectionEnd": 1})
    expect(page.get_by_test_id("active-cell")).to_have_value("5")
    expect(anna).to_have_attribute("aria-selected", "true")
    keyboard.send("Input.insertText", {"text": "5"})
    saved(anna, "5")
    expect(boris).to_have_attribute("aria-selected", "true")
    expect(boris).to_have_attribute("data-value", "")
    keyboard.send("Input.imeSetComposition", {"text": "н", "selectionStart": 1, "selectionEnd": 1})
    cells(served, page, FRIDAY, "vera")[0].click()  # ends the composition in the cell where it began
    saved(boris, "н")
    expect(cells(served, page, FRIDAY, "vera")[0]).to_have_attribute("data-value", "")


def test_a_key_held_down_is_one_key(served: School):
    page, _visit = course_of(served)
    (anna,) = cells(served, page, TUESDAY, "anna")
    anna.click()
    for _repeat in range(4):
        page.keyboard.down("4")
    page.keyboard.up("4")
    saved(anna, "4")
    expect(cells(served, page, TUESDAY, "boris")[0]).to_have_attribute("aria-selected", "true")


# ---- the focus


@pytest.mark.parametrize("way", ["address", "reload", "period"])
def test_an_opened_journal_has_the_focus_in_its_active_cell(served: School, way: str):
    page, _visit = course_of(served)
    if way == "reload":
        page.reload()
        page.get_by_test_id("journal-grid").wait_for()
    if way == "period":
        tab_of_another_period(page).click()
    expect(active(page).get_by_test_id("active-cell")).to_be_focused()


def test_after_a_saved_lesson_an_added_lesson_and_a_column_the_table_has_the_focus(served: School):
    page, _visit = course_of(served)
    cells(served, page, TODAY, "vera")[0].click()
    page.get_by_test_id("edit-lesson").click()
    page.get_by_test_id("topic").fill("Опричнина")
    page.get_by_test_id("nothing-set").check()
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("lesson-topic")).to_have_text("Опричнина")
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    add_lesson(page, SATURDAY, 7)
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    page.get_by_test_id("columns").click()
    page.get_by_test_id("add-column").click()
    second = f"cell-{served.school.people['vera'].uid}-{served.school.lesson(HISTORY, TODAY)}-2"
    expect(page.get_by_test_id(second)).to_be_visible()
    expect(page.get_by_test_id("active-cell")).to_be_focused()
