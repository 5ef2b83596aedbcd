"""Keys, pad, roll call and blocks go by one rule: they ask, say what they did, and are undone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, School
from tests.browser.grid import (
    EDITS,
    FRIDAY,
    HISTORY,
    THURSDAY,
    TODAY,
    TUESDAY,
    WEDNESDAY,
    all_saved,
    big,
    cells,
    course_of,
    marks_in,
    open_big,
    paste,
    saved,
)
from tests.browser.typed.page import SATURDAY, add_lesson

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
    expect(page.get_by_test_id("lesson-title")).to_contain_text("20 ноября")
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
    expect(page.get_by_test_id("lesson-title")).to_contain_text("19 ноября")
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
