"""What a page says is whole and true: texts without placeholders, numbers that do not break, lists that say how long they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own
from tests.browser.grid import forgive

TODAY = date(2026, 11, 23)
# Numbers that stand on two lines, with the text around each.
TORN = """() => {
  const found = [], range = document.createRange(), texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode());)
    for (const number of text.data.matchAll(/[0-9]+(?:[.,:][0-9]+)*%?/g)) {
      range.setStart(text, number.index);
      range.setEnd(text, number.index + number[0].length);
      const lines = [...range.getClientRects()].filter((one) => one.width > 0).map((one) => Math.round(one.top));
      if (new Set(lines).size > 1) found.push(`${number[0]} of «${text.data.slice(0, 40)}»`);
    }
  return found;
}"""
SPILLED = "cell => cell.scrollWidth > cell.clientWidth"


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests write marks and absences: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def test_a_reason_that_a_teacher_types_is_refused_in_a_whole_sentence(served: School):
    page = served.course(served.visit("teacher"))
    served.cell(page, "boris", TODAY).click()
    page.keyboard.type("б")
    page.keyboard.press("Enter")
    said = page.locator(".gsay")
    expect(said).to_contain_text("«б» не записано")
    expect(said).to_contain_text("классный руководитель")
    assert "{" not in said.inner_text()
    page.keyboard.press("Escape")


@pytest.mark.parametrize("width", [390, 1280, 1440])
def test_a_mean_stands_on_one_line(served: School, width: int):
    page = served.course(served.visit("teacher"))
    for mark in ("5", "4", "4"):
        served.cell(page, "anna", TODAY).click()
        page.keyboard.type(mark)
        page.keyboard.press("Enter")
    page = served.visit("mother", size={"width": width, "height": 844}, at="/progress").page
    page.get_by_role("button", name="Год", exact=True).click()
    expect(page.locator("td.num b").first).to_be_visible()
    for cell in page.locator("td.num").all():  # also where a table is as narrow as it can be
        cell.evaluate("one => { one.style.width = '1px'; }")
    assert page.evaluate(TORN) == []


@pytest.mark.parametrize(
    ("login", "path"), [("deputy", "/"), ("historian", "/diary"), ("mother", "/diary"), ("school_admin", "/")]
)
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_number_breaks(served: School, login: str, path: str, size):
    page = served.visit(login, size=size, at=path).page
    page.locator("main :is(.card, .spread)").first.wait_for()
    assert page.evaluate(TORN) == []


def test_what_was_missed_does_not_run_into_the_next_line(served: School):
    page = served.course(served.visit("historian"), "history")
    served.cell(page, "vera", TODAY, "history").click()
    page.keyboard.type("н")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("save-status")).to_contain_text("Сохранено")
    page = served.visit("historian", size=PHONE, at="/diary").page
    missed = page.get_by_test_id(f"missed-{served.school.people['vera'].uid}")
    expect(missed).to_contain_text("без причины")
    assert [
        cell.inner_text() for cell in page.get_by_test_id("pupils").locator("td").all() if cell.evaluate(SPILLED)
    ] == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_long_list_says_how_long_it_is_and_shows_the_rest(served: School, size):
    page = served.visit("deputy", size=size, at="/").page
    gaps, rest = page.get_by_test_id("gaps"), page.get_by_test_id("gaps-rest")
    expect(rest).to_contain_text("Показать все: ")
    count = int(rest.inner_text().rpartition(" ")[2])
    assert count > gaps.locator("li:visible").count() == 8
    expect(page.get_by_role("heading", name=f"Уроки без темы или задания {count}")).to_be_visible()
    rest.click()
    expect(gaps.locator("li:visible")).to_have_count(count)
    assert gaps.evaluate("one => one.scrollHeight <= one.clientHeight + 1"), "nothing is hidden in a box"


def test_the_sample_of_a_comment_stands_within_its_box(served: School):
    page = served.course(served.visit("deputy"))
    corner = page.get_by_test_id("legend").locator(".s-note")
    inside = """one => {
      const box = one.parentElement.getBoundingClientRect(), own = one.getBoundingClientRect();
      return own.width > 8 && own.height > 8 && own.left >= box.left && own.right <= box.right && own.top >= box.top && own.bottom <= box.bottom;
    }"""
    assert corner.evaluate(inside)


def test_the_legend_keeps_away_from_the_edge_of_a_phone(served: School):
    page = served.visit("deputy", size=PHONE, at=f"/journal/{served.school.courses['algebra']}").page
    legend = page.get_by_test_id("legend").locator("> span").first
    box = legend.bounding_box()
    assert box is not None
    assert box["x"] >= 12


def test_a_refused_sign_in_keeps_the_tick_and_the_login(served: School):
    visit = served.visit_by_form("teacher", "not the password", size=PHONE, personal=True)
    page = visit.page
    expect(page.get_by_test_id("login-error")).to_be_visible()
    expect(page.locator("input[name=personal]")).to_be_checked()
    expect(page.get_by_test_id("login-name")).to_have_value("teacher")
    visit.complaints[:] = [one for one in visit.complaints if "401" not in one]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_whoever_is_at_an_unknown_page_finds_himself_and_the_way_out(served: School, size):
    page = served.visit("deputy", size=size, at="/nowhere").page
    page.get_by_test_id("person-menu").click()
    expect(page.locator("#person")).to_contain_text("Deputy A. I.")
    page.get_by_test_id("own-account").click()
    expect(page.get_by_test_id("own-login")).to_have_text("deputy")
    page.goto(f"{served.server.url}/nowhere")
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_reload_without_a_connection_says_so_and_goes_on_when_it_is_back(served: School, size):
    """Also on a shared device: the page that is kept holds nothing of anybody."""
    visit = served.visit("teacher", size=size, at=f"/journal/{served.school.courses['algebra']}")
    page = visit.page
    page.wait_for_function(
        "() => caches.open('no-connection').then((one) => one.keys()).then((keys) => keys.length >= 4)"
    )
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    address = page.url
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_test_id("no-connection")).to_contain_text(
        "Введённое хранится на устройстве и уйдёт, когда связь вернётся."
    )
    page.get_by_role("link", name="Открыть ещё раз").click()
    expect(page.get_by_test_id("no-connection")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="Открыть ещё раз").click()
    expect(page.get_by_test_id("person-menu")).to_be_visible()
    assert page.url == address
    forgive(visit)
