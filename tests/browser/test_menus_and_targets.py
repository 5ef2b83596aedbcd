"""Menus that get out of the way, and things to press that a thumb can hit."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, School

LEAST = 44  # CSS pixels a side, WCAG 2.2, 2.5.5 (target size, enhanced)
OPEN = "details[data-menu][open]"
# What comes only after the page stands, and is pressed too.
LATER = {
    ("teacher", "/journal/{course}"): "edit-lesson",
    ("inspector", "/journal/{course}"): "lesson-topic",
    ("deputy", "/"): "gaps-rest",
    ("mother", "/progress"): "what-if",
    ("secretary", "/"): "secretary-tasks",
}
# What can be pressed and is smaller than it must be; links within a sentence may be as high as their line.
SMALL = """(least) => {
  const found = [];
  for (const one of document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden]), textarea, [role=tab]")) {
    const label = one.matches("input[type=checkbox], input[type=radio]") && one.closest("label");
    const box = (label || one).getBoundingClientRect(), style = getComputedStyle(one);
    if (!box.width || !box.height || style.visibility === "hidden" || one.closest("[aria-hidden=true], .vh, .skip")) continue;
    const text = (one.textContent || "").trim(), around = (one.parentElement.textContent || "").trim();
    if (style.display === "inline" && around.length > text.length + 3) continue;
    if (box.height < least - 0.5 || box.width < least - 0.5)
      found.push(`${one.tagName} ${one.className} «${text.slice(0, 30)}» ${Math.round(box.width)}×${Math.round(box.height)}`);
  }
  return [...new Set(found)];
}"""


def test_one_menu_is_open_and_it_closes_by_escape_by_a_press_and_by_a_step_elsewhere(served: School):
    page = served.course(served.visit("teacher"))
    settings, account = page.get_by_test_id("grid-settings"), page.get_by_test_id("person-menu")
    settings.click()
    expect(page.locator(OPEN)).to_have_count(1)
    account.click()
    expect(page.locator(OPEN)).to_have_count(1)
    expect(page.get_by_test_id("sign-out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(OPEN)).to_have_count(0)
    expect(account).to_be_focused()
    settings.click()
    page.get_by_test_id("journal-title").locator("xpath=..").click(position={"x": 2, "y": 2})
    expect(page.locator(OPEN)).to_have_count(0)
    account.focus()
    page.keyboard.press("Enter")
    expect(page.locator(OPEN)).to_have_count(1)
    for _step in range(12):  # through the menu and out of it
        page.keyboard.press("Tab")
    expect(page.locator(OPEN)).to_have_count(0)


def test_a_page_that_is_not_there_keeps_the_sections(served: School):
    page = served.visit("deputy").page
    answer = page.goto(f"{served.server.url}/nowhere")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_test_id("not-found")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Журнал").click()
    expect(page.get_by_test_id("journals")).to_be_visible()


@pytest.mark.parametrize(
    ("login", "paths"),
    [
        ("teacher", ("/", "/journal", "/journal/{course}", "/account", "/password", "/nowhere", "/no-connection")),
        ("historian", ("/", "/diary")),
        ("deputy", ("/", "/integrity")),
        ("school_admin", ("/",)),
        ("secretary", ("/",)),
        ("inspector", ("/", "/journal/{course}")),
        ("mother", ("/diary", "/diary?view=tasks", "/progress", "/account")),
    ],
)
def test_what_can_be_pressed_on_a_phone_is_large_enough(served: School, login: str, paths: tuple[str, ...]):
    page, small = served.visit(login, size=PHONE).page, []
    for path in paths:
        page.goto(served.server.url + path.format(course=served.school.courses["algebra"]))
        page.locator("main :is(.card, .spread, .empty, [data-testid=phone-marks]), main > form").first.wait_for()
        if (login, path) in LATER:
            page.get_by_test_id(LATER[login, path]).first.wait_for()
        small += [f"{path}: {one}" for one in page.evaluate(SMALL, LEAST)]
    assert not small, "\n".join(small)
