"""What is typed in the grid reaches the student and lesson that were meant, or is said to be written nowhere (D-49)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, School, school_of_its_own
from tests.browser.grid import (
    ANSWERS,
    EDITS,
    FRIDAY,
    HISTORY,
    THURSDAY,
    TODAY,
    TUESDAY,
    WEDNESDAY,
    BadLine,
    all_saved,
    big,
    cells,
    course_of,
    forgive,
    marks_in,
    open_big,
    paste,
    saved,
)
from tests.builders import PASSWORD

SUNDAY, SATURDAY = date(2026, 11, 15), date(2026, 11, 21)


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change marks and lessons: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def column(page: Page, c: int):
    return page.locator(f'td[data-c="{c}"]')


def values(page: Page, c: int, rows: int) -> list[str]:
    return [column(page, c).nth(row).get_attribute("data-value") or "" for row in range(rows)]


def active(page: Page):
    return page.locator('td[aria-selected="true"]')


def add_lesson(page: Page, day: date, number: int) -> None:
    """By the form, as a teacher does; the page has the new column then."""
    columns = page.locator("thead .h2 th")
    before = columns.count()
    page.get_by_test_id("add-lesson").click()
    page.locator("#day").fill(day.isoformat())
    page.locator("#number").fill(str(number))
    page.get_by_test_id("add-lesson-submit").click()
    if day == SUNDAY:
        expect(page.get_by_test_id("add-lesson-warned")).to_be_visible()
        page.get_by_test_id("add-lesson-submit").click()
    expect(columns).to_have_count(before + 1)


def tab_of_another_period(page: Page):
    return page.locator(".jbar [data-testid^=period-]:not([aria-current])").first


def from_the_list(served: School, login: str = "teacher") -> Page:
    """A journal opened by its line of the list, the way a teacher comes in."""
    course = big(served)
    page = served.visit(login).page
    page.goto(f"{served.server.url}/journal")
    page.get_by_test_id(f"course-{course}").click()
    page.get_by_test_id("journal-grid").wait_for()
    return page


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
    line = BadLine(visit.page, unheard=ANSWERS, unsent=EDITS)
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
    page.locator(".jbar [data-testid^=period-]").nth(1).click()
    expect(vera).to_have_attribute("data-state", "refused")
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


# ---- one rule for all ways in


def test_a_mark_and_an_absence_meet_as_a_question_that_is_answered_later(served: School):
    page, _visit = course_of(served)
    anna, boris = cells(served, page, WEDNESDAY, "anna", "boris")
    anna.click()
    for _row in range(2):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Delete")
    all_saved(page)
    anna.click()
    page.keyboard.type("5", delay=30)
    saved(anna, "5")
    anna.click()
    page.keyboard.insert_text("н")
    expect(anna).to_have_attribute("data-state", "ask")
    expect(anna).to_have_attribute("data-value", "5")
    expect(page.get_by_test_id("questions")).to_contain_text("1 вопрос")
    expect(boris).to_have_attribute("aria-selected", "true")
    page.keyboard.press("4")  # the others go on
    saved(boris, "4")
    page.reload()
    expect(anna).to_have_attribute("data-state", "ask")
    page.get_by_test_id("questions").click()
    expect(page.get_by_test_id("grid-question")).to_contain_text("стоит «5»")
    page.get_by_test_id("ask-both").click()
    saved(anna, "н/5")
    expect(page.get_by_test_id("questions")).to_have_count(0)
    anna.click()
    page.keyboard.press("4")
    saved(anna, "н/4")  # both stand already
    anna.click()
    page.keyboard.press("Delete")
    saved(anna, "")
    anna.click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    saved(anna, "о")
    anna.click()
    page.keyboard.press("5")
    saved(anna, "о/5")
    anna.click()
    page.keyboard.press("j")
    page.keyboard.press("7")
    page.keyboard.press("Enter")
    saved(anna, "о7/5")


def test_the_pad_and_the_roll_call_ask_like_the_keys(served: School):
    page, _visit = course_of(served)
    (anna,) = cells(served, page, FRIDAY, "anna")
    anna.click()
    page.keyboard.press("Delete")
    saved(anna, "")
    expect(page.get_by_test_id("cell-student")).to_contain_text("Anna")
    page.get_by_test_id("pad-5").click()
    saved(anna, "5")
    page.get_by_test_id("pad-н").click()
    expect(anna).to_have_attribute("data-state", "ask")
    page.get_by_test_id("ask-leave").click()
    saved(anna, "5")
    page.get_by_test_id("roll-call").click()
    line = page.get_by_test_id(f"roll-{served.school.people['anna'].uid}")
    line.get_by_role("button", name="Опоздал").click()
    saved(anna, "о/5")
    line.get_by_role("button", name="Отсутствует").click()
    expect(anna).to_have_attribute("data-state", "ask")
    page.get_by_test_id("ask-replace").click()
    saved(anna, "н")
    line.get_by_role("button", name="Присутствует").click()
    saved(anna, "")
    page.keyboard.press("Control+z")  # also from the panel
    saved(anna, "н")
    expect(page.get_by_test_id("grid-status")).to_contain_text("Отменено: Anna")


def test_the_pad_writes_to_the_active_student_while_another_lessons_form_is_open(served: School):
    page, _visit = course_of(served)
    cells(served, page, THURSDAY, "boris")[0].click()
    page.get_by_test_id("edit-lesson").click()
    page.get_by_test_id("topic").fill("Черновик темы")
    (anna,) = cells(served, page, TODAY, "anna")
    anna.click()
    page.keyboard.press("Delete")
    saved(anna, "")
    expect(page.get_by_test_id("cell-student")).to_contain_text("Anna")
    page.get_by_test_id("pad-4").click()
    saved(anna, "4")
    expect(page.get_by_test_id("topic")).to_have_value("Черновик темы")
    expect(page.get_by_test_id("lesson-title")).to_contain_text("19 ноября")
    assert cells(served, page, THURSDAY, "boris")[0].get_attribute("data-value") != "4"


def test_everybody_is_here_asks_says_and_is_undone(served: School):
    page, _visit = course_of(served)
    anna, vera = cells(served, page, TUESDAY, "anna", "vera")
    for cell in (anna, vera):
        cell.click()
        page.keyboard.press("Delete")
        page.keyboard.press("y")
        saved(cell, "н")
    expect(page.get_by_test_id("lesson-title")).to_contain_text("17 ноября")
    page.get_by_test_id("all-present").click()
    expect(page.get_by_test_id("grid-present")).to_contain_text("Anna")
    page.get_by_test_id("present-yes").click()
    saved(anna, "")
    saved(vera, "")
    page.keyboard.press("Control+z")
    saved(anna, "н")
    saved(vera, "н")


# ---- blocks


def test_a_paste_says_what_was_read_cleared_and_left_out_and_why(served: School):
    page, _visit = course_of(served)
    anna, boris, vera = cells(served, page, FRIDAY, "anna", "boris", "vera")
    anna.click()
    for _row in range(3):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Delete")
    all_saved(page)
    vera.click()
    page.keyboard.press("5")
    saved(vera, "5")
    anna.click()
    paste(page, "4,0\n4.5\n5\n\n3\n")
    saved(anna, "4")
    saved(vera, "")
    expect(boris).to_have_attribute("data-state", "refused")
    said = page.get_by_test_id("grid-status")
    for part in ("Записана 1 клетка", "1 клетка очищена", "1 число прочитано", "3 клетки"):
        expect(said).to_contain_text(part)
    page.get_by_test_id("left-list").click()
    listed = page.get_by_test_id("left-dialog")
    for part in ("4.5", "не отметка", "за пределами таблицы", "не было в группе"):
        expect(listed).to_contain_text(part)
    page.keyboard.press("Escape")
    page.get_by_test_id("left-hide").click()
    expect(boris).to_have_attribute("data-state", "rest")
    anna.click()
    page.keyboard.press("Control+z")
    saved(anna, "")
    saved(vera, "5")


def test_a_large_block_is_several_operations_undone_as_one(served: School):
    page, visit = open_big(served)
    page.keyboard.press("Control+Home")
    before = marks_in(served, big(served))
    visit.sent.clear()
    paste(page, "\n".join(["\t".join(["5"] * 30)] * 33))
    all_saved(page)
    edits = [frame for frame in visit.sent if EDITS in frame]
    assert len(edits) >= 2
    assert max(frame.count('"5"') for frame in edits) <= 500
    after = marks_in(served, big(served))
    assert after - before > 500
    page.keyboard.press("Control+z")
    all_saved(page)
    assert marks_in(served, big(served)) == before


# ---- what is said


def test_nobody_is_told_that_somebody_else_did_what_she_did_herself(served: School):
    (one, _), (two, _) = course_of(served), course_of(served)
    (mine,), (same) = cells(served, one, WEDNESDAY, "vera"), cells(served, two, WEDNESDAY, "vera")[0]
    mine.click()
    one.keyboard.press("Delete")
    one.keyboard.press("3")
    saved(same, "3")
    assert two.get_by_test_id("grid-status").text_content() == ""
    add_lesson(one, SATURDAY, 9)
    expect(two.locator("thead .h2 th")).to_have_count(one.locator("thead .h2 th").count())
    for page in (one, two):
        assert "изменил" not in (page.get_by_test_id("grid-status").text_content() or "")


def test_every_time_on_the_page_is_the_schools(served: School):
    visit = served.visit("historian", zone="Pacific/Auckland")
    page = served.course(visit, HISTORY)
    (vera,) = cells(served, page, TODAY, "vera")
    vera.click()
    page.keyboard.press("Delete")
    page.keyboard.press("4")
    saved(vera, "4")
    expect(page.get_by_test_id("save-status")).to_contain_text("12:0")  # the server's clock stands at 09:00 UTC
    vera.click()
    expect(page.get_by_test_id("history")).to_contain_text("12:0")


def test_a_phone_asks_too(served: School):
    page, _visit = course_of(served, size=PHONE)
    page.get_by_test_id(f"day-{served.school.work(HISTORY, WEDNESDAY)}").click()
    (anna,) = cells(served, page, WEDNESDAY, "anna")
    anna.click()
    if anna.get_attribute("data-value"):  # of another test
        page.get_by_test_id("put-nothing").click()
        saved(anna, "")
        anna.click()
    page.get_by_test_id("put-5").click()
    saved(anna, "5")
    anna.click()
    page.get_by_test_id("put-н").click()
    expect(anna).to_have_attribute("data-state", "ask")
    anna.click()
    page.get_by_test_id("ask-both").click()
    saved(anna, "н/5")
    page.get_by_test_id("take-back").click()
    saved(anna, "5")


def test_a_comment_half_typed_in_the_grid_is_there_when_its_journal_is_opened_again(served: School):
    page, _visit = course_of(served)
    (vera,) = cells(served, page, FRIDAY, "vera")
    vera.click()
    page.keyboard.press("Delete")
    page.keyboard.press("5")
    saved(vera, "5")
    vera.click()
    page.keyboard.press("F2")
    page.get_by_test_id("comment-bar").get_by_role("textbox").fill("Вдумчивый от")
    page.reload()
    vera.click()
    page.keyboard.press("F2")
    field = page.get_by_test_id("comment-bar").get_by_role("textbox")
    expect(field).to_have_value("Вдумчивый от")
    field.fill("Вдумчивый ответ")
    page.keyboard.press("Enter")
    expect(vera).to_have_attribute("title", "Вдумчивый ответ")
    page.keyboard.press("F2")
    expect(page.get_by_test_id("comment-draft")).to_have_count(0)
    page.keyboard.press("Escape")


def test_a_column_added_to_the_lesson_does_not_take_attendance(served: School):
    page, _visit = course_of(served)
    lesson = served.school.lesson(HISTORY, FRIDAY)
    cells(served, page, FRIDAY, "vera")[0].click()
    expect(page.get_by_test_id("lesson-title")).to_contain_text("20 ноября")
    page.get_by_test_id("columns").click()
    page.get_by_test_id("add-column").click()
    second = page.get_by_test_id(f"cell-{served.school.people['vera'].uid}-{lesson}-2")
    second.click()
    page.keyboard.press("y")
    expect(second).to_have_attribute("data-state", "refused")
    page.keyboard.press("Escape")
    page.keyboard.press("5")
    saved(second, "5")
