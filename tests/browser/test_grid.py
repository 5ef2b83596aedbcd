"""The second half of the grid: blocks, undo, whole columns, settings, what survives a bad line, who else is here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text, update

from ais_app.db.columns import table
from ais_app.school.models import School as SchoolRow
from tests.browser.conftest import PHONE, School, school_of_its_own
from tests.builders import PASSWORD, large_course

TODAY, FRIDAY, THURSDAY, WEDNESDAY = (date(2026, 11, day) for day in (23, 20, 19, 18))
TUESDAY = date(2026, 11, 17)
HISTORY = "history"


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change marks, people and settings: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def saved(cell, value: str) -> None:
    expect(cell).to_have_attribute("data-value", value)
    expect(cell).to_have_attribute("data-state", "rest")


def course_of(served: School, login: str = "historian", size=None) -> tuple[Page, Any]:
    """The historian's own course: no other test writes there."""
    visit = served.visit(login, size=size)
    page = visit.page
    page.goto(f"{served.server.url}/journal/{served.school.courses[HISTORY]}")
    page.get_by_test_id("phone-marks" if size else "journal-grid").wait_for()
    return page, visit


def cells(served: School, page: Page, day: date, *logins: str):
    return [served.cell(page, login, day, HISTORY) for login in logins]


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


def test_a_step_is_not_taken_back_over_somebody_elses_value(served: School):
    (one, _), (two, _) = course_of(served), course_of(served)
    mine, theirs = (cells(served, page, WEDNESDAY, "anna")[0] for page in (one, two))
    mine.click()
    one.keyboard.press("5")
    saved(mine, "5")
    saved(theirs, "5")
    theirs.click()
    two.keyboard.press("3")
    saved(mine, "3")
    mine.click()
    one.keyboard.press("Control+z")
    expect(one.get_by_test_id("grid-status")).to_contain_text("изменили")
    saved(mine, "3")


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
    mother = served.visit("mother", size=PHONE).page
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
    page.keyboard.press("Shift+KeyG")
    saved(anna, "")
    saved(vera, "")


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


def test_somebody_else_in_the_journal_is_seen_at_his_cell(served: School):
    (one, _), (two, _) = course_of(served), course_of(served)
    seen = cells(served, two, FRIDAY, "boris")[0]
    cells(served, one, FRIDAY, "boris")[0].click()
    expect(seen).to_have_attribute("data-guest", "Historian A. I.")


def test_the_topics_of_a_phone_need_no_scrolling_sideways(served: School):
    page, _visit = course_of(served, size=PHONE)
    page.get_by_test_id("phone-choices").click()
    page.locator(".ph").get_by_test_id("view-topics").click()
    table = page.get_by_test_id("topics")
    expect(table).to_be_visible()
    assert table.evaluate(
        "one => [...one.querySelectorAll('td, button')].every(cell => cell.getBoundingClientRect().right <= innerWidth)"
    )


def deaf_page(served: School) -> tuple[Page, dict[str, bool]]:
    """A page of the course that, from `deaf["on"]` on, hears nothing of what others write."""
    visit = served.visit("historian")
    deaf = {"on": False}

    def hold(route) -> None:
        server = route.connect_to_server()
        route.on_message(server.send)
        server.on_message(lambda message: None if deaf["on"] and '"by"' in str(message) else route.send(message))

    visit.page.route_web_socket("**/_event/**", hold)
    page = visit.page
    page.goto(f"{served.server.url}/journal/{served.school.courses[HISTORY]}")
    page.get_by_test_id("journal-grid").wait_for()
    return page, deaf


def test_both_marks_of_a_conflict_may_stand(served: School):
    (one, _) = course_of(served)
    two, deaf = deaf_page(served)
    deaf["on"] = True
    theirs, mine = cells(served, one, FRIDAY, "vera")[0], cells(served, two, FRIDAY, "vera")[0]
    theirs.click()
    one.keyboard.press("4")
    saved(theirs, "4")
    mine.click()
    two.keyboard.press("5")
    expect(mine).to_have_attribute("data-state", "conflict")
    two.get_by_test_id("conflicts").click()
    expect(two.get_by_test_id("take-both")).to_have_text("Обе: 4/5")
    two.get_by_test_id("take-both").click()
    saved(mine, "4/5")
    saved(theirs, "4/5")
    mine.click()
    two.keyboard.press("Delete")
    saved(theirs, "")


def test_the_rest_of_a_refused_block_is_sent_by_one_button(served: School):
    """A block in which one cell was changed by somebody else meanwhile (the page did not hear of it)."""
    (one, _) = course_of(served)
    two, deaf = deaf_page(served)
    deaf["on"] = True
    theirs = cells(served, one, FRIDAY, "anna")[0]
    theirs.click()
    one.keyboard.press("2")
    saved(theirs, "2")
    anna, boris, vera = cells(served, two, FRIDAY, "anna", "boris", "vera")
    anna.click()
    two.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text/plain", "5\\n5\\n\\n5");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})) }"""
    )
    expect(anna).to_have_attribute("data-state", "conflict")
    expect(two.get_by_test_id("conflicts")).to_contain_text("1 конфликт")
    expect(two.get_by_test_id("send-rest")).to_contain_text("2")
    two.get_by_test_id("send-rest").click()
    saved(boris, "5")
    saved(vera, "5")
    deaf["on"] = False
    two.reload()  # a conflict is not forgotten by a reload
    anna = cells(served, two, FRIDAY, "anna")[0]
    expect(anna).to_have_attribute("data-state", "conflict")
    two.get_by_test_id("conflicts").click()
    two.get_by_test_id("take-mine").click()
    saved(anna, "5")
    saved(theirs, "5")


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


# --- what must survive: one large course, typed into on a bad line, through a reload and the end of a session


def big(served: School) -> str:
    if "physics" not in served.school.courses:
        with_long_window = update(table(SchoolRow)).values(edit_window_days=100)
        served.school.database.write(lambda uow: uow.execute(with_long_window))
        served.school.courses["physics"] = large_course(served.school)
    return served.school.courses["physics"]


def marks_in(served: School, course: str) -> int:
    query = text(
        "SELECT count(*) FROM mark JOIN work ON work.id = mark.work_id JOIN lesson ON lesson.id = work.lesson_id "
        "JOIN course ON course.id = lesson.course_id WHERE course.uid = :course"
    )
    return served.school.database.read(lambda one: one.execute(query, {"course": course}).scalar_one())


def entered_in(served: School) -> int:
    query = text("SELECT count(*) FROM operation WHERE kind = 'marks_entered'")
    return served.school.database.read(lambda one: one.execute(query).scalar_one())


def open_big(served: School) -> tuple[Page, Any]:
    visit = served.visit("teacher")
    visit.page.goto(f"{served.server.url}/journal/{big(served)}")
    visit.page.get_by_test_id("journal-grid").wait_for()
    return visit.page, visit


def forgive(visit: Any) -> None:
    """A cut line and an ended session leave failed requests in the console; anything else stays a complaint."""
    expected = ("ERR_INTERNET_DISCONNECTED", "WebSocket", "403", "ERR_NETWORK_CHANGED")
    visit.complaints[:] = [one for one in visit.complaints if not any(part in one for part in expected)]


def filled(page: Page, c: int):
    return page.locator(f'td[data-c="{c}"][data-value="5"][data-state="rest"]')


def all_saved(page: Page) -> None:
    expect(page.locator('td[data-state="saving"]')).to_have_count(0, timeout=30_000)


def test_sixty_marks_typed_while_the_line_is_cut_arrive_once(served: School):
    page, visit = open_big(served)
    before, operations = marks_in(served, big(served)), entered_in(served)
    page.locator('td[data-r="0"][data-c="0"]').click()
    page.context.set_offline(True)
    for column in (0, 1):
        page.locator(f'td[data-r="0"][data-c="{column}"]').click()
        for _row in range(30):
            page.keyboard.press("5")
    expect(page.get_by_test_id("save-status")).to_contain_text("записей ждут", timeout=20_000)
    page.context.set_offline(False)
    all_saved(page)
    for column in (0, 1):
        expect(filled(page, column)).to_have_count(30)
    assert marks_in(served, big(served)) == before + 60
    assert entered_in(served) == operations + 60
    forgive(visit)


def test_a_reload_in_the_middle_loses_nothing(served: School):
    page, visit = open_big(served)
    before = marks_in(served, big(served))
    page.locator('td[data-r="0"][data-c="2"]').click()
    page.context.set_offline(True)
    for _row in range(20):
        page.keyboard.press("5")
    page.context.set_offline(False)
    page.reload()
    page.get_by_test_id("journal-grid").wait_for()
    all_saved(page)
    expect(filled(page, 2)).to_have_count(20)
    assert marks_in(served, big(served)) == before + 20
    forgive(visit)


def test_a_cell_shows_one_sign_at_a_time_while_it_is_saved(served: School):
    """«Saving» and «changed» are drawn by the same pseudo-element."""
    page, visit = open_big(served)
    cell = page.locator('td[data-r="30"][data-c="2"]')
    for key in ("5", "4"):
        cell.click()
        page.keyboard.press(key)
        saved(cell, key)
    expect(cell).to_have_class(re.compile(r"\bs-changed\b"))
    page.context.set_offline(True)
    cell.click()
    page.keyboard.press("3")
    expect(cell).to_have_class(re.compile(r"\bs-saving\b"))
    expect(cell).not_to_have_class(re.compile(r"\bs-changed\b"))
    page.context.set_offline(False)
    saved(cell, "3")
    forgive(visit)


def test_a_journal_that_has_not_come_yet_shows_its_outline_and_claims_nothing(served: School):
    page = served.visit("teacher").page
    page.route_web_socket("**/_event/**", lambda route: None)
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    bars = page.locator(".gridbox[aria-busy] .sk")
    expect(bars).to_have_count(12)
    expect(page.get_by_test_id("read-only")).to_have_count(0)
    assert bars.first.evaluate("one => one.clientWidth") > 600


def test_the_end_of_a_session_in_the_middle_loses_nothing(served: School):
    page, visit = open_big(served)
    before = marks_in(served, big(served))
    page.locator('td[data-r="0"][data-c="3"]').click()
    page.context.set_offline(True)
    for _row in range(5):
        page.keyboard.press("5")
    served.school.database.write(
        lambda uow: uow.execute(
            text("UPDATE login_session SET ended_at = '2026-11-23 06:00:00' WHERE ended_at IS NULL")
        )
    )
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.goto(f"{served.server.url}/journal/{big(served)}")
    page.get_by_test_id("login-name").fill("teacher")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("journal-grid").wait_for()
    all_saved(page)
    expect(filled(page, 3)).to_have_count(5)
    assert marks_in(served, big(served)) == before + 5
    forgive(visit)


def test_signing_out_with_unsent_marks_asks_first(served: School):
    """The answer to an entry is lost, so it still waits when the teacher signs out; it is not lost by that."""
    visit = served.visit("teacher")
    lost = {"on": False}

    def hold(route) -> None:
        server = route.connect_to_server()
        route.on_message(
            lambda message: None if lost["on"] and "journal_state.enter" in str(message) else server.send(message)
        )
        server.on_message(route.send)

    visit.page.route_web_socket("**/_event/**", hold)
    page = visit.page
    page.goto(f"{served.server.url}/journal/{big(served)}")
    page.get_by_test_id("journal-grid").wait_for()
    before = marks_in(served, big(served))
    lost["on"] = True
    page.locator('td[data-r="0"][data-c="4"]').click()
    page.keyboard.press("5")
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("leave-dialog")).to_contain_text("1 запись")
    page.get_by_test_id("stay").click()
    expect(page.get_by_test_id("marks-waiting")).to_contain_text("1 запись ждёт", timeout=10_000)
    page.get_by_test_id("sign-out").click()
    page.get_by_test_id("leave-anyway").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    lost["on"] = False
    assert marks_in(served, big(served)) == before
    page.get_by_test_id("login-name").fill("teacher")
    page.get_by_test_id("login-password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_test_id("login-submit").click()
    served.course(visit)  # another course: what waits goes from any
    expect(page.get_by_test_id("save-status")).to_contain_text("Сохранено")
    assert marks_in(served, big(served)) == before + 1


def test_three_hundred_marks_at_thirty_milliseconds_a_key_on_a_slow_machine(served: School):
    """33 × 80 on a CPU slowed four times: everything typed is in the grid, in the database and in the ledger once."""
    page, _visit = open_big(served)
    before, operations = marks_in(served, big(served)), entered_in(served)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    for column in range(10, 20):
        page.locator(f'td[data-r="0"][data-c="{column}"]').click()
        for _row in range(30):
            page.keyboard.press("5", delay=0)
            page.wait_for_timeout(30)
    all_saved(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    for column in range(10, 20):
        expect(filled(page, column)).to_have_count(30)
    assert marks_in(served, big(served)) == before + 300
    assert entered_in(served) == operations + 300
