"""The grid under test: its cells, and the large course that is typed into."""

from __future__ import annotations

from datetime import date
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import text

from ais_app.journal import settings
from tests.browser.conftest import School
from tests.builders import large_course
from tests.settings import begin_with

TODAY, FRIDAY, THURSDAY, WEDNESDAY = (date(2026, 11, day) for day in (23, 20, 19, 18))
TUESDAY = date(2026, 11, 17)
HISTORY = "history"


def saved(cell, value: str) -> None:
    expect(cell).to_have_attribute("data-value", value)
    expect(cell).to_have_attribute("data-state", "rest")


def paste(page: Page, block: str) -> None:
    """Paste a block of a spreadsheet at the active cell."""
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData("text/plain", text);
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})) }""",
        block,
    )


class FaultyConnection:
    """The socket of a page, to be opened after this. While `on`, frames that hold `unheard` do not come, `unsent` not go,
    and those that hold `late` come with `catch_up`: only a socket that ends loses what the server has said.
    """

    def __init__(self, page: Page, unheard: str = "", unsent: str = "", late: str = "") -> None:
        self.on, self._unheard, self._unsent, self._late = False, unheard, unsent, late
        self._held: list[tuple[Any, Any]] = []
        page.route_web_socket("**/_event/**", self._between)

    def _between(self, route) -> None:
        server = route.connect_to_server()
        route.on_message(lambda message: None if self._lost(self._unsent, message) else server.send(message))
        server.on_message(lambda message: self._heard(route, message))

    def _heard(self, route, message) -> None:
        if self._lost(self._late, message):
            self._held.append((route, message))
        elif not self._lost(self._unheard, message):
            route.send(message)

    def catch_up(self) -> None:
        """Nothing is withheld any more, and what was late comes."""
        self.on = False
        while self._held:
            route, message = self._held.pop(0)
            route.send(message)

    def _lost(self, words: str, message: object) -> bool:
        return self.on and words != "" and words in str(message)


NEWS_OF_OTHERS, ANSWERS, EDITS = '"by"', "answer_rx_state_", "journal_state.enter"


def course_of(served: School, login: str = "historian", size=None) -> tuple[Page, Any]:
    """The historian's own course: no other test writes there."""
    visit = served.visit(login, size=size)
    page = visit.page
    page.goto(f"{served.server.url}/journal/{served.school.courses[HISTORY]}")
    page.get_by_test_id("phone-marks" if size else "journal-grid").wait_for()
    return page, visit


def cells(served: School, page: Page, day: date, *logins: str):
    return [served.cell(page, login, day, HISTORY) for login in logins]


def big(served: School) -> str:
    if "physics" not in served.school.courses:
        begin_with(served.school.database, served.school.ref, settings.EDIT_WINDOW, 100)
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
