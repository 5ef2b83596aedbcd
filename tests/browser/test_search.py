"""The search and the help in a browser: by the keyboard, on a phone, without a connection, and for whom axe speaks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, School
from tests.browser.grid import forgive
from tests.browser.test_appearance import serious

THEMES = ("", "dark", "contrast", "contrast-dark")


def opened(served: School, login: str, at: str = "/", size=DESKTOP):
    page = served.visit(login, at=at, size=size).page
    page.get_by_test_id("person-menu").wait_for()
    page.get_by_test_id("open-search").click()
    page.get_by_test_id("search-input").wait_for()
    expect(page.get_by_test_id("hit").first).to_be_visible()
    return page


def test_a_journal_is_found_and_opened_by_the_keyboard(served: School):
    page = served.visit("deputy", at="/operations").page
    page.get_by_test_id("person-menu").wait_for()
    page.keyboard.press("Control+k")
    expect(page.get_by_test_id("search-input")).to_be_focused()
    page.keyboard.type("7а his")
    hit = page.get_by_test_id("hit").first
    expect(hit).to_contain_text("7А, History")
    expect(hit).to_have_attribute("aria-selected", "true")
    expect(hit.locator("mark").first).to_have_text("7А")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/journal/[a-z2-7]{16}"))
    page.get_by_test_id("person-menu").wait_for()
    page.keyboard.press("Control+k")
    expect(page.get_by_test_id("hit").first).to_contain_text("7А, History")


def test_escape_empties_then_closes_and_the_focus_returns(served: School):
    page = served.visit("director", at="/").page
    page.get_by_test_id("view-menu").focus()
    page.keyboard.press("/")
    page.get_by_test_id("search-input").fill("alg")
    expect(page.get_by_test_id("hit").first).to_contain_text("Algebra")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("search-input")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("search")).not_to_be_visible()
    expect(page.get_by_test_id("view-menu")).to_be_focused()


def test_tab_goes_to_the_next_section_and_arrows_go_round(served: School):
    page = opened(served, "deputy")
    page.get_by_test_id("search-input").fill("7а")
    expect(page.locator("[data-section=classes]")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("[data-section=classes] [data-testid=hit]").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-section=journals] [data-testid=hit]").last).to_have_attribute("aria-selected", "true")


def test_nothing_of_others_comes_to_a_parent(served: School):
    page = opened(served, "mother", at="/diary")
    with page.expect_response("**/search") as answer:
        page.get_by_test_id("search-input").fill("alex")
    assert [hit["title"] for one in answer.value.json()["sections"] for hit in one["hits"]] == [["Anna ", "Alex", ""]]


def test_without_a_connection_the_search_says_so(served: School):
    page = opened(served, "teacher")
    page.context.set_offline(True)
    page.get_by_test_id("search-input").fill("alg")
    expect(page.get_by_test_id("search").locator(".note")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_test_id("search").locator(".note button").click()
    expect(page.get_by_test_id("hit").first).to_contain_text("Algebra")
    forgive(served.visits[-1])


def test_what_was_opened_is_forgotten_with_the_sign_out(served: School):
    page = opened(served, "school_admin")
    page.get_by_test_id("search-input").fill("7а")
    page.get_by_test_id("hit").first.click()
    page.get_by_test_id("person-menu").wait_for()
    kept = "Object.keys({...localStorage, ...sessionStorage}).filter((one) => one.startsWith('ais-recent'))"
    assert page.evaluate(kept)
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    page.locator("[name=login]").wait_for()
    assert page.evaluate(kept) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_the_search(served: School, size):
    page = opened(served, "deputy", size=size)
    page.get_by_test_id("search-input").fill("a")
    expect(page.locator("[data-section=people]")).to_be_visible()
    for theme in THEMES:
        page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
        assert serious(page) == [], theme
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("at", ["/help", "/help/keys", "/help/whom-to-ask", "/help/means"])
def test_axe_finds_nothing_in_the_help(served: School, at, size):
    page = served.visit("teacher", at=at, size=size).page
    page.get_by_test_id("help-title").wait_for()
    for theme in THEMES:
        page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
        assert serious(page) == [], theme
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_help_opens_also_from_a_page_that_does_not_run_yet(served: School):
    """What the server sends before any script has run leads to the help, not to the page itself."""
    page = served.visit("deputy", at="/operations").page
    answer = page.request.get(f"{served.server.url}/operations")
    links = re.findall(r'<a [^>]*data-testid="help(?:-phone)?"[^>]*>', answer.text())
    assert links
    assert all(re.search(r'href="/help/?"', link) for link in links), links


def test_the_help_of_a_page_opens_and_topics_of_others_are_not_there(served: School):
    page = served.visit("deputy", at="/operations").page
    expect(page.get_by_test_id("help")).to_have_attribute("href", "/help/corrections")
    page.get_by_test_id("help").click()
    expect(page).to_have_url(re.compile("/help/corrections$"))
    answer = page.request.get(f"{served.server.url}/help/family")
    assert answer.status == 404
