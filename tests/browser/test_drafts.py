"""What is typed in a form, and the place that a page shows, outlive whatever happens to the line and the session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests import servers
from tests.browser.conftest import PHONE, School, founded, school_of_its_own
from tests.browser.grid import forgive
from tests.browser.test_nothing_to_show import execute
from tests.builders import PASSWORD

TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)
DRAFTS = """() => [localStorage, sessionStorage].map(
    (one) => Array.from({length: one.length}, (_, i) => one.key(i)).filter((key) => key.includes(":draft:")))"""


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change lessons and end sessions: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


class FaultyConnection:
    """The socket of a page, to be opened after this: it can be cut for a moment, as a bad network does."""

    def __init__(self, page: Page) -> None:
        self._page, self._opened = page, 0
        self._ends: tuple[Any, ...] = ()
        page.route_web_socket("**/_event/**", self._between)

    def _between(self, route) -> None:
        server = route.connect_to_server()
        self._ends = (route, server)
        route.on_message(server.send)
        server.on_message(lambda message: self._heard(route, message))

    def _heard(self, route, message) -> None:
        if '"is_hydrated_rx_state_":true' in str(message):
            self._opened += 1
        route.send(message)

    def wait(self, times: int) -> None:
        """Until the page was opened so many times over its sockets, `on_load` included."""

        def is_open() -> bool:
            self._page.wait_for_timeout(20)  # the events of Playwright come meanwhile
            return self._opened >= times

        servers.wait_for(is_open, f"opened {self._opened} times of {times}")

    def cut(self, *, heard: bool = True) -> None:
        """`heard`: the server notices too; else it takes the tab for a second one and begins a new state."""
        route, server = self._ends
        before = self._opened
        route.close(code=1001)
        if heard:
            server.close(code=1001)
        self.wait(before + 1)


def teacher_with_connection(served: School, *, personal: bool = False) -> tuple[Page, FaultyConnection, Any]:
    visit = served.visit("teacher", personal=personal)
    line = FaultyConnection(visit.page)
    page = served.course(visit)
    line.wait(1)
    return page, line, visit


def start_typing(page: Page) -> None:
    page.get_by_test_id("edit-lesson").click()
    page.get_by_test_id("topic").fill("Дроби")
    page.get_by_test_id("homework").press_sequentially("№ 12")


def still_there(page: Page) -> None:
    expect(page.get_by_test_id("topic")).to_have_value("Дроби")
    expect(page.get_by_test_id("homework")).to_have_value("№ 12")


def drafts(page: Page) -> int:
    return sum(len(keys) for keys in page.evaluate(DRAFTS))


@pytest.mark.parametrize("heard", [True, False], ids=["the same state", "a forgotten state"])
def test_a_line_cut_for_a_moment_takes_nothing_from_a_form(served: School, heard: bool):
    page, line, visit = teacher_with_connection(served)
    start_typing(page)
    line.cut(heard=heard)
    still_there(page)
    expect(page.get_by_test_id("homework")).to_be_focused()
    page.get_by_test_id("homework").press_sequentially("3")
    expect(page.get_by_test_id("homework")).to_have_value("№ 123")
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("lesson-homework")).to_have_text("№ 123")
    expect(page.get_by_test_id("draft-restored")).to_have_count(0)
    assert drafts(page) == 0
    reset(served)
    forgive(visit)


def reset(served: School) -> None:
    execute(served, "UPDATE lesson SET topic = '', version = version + 1 WHERE topic = 'Дроби'")
    execute(served, "DELETE FROM homework WHERE text LIKE '№ 12%'")


def test_a_reload_and_a_click_in_the_menu_bring_the_form_back_with_its_draft(served: School):
    page = served.course(served.visit("teacher"))
    start_typing(page)
    page.reload()
    still_there(page)
    expect(page.get_by_test_id("draft-restored")).to_contain_text("Черновик восстановлен")
    page.get_by_role("navigation").get_by_role("link", name="Сегодня").click()
    page.get_by_test_id("to-write-down").wait_for()
    page.go_back()
    still_there(page)
    page.get_by_role("navigation").get_by_role("link", name="Сегодня").click()
    page.get_by_test_id("to-write-down").wait_for()
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    still_there(page)
    page.get_by_test_id("discard-draft").click()
    expect(page.get_by_test_id("topic")).to_have_value("")
    expect(page.get_by_test_id("draft-restored")).to_have_count(0)
    assert drafts(page) == 0


def test_cancelling_a_form_gives_its_draft_up(served: School):
    page = served.course(served.visit("teacher"))
    start_typing(page)
    page.get_by_role("button", name="Отмена", exact=True).click()
    page.get_by_test_id("edit-lesson").click()
    expect(page.get_by_test_id("topic")).to_have_value("")
    assert drafts(page) == 0


def test_a_lesson_with_a_draft_says_so_where_its_form_is_opened(served: School):
    page = served.course(served.visit("teacher"))
    start_typing(page)
    lesson = served.school.lesson("algebra", FRIDAY)
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}?lesson={lesson}")
    expect(page.get_by_test_id("edit-lesson")).to_be_visible()
    expect(page.get_by_test_id("has-draft")).to_have_count(0)
    served.cell(page, "anna", TODAY).click()
    expect(page.get_by_test_id("edit-lesson").get_by_test_id("has-draft")).to_have_text("черновик")
    page.get_by_test_id("edit-lesson").click()
    still_there(page)
    page.get_by_test_id("discard-draft").click()


def test_the_sign_of_a_draft_goes_when_it_is_saved(served: School):
    page = served.course(served.visit("teacher"))
    served.cell(page, "anna", TODAY).click()
    start_typing(page)
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("lesson-topic")).to_have_text("Дроби")
    expect(page.get_by_test_id("edit-lesson")).to_be_visible()
    expect(page.get_by_test_id("has-draft")).to_have_count(0)
    reset(served)


def test_a_draft_over_a_lesson_that_was_changed_meanwhile_shows_both_texts(served: School):
    page = served.course(served.visit("teacher"))
    start_typing(page)
    execute(served, "UPDATE lesson SET topic = 'Проценты', version = version + 1 WHERE day = '2026-11-23'")
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("notice")).to_contain_text("тем временем")
    page.reload()
    still_there(page)
    expect(page.get_by_test_id("draft-theirs")).to_contain_text("Проценты")
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("lesson-topic")).to_have_text("Дроби")
    execute(served, "UPDATE lesson SET topic = '', version = version + 1 WHERE day = '2026-11-23'")
    reset(served)


def end_sessions(served: School) -> None:
    """As after a change of roles on the command line: the sessions end, nobody tells the open pages."""
    execute(served, "UPDATE login_session SET ended_at = '2026-11-23 06:00:00' WHERE ended_at IS NULL")


def sign_in_again(page: Page, login: str = "teacher") -> None:
    page.get_by_test_id("login-name").fill(login)
    page.get_by_test_id("login-password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_test_id("login-submit").click()


def next_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("next", [""])[0]


def test_a_session_ended_elsewhere_leads_back_to_the_open_form(served: School):
    visit = served.visit("teacher")
    page = served.course(visit)
    start_typing(page)
    elsewhere = served.visit("teacher", at="/").page
    elsewhere.get_by_test_id("to-write-down").wait_for()
    elsewhere.goto(f"{served.server.url}/account")
    elsewhere.get_by_test_id("end-others").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    assert next_of(page).startswith(f"/journal/{served.school.courses['algebra']}?edit=")
    sign_in_again(page)
    still_there(page)
    expect(page.get_by_test_id("draft-restored")).to_be_visible()
    page.get_by_test_id("discard-draft").click()
    forgive(visit)


def test_an_event_of_an_ended_session_leads_back(served: School):
    visit = served.visit("teacher")
    page = served.course(visit)
    start_typing(page)
    end_sessions(served)

    def is_sent_away() -> bool:
        """The registry of the server knows a session for three seconds more."""
        views = page.get_by_test_id("view-marks").first
        if views.count():
            views.evaluate("one => one.click()")
        page.wait_for_timeout(100)
        return page.get_by_test_id("login-form").count() == 1

    servers.wait_for(is_sent_away, "the sign-in page")
    assert next_of(page).startswith("/journal/")
    forgive(visit)


def test_a_socket_refused_because_the_session_has_ended_leads_to_the_sign_in_page_and_back(served: School):
    page, line, visit = teacher_with_connection(served)
    start_typing(page)
    page.context.clear_cookies()
    route, server = line._ends
    route.close(code=1001)
    server.close(code=1001)
    expect(page.get_by_test_id("login-form")).to_be_visible(timeout=15_000)
    assert next_of(page).startswith("/journal/")
    sign_in_again(page)
    still_there(page)
    page.get_by_test_id("discard-draft").click()
    forgive(visit)


def test_signing_out_clears_the_drafts_and_another_person_sees_none(served: School):
    visit = served.visit("teacher", personal=True)
    page = served.course(visit)
    start_typing(page)
    device, tab = page.evaluate(DRAFTS)
    assert (len(device), len(tab)) == (1, 0)
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    assert drafts(page) == 0


def test_on_a_shared_device_a_draft_is_the_tab_s_and_goes_when_another_signs_in(served: School):
    visit = served.visit("teacher")
    page = served.course(visit)
    start_typing(page)
    device, tab = page.evaluate(DRAFTS)
    assert (len(device), len(tab)) == (0, 1)
    assert "Дроби" not in tab[0]
    page.context.clear_cookies()
    page.goto(f"{served.server.url}/login")
    sign_in_again(page, "historian")
    page.get_by_test_id("to-write-down").wait_for()
    expect(page.get_by_test_id("person-menu")).to_contain_text("Historian")
    assert drafts(page) == 0
    forgive(visit)


def test_a_remark_and_a_comment_are_kept_for_their_student_and_cell(served: School):
    visit = served.visit("teacher")
    page = served.course(visit)
    anna, vera = served.cell(page, "anna", TODAY), served.cell(page, "vera", TODAY)
    vera.click()
    expect(page.get_by_test_id("cell-student")).to_contain_text("Vera")
    page.get_by_test_id("write-remark").click()
    page.get_by_test_id("remark").fill("Нет тетради")
    anna.click()
    expect(page.get_by_test_id("cell-student")).to_contain_text("Anna")
    expect(page.get_by_test_id("remark")).to_be_hidden()
    vera.click()
    expect(page.get_by_test_id("remark")).to_have_value("Нет тетради")
    expect(page.get_by_test_id("remark")).to_be_visible()
    page.reload()
    page.get_by_test_id("journal-grid").wait_for()
    expect(page.get_by_test_id("remark")).to_have_value("Нет тетради")
    page.get_by_test_id("save-remark").click()
    expect(page.get_by_test_id("remarks")).to_contain_text("Нет тетради")
    expect(page.get_by_test_id("remark")).to_be_hidden()
    expect(page.get_by_test_id("remark")).to_have_value("")
    assert drafts(page) == 0


def test_a_new_lesson_is_kept(served: School):
    teacher = served.visit("teacher")
    page = served.course(teacher)
    page.get_by_test_id("add-lesson").click()
    page.locator("#number").fill("9")
    page.reload()
    page.get_by_test_id("journal-grid").wait_for()
    page.get_by_test_id("add-lesson").click()
    expect(page.locator("#number")).to_have_value("9")
    page.get_by_test_id("add-lesson-submit").click()
    expect(page.get_by_test_id("notice")).to_be_visible()
    assert drafts(page) == 0


def test_the_reason_of_an_absence_is_kept(served: School):
    vera = served.school.people["vera"].uid
    served.school.enter(served.school.teacher(), "algebra", ("vera", FRIDAY, "н", 0))
    page = served.visit("historian", at="/").page
    page.get_by_test_id(f"excuse-{vera}").click()
    page.locator("#document").fill("Справка 17")
    page.locator("#reason").select_option("у")
    page.reload()
    expect(page.locator("#document")).to_have_value("Справка 17")
    expect(page.locator("#reason")).to_have_value("у")
    page.get_by_test_id("save-excuse").click()
    expect(page.get_by_test_id("notice")).to_contain_text("Причина")
    assert drafts(page) == 0


def test_the_week_of_a_diary_and_the_quarter_of_a_journal_stay(served: School):
    visit = served.visit("mother")
    page = visit.page
    line = FaultyConnection(page)
    page.goto(f"{served.server.url}/diary")
    line.wait(1)
    page.get_by_test_id("week-before").click()
    page.get_by_test_id("diary-view-day").click()
    expect(page.locator(".day:visible")).to_have_count(1)
    week = page.get_by_test_id("diary-week").inner_text()
    for heard in (True, False):
        line.cut(heard=heard)
        expect(page.get_by_test_id("diary-week")).to_have_text(week)
        expect(page.locator(".day:visible")).to_have_count(1)
    page.get_by_role("navigation").get_by_role("link", name="Дневник").click()
    expect(page.get_by_test_id("diary-week")).to_have_text(week)
    teacher = served.visit("teacher")
    line = FaultyConnection(teacher.page)
    page = served.course(teacher)
    line.wait(1)
    first = page.get_by_test_id(f"period-{served.school.periods[0]}").first
    first.click()
    page.get_by_test_id("view-topics").first.click()
    expect(page.get_by_test_id("topics")).to_be_visible()
    for heard in (True, False):
        line.cut(heard=heard)
        expect(first).to_have_attribute("aria-current", "true")
        expect(page.get_by_test_id("topics")).to_be_visible()
    forgive(visit)
    forgive(teacher)


def test_a_killed_server_takes_nothing_from_a_form(tmp_path, browser):
    url, school = founded(tmp_path)
    port = servers.free_port()
    with servers.running(tmp_path, url, port) as server:
        served = School(server, browser, school)
        page = served.course(served.visit("teacher"))
        start_typing(page)
        server.kill()
        expect(page.get_by_test_id("no-connection")).to_be_visible()
        page.get_by_test_id("homework").press_sequentially("3")
        with servers.running(tmp_path, url, port):
            expect(page.get_by_test_id("no-connection")).to_have_count(0, timeout=20_000)
            expect(page.get_by_test_id("topic")).to_have_value("Дроби")
            expect(page.get_by_test_id("homework")).to_have_value("№ 123")
            page.get_by_test_id("save-lesson").click()
            expect(page.get_by_test_id("lesson-topic")).to_have_text("Дроби")
            page.context.close()
    assert (
        school.database.read(
            lambda one: one.execute(text("SELECT count(*) FROM lesson WHERE topic = 'Дроби'")).scalar_one()
        )
        == 1
    )
    school.database.close()


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_the_word_about_a_draft_fits_its_place(served: School, size, tmp_path):
    visit = served.visit("teacher", size=size)
    page = visit.page
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    if size:
        page.get_by_test_id("phone-marks").wait_for()
    else:
        page.get_by_test_id("journal-grid").wait_for()
    page.get_by_test_id("edit-lesson").click()
    page.get_by_test_id("topic").fill("Сложение и вычитание дробей с разными знаменателями")
    execute(served, "UPDATE lesson SET topic = 'Проценты', version = version + 1 WHERE day = '2026-11-23'")
    page.reload()
    expect(page.get_by_test_id("draft-theirs")).to_be_visible()
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    execute(served, "UPDATE lesson SET topic = '', version = version + 1 WHERE day = '2026-11-23'")
