"""Colours and modes: remembered for the account, right at the first paint, and without a serious finding of axe."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, School

THEMES = ("usual", "dark", "contrast", "contrast-dark")
OF_COLOURS = ("color-contrast", "link-in-text-block")
PAGES = (
    ("teacher", "/"),
    ("teacher", "course"),
    ("historian", "/diary"),
    ("mother", "/diary"),
    ("mother", "/progress"),
)


def choose(page: Page, field: str, value: str) -> None:
    page.get_by_test_id("view-menu").click()
    page.get_by_test_id(f"look-{field}-{value}").click()
    page.wait_for_load_state()


# What moves without end, such as the sign of loading, is not waited for.
STILL = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity).map((one) => one.finished))"""


def serious(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """The serious and critical findings of axe on the page once its colours stand still; of all rules, or of these."""
    page.evaluate(STILL)
    only = {"runOnly": {"type": "rule", "values": list(rules)}}
    answer = (Axe().run(page, options=only) if rules else Axe().run(page)).response
    assert len(answer["passes"]) > (0 if rules else 10), "axe has looked at nothing"
    found = answer["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]} ({len(one['nodes'])})"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_the_choice_is_kept_for_the_account_and_for_the_login_page(served: School):
    page = served.visit("deputy", at="/").page
    choose(page, "theme", "contrast-dark")
    choose(page, "vision", "large")
    choose(page, "spacing", "wide")
    html = page.locator("html")
    for name, value in (("theme", "contrast-dark"), ("vision", "large"), ("spacing", "wide")):
        expect(html).to_have_attribute(f"data-{name}", value)
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    expect(html).to_have_attribute("data-theme", "contrast-dark")
    elsewhere = served.visit("deputy").page
    elsewhere.goto(f"{served.server.url}/journal")
    expect(elsewhere.locator("html")).to_have_attribute("data-theme", "contrast-dark")
    expect(elsewhere.locator("html")).to_have_attribute("data-vision", "large")
    choose(elsewhere, "theme", "usual")
    choose(elsewhere, "vision", "usual")
    choose(elsewhere, "spacing", "usual")
    expect(elsewhere.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_the_look_is_there_before_any_script_runs(served: School):
    """The address of the bundle's page itself carries the appearance: no flash of another colour."""
    page = served.visit("director", at="/").page
    choose(page, "theme", "dark")
    answer = page.request.get(f"{served.server.url}/journal")
    assert '<html data-theme="dark"' in answer.text()
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_in_any_colours(served: School, size):
    """Everything in the usual colours; in the others, which change nothing else, what depends on colours."""
    findings = []
    for login in dict.fromkeys(one for one, _path in PAGES):
        page = served.visit(login, size=size).page
        page.emulate_media(reduced_motion="reduce")  # no colour on its way to another one
        for path in (path for one, path in PAGES if one == login):
            if path == "course":
                page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
                page.get_by_test_id("phone-marks" if size == PHONE else "journal-grid").wait_for()
                if size != PHONE:
                    page.locator("td.c").first.click()
                    page.get_by_test_id("cell-student").wait_for()
            else:
                page.goto(f"{served.server.url}{path}")
                page.locator("main .card, main .spread").first.wait_for()
            for theme in THEMES:
                page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
                found = serious(page) if theme == "usual" else serious(page, OF_COLOURS)
                findings += [f"{login} {path} {theme} {one}" for one in found]
    assert findings == []


@pytest.mark.parametrize("mode", [("vision", "large"), ("spacing", "wide")], ids=str)
def test_axe_finds_nothing_serious_in_the_modes_for_low_vision(served: School, mode):
    page = served.visit("teacher", at="/").page
    choose(page, *mode)
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    page.get_by_test_id("journal-grid").wait_for()
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    choose(page, mode[0], "usual")


def test_the_login_page_offers_the_look_and_has_nothing_serious(served: School):
    page = served.browser.new_context(viewport=DESKTOP, locale="ru-RU").new_page()
    page.goto(f"{served.server.url}/login")
    assert serious(page) == []
    page.get_by_test_id("view-menu").click()
    page.get_by_role("button", name="Белый на чёрном").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast-dark")
    assert serious(page) == []
    page.context.close()


def test_nothing_moves_when_motion_is_not_wanted(served: School):
    page = served.visit("teacher").page
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    page.get_by_test_id("journal-grid").wait_for()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--t-fast').trim()") in (
        "0s",
        "0ms",
    )


def test_the_printed_diary_has_no_navigation(served: School):
    page = served.visit("mother", at="/").page
    page.get_by_test_id("diary").wait_for()
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator(".topbar")).to_be_hidden()
    expect(page.locator(".day").nth(4)).to_be_visible()


def test_the_printed_journal_is_black_on_white_without_the_cursor(served: School):
    """Paper has no red ground beneath the day of today, and nobody stands in a cell of it."""
    page = served.course(served.visit("teacher"))
    cell = page.get_by_test_id("active-cell").locator("..")
    expect(cell).to_have_attribute("aria-selected", "true")
    page.emulate_media(media="print")
    head = page.locator("thead .h2 .today")
    expect(head).to_contain_text("23")
    expect(head).to_have_css("color", "rgb(0, 0, 0)")
    expect(head).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(cell).to_have_css("box-shadow", "none")
    expect(cell).to_have_css("position", "relative")  # its corners stay in it
