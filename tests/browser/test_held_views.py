"""What a browser holds of a sheet and of a week: asked for every time, shown to nobody who may not read it (D-42, S-25)."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import School
from tests.browser.grid import TODAY

SHEET = '"sheet_rx_state_":{"'


def statuses(page: Page, opened) -> dict[str, int]:
    """How the page and its view are answered while `opened` is done: by the end of their addresses."""
    found: dict[str, int] = {}

    def note(answer) -> None:
        for name in ("/sheet", "/week", "/diary"):
            if answer.url.partition("?")[0].endswith(name):
                found[name] = answer.status

    page.on("response", note)
    opened()
    page.remove_listener("response", note)
    return found


def test_a_sheet_comes_by_a_request_and_the_socket_brings_none(served: School):
    visit = served.visit("teacher", personal=True)
    page = served.course(visit)
    expect(page.get_by_test_id("journal-title")).to_have_text("7А, Algebra")
    found = statuses(page, lambda: (page.reload(), page.get_by_test_id("journal-grid").wait_for()))
    assert found["/sheet"] in (200, 304)
    assert not any(SHEET in frame for frame in visit.received)


def test_a_week_stays_while_the_line_is_down_and_comes_anew_after_it(served: School):
    visit = served.visit("mother", at="/")
    page = visit.page
    expect(page.get_by_test_id("diary")).to_be_visible()
    week = page.get_by_test_id("diary-week").text_content()
    page.get_by_test_id("week-before").click()
    expect(page.get_by_test_id("diary-week")).not_to_have_text(week or "")
    earlier = page.get_by_test_id("diary-week").text_content()
    page.reload()
    expect(page.get_by_test_id("diary-week")).to_have_text(earlier or "")
    page.get_by_test_id("week-now").click()
    expect(page.get_by_test_id("diary-week")).to_have_text(week or "")


def test_s25_the_way_back_after_signing_out_shows_no_mark(served: School):
    """On an own device the browser holds page and sheet; neither is shown without being asked for."""
    visit = served.visit("teacher", personal=True)
    page = served.course(visit)
    page.reload()
    page.get_by_test_id("journal-grid").wait_for()
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    page.go_back()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    expect(page.get_by_test_id("journal-grid")).to_have_count(0)
    visit.complaints[:] = [one for one in visit.complaints if "WebSocket" not in one]


def test_a_page_that_is_being_left_by_signing_out_does_not_open_itself_anew(served: School):
    """The answer is slow: meanwhile the page hears by plain HTTP that its session is over."""
    visit = served.visit("teacher", personal=True)
    page = served.course(visit)

    def slowly(route) -> None:
        answer = route.fetch(max_redirects=0)
        time.sleep(1.5)
        route.fulfill(response=answer)

    page.route("**/logout", slowly)
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    assert page.url == f"{served.server.url}/login"
    visit.complaints[:] = [one for one in visit.complaints if "WebSocket" not in one]


def test_a_sheet_that_may_no_longer_be_read_says_so(served: School):
    """The right went between the wish of the socket and the request."""
    page = served.visit("teacher").page
    page.route("**/sheet*", lambda route: route.fulfill(status=404))
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    expect(page.get_by_text("Такого журнала нет")).to_be_visible()
    expect(page.locator("[aria-busy]")).to_have_count(0)


def test_a_wish_for_a_sheet_that_came_before_the_page_stood_is_followed(served: School):
    """The address of a lesson becomes that of its period as soon as the socket speaks, be the page there or not."""
    page = served.visit("teacher").page
    page.route("**/js/ahead.js*", lambda route: route.fulfill(body=""))
    lesson = served.school.lesson("algebra", TODAY)
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}?lesson={lesson}")
    expect(page.get_by_test_id("journal-grid")).to_be_visible()
