"""Corrections: the teacher says why an older mark is changed, the family sees it beside the mark and signs it again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from ais_app.journal.grid.queries.cells import stored_cells
from ais_app.journal.remarks.service import add_remark
from ais_app.rights.rules import Role
from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own
from tests.browser.grid import FaultyConnection, forgive, paste, saved
from tests.conftest import MONDAY

TODAY, FRIDAY, THURSDAY, WEDNESDAY, TUESDAY = (date(2026, 11, day) for day in (23, 20, 19, 18, 17))
LONG_AGO = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # the server's clock begins on Monday the 23rd
WHY = "Отметки двух учеников перепутаны при вводе"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change marks and signatures: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def long_ago(served: School, *cells: tuple[str, date, str], course: str = "algebra") -> None:
    """Marks that have stood for days: (student, day, text)."""
    school = served.school
    teacher = school.actor("teacher" if course == "algebra" else "historian", Role.TEACHER)
    school.database.clock.moment = LONG_AGO
    try:
        school.enter(
            teacher,
            course,
            *((student, day, value, version(served, student, day, course)) for student, day, value in cells),
        )
    finally:
        school.database.clock.moment = MONDAY


def version(served: School, student: str, day: date, course: str) -> int:
    """The version of a cell now."""
    school = served.school
    query = text("SELECT work.id, person.id FROM work, person WHERE work.uid = :work AND person.uid = :student")
    place = {"work": school.work(course, day), "student": school.people[student].uid}

    def find(connection):
        work, person = connection.execute(query, place).one()
        found = stored_cells(connection, [work], [person]).get((person, work))
        return found.version if found else 0

    return school.database.read(find)


def asked(cell, stands: str, value: str) -> None:
    """The old mark stands in the cell, the new one waits for a reason."""
    expect(cell).to_have_attribute("data-state", "ask")
    expect(cell).to_have_attribute("data-value", stands)
    expect(cell).to_have_attribute("data-asked", value)


def mark(served: School, page: Page, day: date, course: str = "algebra"):
    return page.get_by_test_id(f"mark-{served.school.work(course, day)}").first


def the_week_before(page: Page, day: date) -> None:
    """The diary at the week of last Friday, on a phone at that day."""
    page.get_by_test_id("week-before").click()
    expect(page.get_by_test_id(f"day-{day.isoformat()}")).to_have_count(1)
    if page.viewport_size == PHONE:
        page.get_by_role("tab").nth(day.weekday()).click()


def test_an_older_mark_is_a_question_that_a_reason_answers(served: School):
    long_ago(served, ("anna", FRIDAY, "5"))
    page = served.course(served.visit("teacher"))
    cell = served.cell(page, "anna", FRIDAY)
    cell.click()
    page.keyboard.press("3")
    asked(cell, "5", "3")
    expect(page.get_by_test_id("grid-status")).to_contain_text("Семья уже видела «5»")
    expect(page.get_by_test_id("questions")).to_have_text("1 вопрос")
    expect(page.get_by_test_id("grid-reason")).to_have_count(0)  # the cursor has moved on: nobody is stopped
    page.keyboard.press("ArrowUp")
    expect(page.get_by_test_id("grid-reason")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#grid-reason-field")).to_be_focused()
    page.keyboard.press("Enter")  # nothing said: nothing written
    asked(cell, "5", "3")
    page.keyboard.type(WHY)
    page.keyboard.press("Enter")
    saved(cell, "3")
    expect(page.get_by_test_id("questions")).to_have_count(0)
    cell.click()
    expect(page.get_by_test_id("lesson-panel")).to_contain_text(WHY)


def test_the_question_survives_a_reload_and_can_be_dropped(served: School):
    long_ago(served, ("boris", FRIDAY, "4"))
    page = served.course(served.visit("teacher"))
    served.cell(page, "boris", FRIDAY).click()
    page.keyboard.press("Delete")
    asked(served.cell(page, "boris", FRIDAY), "4", "")
    page.keyboard.press("Enter")
    page.keyboard.type("начало причины")
    page.reload()
    page.get_by_test_id("journal-grid").wait_for()
    expect(served.cell(page, "boris", FRIDAY)).to_have_attribute("data-state", "ask")
    served.cell(page, "boris", FRIDAY).click()
    expect(page.locator("#grid-reason-field")).to_have_value("начало причины")
    page.get_by_test_id("grid-reason").get_by_role("button", name="Оставить").click()
    saved(served.cell(page, "boris", FRIDAY), "4")


def test_a_reason_half_written_comes_back_when_it_is_known_whose_it_is(served: School):
    """The bar can be opened before that, and its field stayed empty."""
    long_ago(served, ("boris", TUESDAY, "4"))
    visit = served.visit("teacher")
    line = FaultyConnection(visit.page, late="shell_state")
    page = served.course(visit)
    cell = served.cell(page, "boris", TUESDAY)
    cell.click()
    page.keyboard.press("Delete")
    asked(cell, "4", "")
    page.keyboard.press("Enter")
    page.keyboard.type("начало причины")
    line.on = True
    page.reload()
    expect(cell).to_have_attribute("data-state", "ask")  # the sheet was read ahead; who is here comes after it
    cell.click()
    expect(page.locator("#grid-reason-field")).to_have_value("")
    line.catch_up()
    expect(page.locator("#grid-reason-field")).to_have_value("начало причины")
    page.get_by_test_id("grid-reason").get_by_role("button", name="Оставить").click()
    saved(cell, "4")


def test_a_block_is_written_but_for_the_older_marks_in_it(served: School):
    long_ago(served, ("anna", THURSDAY, "5"), ("vera", THURSDAY, "4"))
    page = served.course(served.visit("teacher"))
    served.cell(page, "anna", THURSDAY).click()
    paste(page, "2\n2\n4")
    asked(served.cell(page, "anna", THURSDAY), "5", "2")
    saved(served.cell(page, "boris", THURSDAY), "2")
    saved(served.cell(page, "vera", THURSDAY), "4")
    served.cell(page, "boris", THURSDAY).click()
    page.keyboard.press("Control+z")  # the question was never written: undo takes back what was
    saved(served.cell(page, "boris", THURSDAY), "")
    asked(served.cell(page, "anna", THURSDAY), "5", "2")
    served.cell(page, "anna", THURSDAY).click()
    page.keyboard.press("Escape")
    saved(served.cell(page, "anna", THURSDAY), "5")


def test_without_a_line_the_entry_waits_and_is_asked_when_it_is_back(served: School):
    long_ago(served, ("anna", WEDNESDAY, "5"))
    visit = served.visit("teacher")
    page = served.course(visit)
    served.cell(page, "anna", WEDNESDAY).click()
    page.context.set_offline(True)
    page.keyboard.press("4")
    expect(served.cell(page, "anna", WEDNESDAY)).to_have_attribute("data-state", "saving")
    page.context.set_offline(False)
    asked(served.cell(page, "anna", WEDNESDAY), "5", "4")
    served.cell(page, "anna", WEDNESDAY).click()
    page.locator("#grid-reason-field").fill(WHY)
    page.get_by_test_id("grid-reason").get_by_role("button", name="Записать 4").click()
    saved(served.cell(page, "anna", WEDNESDAY), "4")
    forgive(visit)


def test_an_entry_of_the_last_moment_is_asked_when_the_journal_is_opened_again(served: School):
    long_ago(served, ("vera", TUESDAY, "3"))
    page = served.course(served.visit("teacher"))
    served.cell(page, "vera", TUESDAY).click()
    page.keyboard.press("5")
    page.goto(f"{served.server.url}/journal")
    page.get_by_role("heading").first.wait_for()
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    page.get_by_test_id("journal-grid").wait_for()
    asked(served.cell(page, "vera", TUESDAY), "3", "5")


def test_a_phone_asks_in_the_students_row(served: School):
    long_ago(served, ("boris", WEDNESDAY, "5"))
    page = served.visit("teacher", size=PHONE).page
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    page.get_by_test_id("phone-marks").wait_for()
    page.get_by_test_id(f"day-{served.school.work('algebra', WEDNESDAY)}").click()
    cell = served.cell(page, "boris", WEDNESDAY)
    cell.click()
    page.get_by_test_id("put-3").click()
    asked(cell, "5", "3")
    page.get_by_test_id("questions").click()
    field = page.locator("#grid-reason-field")
    field.fill(WHY)
    button = page.get_by_test_id("grid-reason").get_by_role("button", name="Записать 3")
    assert (button.bounding_box() or {"height": 0})["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    button.click()
    saved(cell, "3")


# --- the family -------------------------------------------------------------------------------------------------------


@SIZES
def test_a_correction_and_a_remark_after_the_signature_ask_again_on_an_open_page(served: School, size):
    """A mother has signed last week; her page is open while a mark is corrected and a remark is written."""
    guardian, child = ("mother", "anna") if size == DESKTOP else ("stranger", "boris")
    course, day = "history", THURSDAY
    long_ago(served, (child, day, "5"), course=course)
    page = served.visit(guardian, size=size, at="/").page
    the_week_before(page, day)
    ack = page.get_by_test_id("acknowledge")
    ack.click()
    expect(ack).to_have_count(0)
    expect(mark(served, page, day, course)).to_contain_text("5")

    journal = served.course(served.visit("historian"), course)
    cell = served.cell(journal, child, day, course)
    cell.click()
    journal.keyboard.press("3")
    asked(cell, "5", "3")
    cell.click()
    journal.locator("#grid-reason-field").fill(WHY)
    journal.keyboard.press("Enter")
    saved(cell, "3")

    shown = page.get_by_test_id(f"lesson-{served.school.lesson(course, day)}")
    expect(shown.get_by_test_id("correction")).to_contain_text(f"Причина: {WHY}")
    expect(shown.get_by_test_id("correction")).to_contain_text("Historian A. I.")
    expect(page.get_by_test_id("changed-after")).to_contain_text("5 → 3")
    expect(ack).to_have_text("Ознакомлен(а) с изменениями")
    place = served.school.lesson(course, day), served.school.people[child].uid, "Не было тетради"
    served.school.database.write(lambda uow: add_remark(uow, served.school.actor("historian", Role.TEACHER), *place))
    page.reload()  # the week and the day stay
    expect(page.get_by_test_id("changed-after")).to_contain_text("новое замечание")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    ack.click()
    expect(page.get_by_test_id("changed-after")).to_have_count(0)
    expect(ack).to_have_count(0)
    expect(page.get_by_test_id("acknowledgement")).to_contain_text(f"{guardian.capitalize()} A. I.")


@SIZES
def test_a_mark_opens_by_tap_and_by_keyboard_and_closes_by_escape_and_outside(served: School, size):
    day = THURSDAY if size == DESKTOP else TUESDAY
    long_ago(served, ("anna", day, "4"), course="history")
    page = served.visit("anna", size=size, at="/").page
    the_week_before(page, day)
    sheet = page.get_by_test_id("sheet")
    opener = mark(served, page, day, "history")
    expect(opener).to_be_visible()
    if size == PHONE:
        box = opener.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    opener.click()
    expect(sheet).to_be_visible()
    expect(sheet.get_by_test_id("opened-kind")).to_contain_text("вес 3")
    expect(sheet.get_by_test_id("opened-when")).to_contain_text("ноября")
    expect(sheet.get_by_test_id("opened-teacher")).to_have_text("Historian A. I.")
    expect(sheet.get_by_test_id("opened-written")).to_contain_text("Historian A. I., 20 ноября, 15:00")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(sheet).to_be_visible()
    page.mouse.click(5, 5)
    expect(sheet).to_be_hidden()
    opener.click()
    page.get_by_test_id("close-sheet").click()
    expect(sheet).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@SIZES
def test_a_mark_opens_in_progress_too(served: School, size):
    day = THURSDAY if size == DESKTOP else TUESDAY
    long_ago(served, ("vera", day, "4"), course="history")
    page = served.visit("vera", size=size).page
    page.goto(f"{served.server.url}/progress")
    opener = mark(served, page, day, "history")
    expect(opener).to_be_visible()
    if size == PHONE:
        box = opener.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("opened-teacher")).to_have_text("Historian A. I.")
    expect(page.get_by_test_id("opened-kind")).to_contain_text("вес 3")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("sheet")).to_be_hidden()
    expect(opener).to_be_focused()


def test_an_open_sheet_follows_what_the_teacher_writes(served: School):
    long_ago(served, ("anna", FRIDAY, "4"), course="history")
    page = served.visit("mother", size=PHONE, at="/").page
    the_week_before(page, FRIDAY)
    mark(served, page, FRIDAY, "history").click()
    expect(page.get_by_test_id("opened-corrections")).to_have_count(0)
    journal = served.course(served.visit("historian"), "history")
    cell = served.cell(journal, "anna", FRIDAY, "history")
    cell.click()
    journal.keyboard.press("5")
    asked(cell, "4", "5")
    cell.click()
    journal.locator("#grid-reason-field").fill(WHY)
    journal.keyboard.press("Enter")
    saved(cell, "5")
    expect(page.get_by_test_id("opened-corrections")).to_contain_text(WHY)
