"""The main way in a browser: a teacher types, a family sees it; keyboard, phone, two teachers, an imported school."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, School
from tests.browser.grid import ANSWERS, NEWS_OF_OTHERS, FaultyConnection, paste, saved

TODAY, FRIDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 20), date(2026, 11, 19)
LIVE = 3_000  # a second on a quiet machine; the figure itself is measured, not tested


def marks_of(page: Page, day: date):
    return page.get_by_test_id(f"day-{day.isoformat()}").locator(".mv > .mk, .mv > :not(.mkc) .mk")


def test_a_family_sees_each_entry_within_a_second(served: School):
    teacher, mother = served.visit_by_form("teacher"), served.visit("mother", size=PHONE, at="/")
    expect(mother.page.get_by_test_id("diary")).to_be_visible()
    page = served.course(teacher)
    anna = served.cell(page, "anna", TODAY)
    for keys, value, shown in (("5", "5", ["5"]), ("y", "н", ["н"]), ("4/5", "4/5", ["4", "5"])):
        anna.click()
        page.keyboard.press("Delete")  # a mark over «н» would be a question
        saved(anna, "")
        expect(marks_of(mother.page, TODAY)).to_have_count(0, timeout=LIVE)
        teacher.sent.clear()
        teacher.received.clear()
        for key in keys:
            page.keyboard.press(key)
        saved(anna, value)
        expect(marks_of(mother.page, TODAY)).to_have_count(len(shown), timeout=LIVE)
        expect(marks_of(mother.page, TODAY).first).to_contain_text(shown[0], timeout=LIVE)
        edits = [frame for frame in teacher.sent if "journal_state.enter" in frame]
        answers = [frame for frame in teacher.received if "answer_rx_state_" in frame]
        assert len(edits) == len(answers) == 1 + keys.count("/")
        assert max(len((edit + answer).encode()) for edit, answer in zip(edits, answers, strict=True)) <= 600
    page.reload()
    expect(served.cell(page, "anna", TODAY)).to_have_attribute("data-value", "4/5")


def test_a_pasted_column_is_one_event(served: School):
    teacher = served.visit("teacher")
    page = served.course(teacher)
    served.cell(page, "anna", FRIDAY).click()
    teacher.sent.clear()
    paste(page, "5\r\nн\r\nx\r\n4/4\r\n")
    saved(served.cell(page, "anna", FRIDAY), "5")
    saved(served.cell(page, "boris", FRIDAY), "н")
    saved(served.cell(page, "vera", FRIDAY), "4/4")
    expect(page.get_by_test_id("grid-status")).to_be_visible()
    assert len([frame for frame in teacher.sent if "journal_state.enter" in frame]) == 1


def test_inserted_text_without_keydown_is_an_entry(served: School):
    page = served.course(served.visit("teacher"))
    served.cell(page, "boris", TODAY).click()
    page.keyboard.insert_text("н")
    saved(served.cell(page, "boris", TODAY), "н")


def test_the_grid_by_keyboard_alone(served: School):
    page = served.course(served.visit("teacher"))
    for _press in range(40):
        if page.evaluate("document.activeElement.closest('[data-testid=journal-grid]') !== null"):
            break
        page.keyboard.press("Tab")
    expect(page.get_by_test_id("active-cell")).to_be_focused()
    page.keyboard.press("Control+Home")
    expect(page.locator('td[aria-selected="true"]')).to_have_attribute("data-c", "0")
    page.keyboard.press("5")
    expect(page.get_by_test_id("grid-status")).to_contain_text("Срок правки")
    served.cell(page, "vera", TODAY).click()
    page.keyboard.press("3")
    saved(served.cell(page, "vera", TODAY), "3")
    page.keyboard.press("Delete")
    saved(served.cell(page, "vera", TODAY), "")
    at = int(served.cell(page, "vera", TODAY).get_attribute("data-c") or "")
    page.keyboard.press("ArrowLeft")
    expect(page.locator('td[aria-selected="true"]')).to_have_attribute("data-c", str(at - 1))
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('[data-testid=journal-grid]') === null")


def test_nonsense_is_struck_through_and_escape_takes_it_back(served: School):
    page = served.course(served.visit("teacher"))
    cell = served.cell(page, "vera", THURSDAY)
    cell.click()
    page.keyboard.press("9")
    expect(cell).to_have_attribute("data-state", "refused")
    page.keyboard.press("Escape")
    expect(cell).to_have_attribute("data-state", "rest")


def test_two_teachers_in_one_cell_decide_in_place(served: School):
    first, second = served.visit("teacher"), served.visit("teacher")
    one, two = served.course(first), served.course(second)
    two_cell, one_cell = served.cell(two, "anna", THURSDAY), served.cell(one, "anna", THURSDAY)
    one_cell.click()
    one.keyboard.press("4")
    saved(one_cell, "4")
    saved(two_cell, "4")
    two_cell.click()
    two.keyboard.press("2")
    saved(two_cell, "2")
    saved(one_cell, "2")
    one_cell.click()
    expect(one.get_by_test_id("history")).to_contain_text("4")


def test_roles_that_only_read_have_no_input(served: School):
    for login in ("historian", "deputy", "director", "school_admin", "inspector"):
        visit = served.visit(login)
        page = served.course(visit)
        expect(page.get_by_test_id("read-only")).to_be_visible()
        served.cell(page, "boris", TODAY).click()
        expect(page.get_by_test_id("active-cell")).to_have_count(0)
        page.keyboard.press("5")
        page.keyboard.press("ArrowDown")
        assert not [frame for frame in visit.sent if 'journal_state.enter"' in frame]


def test_roles_that_only_read_have_a_legend(served: School):
    for size in (DESKTOP, PHONE):
        page = served.visit("deputy", size=size).page
        page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
        expect(page.get_by_test_id("legend")).to_be_visible()
        expect(page.get_by_test_id("legend")).to_contain_text("н отсутствовал")


def test_a_locked_column_still_says_its_kind_of_work(served: School):
    page = served.course(served.visit("teacher"))
    page.get_by_test_id("journal-grid").locator(".h2 .lk").first.wait_for()
    kinds = page.locator("table.g .h3 td .wt")
    assert kinds.count() == page.locator("table.g .h2 th").count()
    assert all(kinds.all_text_contents())


def test_the_diary_on_a_phone_fits_and_turns_weeks(served: School):
    page = served.visit("mother", size=PHONE, at="/").page
    expect(page.get_by_test_id("diary-week")).to_contain_text("23–27 ноября")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_test_id("week-before").click()
    expect(page.get_by_test_id("diary-week")).to_contain_text("16–20 ноября")
    page.get_by_role("tab").nth(2).click()
    expect(page.get_by_test_id("day-2026-11-18")).to_be_visible()


def test_sign_out_and_the_way_back(served: School):
    page = served.visit("director", at="/").page
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    page.go_back()
    expect(page.get_by_test_id("login-form")).to_be_visible()


def test_an_imported_school_teaches(served: School):
    """With the slips of a OneRoster set: lessons by hand, marks by their teacher, and the family sees them come."""
    page = served.first_visit("n.zimina", "kettle-harbour-91")
    page.goto(f"{served.server.url}/journal")
    page.locator('[data-testid^="course-"]', has_text="Алгебра 7А").click()
    expect(page.get_by_test_id("no-lessons")).to_be_visible()
    for number in ("1", "2"):
        page.get_by_test_id("add-lesson").click()
        page.locator('input[name="number"]').locator("visible=true").fill(number)
        page.get_by_test_id("add-lesson-submit").click()
        expect(page.locator('th[data-testid^="column-"]')).to_have_count(int(number))
    expect(page.locator('[data-testid="journal-grid"] tbody tr')).to_have_count(2)  # Лев has left before this period
    mila = page.locator("tr", has_text="Озерова Мила")
    first, second = mila.locator('td[data-c="0"]'), mila.locator('td[data-c="1"]')
    first.click()
    page.keyboard.press("5")
    saved(first, "5")
    mother = served.first_visit("o.ozerova", "river-lamp-55", size=PHONE)
    expect(marks_of(mother, TODAY)).to_have_count(1)
    second.click()
    page.keyboard.press("4")
    saved(second, "4")
    expect(marks_of(mother, TODAY)).to_have_count(2, timeout=LIVE)
    page.get_by_test_id("edit-lesson").click()
    page.get_by_test_id("topic").fill("Степень с натуральным показателем")
    page.get_by_test_id("homework").fill("№ 12 (а, б)")
    page.get_by_test_id("save-lesson").click()
    expect(mother.get_by_test_id("day-2026-11-23")).to_contain_text("№ 12 (а, б)", timeout=LIVE)
    other = served.first_visit("v.kamyshina", "garden-stone-28", size=PHONE)
    expect(other.get_by_test_id("diary")).to_be_visible()
    expect(marks_of(other, TODAY)).to_have_count(0)


def test_a_stale_cell_shows_both_values_and_lets_the_teacher_decide(served: School):
    """The second tab is kept from hearing of the first one's mark, as on a bad line."""
    first, second = served.visit("teacher"), served.visit("teacher")
    line = FaultyConnection(second.page, unheard=NEWS_OF_OTHERS)
    one, two = served.course(first), served.course(second)
    mine, theirs = served.cell(two, "boris", THURSDAY), served.cell(one, "boris", THURSDAY)
    line.on = True
    theirs.click()
    one.keyboard.press("4")
    saved(theirs, "4")
    mine.click()
    two.keyboard.press("2")
    expect(mine).to_have_attribute("data-state", "conflict")
    mine.click()
    expect(two.get_by_test_id("grid-conflict")).to_contain_text("4")
    two.get_by_test_id("take-theirs").click()
    expect(mine).to_have_attribute("data-value", "4")
    two.keyboard.press("3")
    saved(mine, "3")
    line.on = False
    saved(theirs, "3")


def test_what_is_typed_while_the_server_is_away_is_sent_once(served: School):
    """Answers are lost for a while: the queue asks again with the same uid, and nothing is written twice."""
    visit = served.visit("teacher")
    line = FaultyConnection(visit.page, unheard=ANSWERS)
    page = served.course(visit)
    cell = served.cell(page, "vera", date(2026, 11, 18))
    line.on = True
    cell.click()
    page.keyboard.press("4")
    expect(cell).to_have_attribute("data-state", "saving")
    line.on = False
    expect(cell).to_have_attribute("data-state", "rest", timeout=9000)
    cell.click()
    expect(page.get_by_test_id("history").locator("li")).to_have_count(1)
