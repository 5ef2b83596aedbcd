"""The deputy's list of journals: search, filters, parts, order, link, file; on a phone too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, School
from tests.browser.test_appearance import OF_COLOURS, THEMES, serious


def journals(served: School, query: str = "", size=None, login: str = "deputy") -> Page:
    page = served.visit(login, size=size).page
    page.goto(f"{served.server.url}/journal{query}")
    page.get_by_test_id("part-chips").wait_for()
    return page


def test_a_link_shows_the_same_list(served: School):
    page = journals(served)
    page.get_by_test_id("search-q").fill("7а algebra")
    row = page.get_by_test_id("journals").locator("tbody tr")
    expect(row).to_have_count(1)
    expect(page.get_by_test_id("journals-summary")).to_contain_text("1 из ")
    page.get_by_test_id("part-debts").click()
    expect(page).to_have_url(re.compile(r"part=debts"))
    other = served.visit("director").page
    other.goto(page.url)
    expect(other.get_by_test_id("journals").locator("tbody tr")).to_have_count(1)
    expect(other.get_by_test_id("search-q")).to_have_value("7а algebra")
    expect(other.get_by_test_id("part-debts")).to_have_attribute("aria-pressed", "true")


def test_a_journal_is_opened_by_keyboard_alone(served: School):
    page = journals(served)
    page.keyboard.press("/")
    page.get_by_test_id("search-q").press_sequentially("algebra")
    page.get_by_test_id("journals").wait_for()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=algebra"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("journal-grid")).to_be_visible()


def test_what_is_not_there_says_what_was_searched(served: School):
    page = journals(served, "?q=астрономия&part=debts")
    expect(page.get_by_test_id("empty")).to_contain_text("астрономия")
    page.get_by_test_id("forget-conditions").click()
    expect(page.get_by_test_id("journals")).to_be_visible()
    expect(page).not_to_have_url(re.compile("part=|q="))


def test_the_list_is_exported_as_it_is_seen(served: School):
    page = journals(served, "?q=algebra")
    page.get_by_test_id("journals").wait_for()
    with page.expect_download() as begun:
        page.get_by_test_id("export-journals").click()
    with open(begun.value.path(), encoding="utf-8-sig") as file:  # noqa: PTH123
        head, *lines = file.read().splitlines()
    assert head.startswith("Класс;Предмет;Учитель")
    assert len(lines) == page.locator("[data-row]").count()


def test_who_does_not_look_after_the_school_gets_no_file_and_no_list(served: School):
    for login, status in (("teacher", 404), ("mother", 404)):
        page = served.visit(login).page
        answer = page.request.get(f"{served.server.url}/journal/list", max_redirects=0)
        assert answer.status in (status, 403), login
    page = served.visit("teacher", at="/journal").page
    expect(page.get_by_test_id("courses")).to_be_visible()
    assert page.get_by_test_id("part-chips").count() == 0


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious(served: School, size):
    page = journals(served, size=size)
    page.emulate_media(reduced_motion="reduce")
    findings = []
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        found = serious(page) if theme == "usual" else serious(page, OF_COLOURS)
        findings += [f"{theme} {one}" for one in found]
    assert findings == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
