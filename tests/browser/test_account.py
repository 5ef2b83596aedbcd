"""The own account from the person's menu, on both sizes; a refused sign-in says what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ais_app.access import passwords
from ais_app.access import service as access
from ais_app.rights.rules import Role, operator
from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own
from tests.builders import PASSWORD, YEAR_FROM

SIZES = [("desktop", DESKTOP), ("phone", PHONE)]


def picture(page: Page, name: str) -> None:
    """What the page looks like, kept where `AIS_TEST_PICTURES` names a folder."""
    if folder := os.environ.get("AIS_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """Sessions are counted here: nobody else signs in."""
    yield from school_of_its_own(tmp_path_factory, browser)


@pytest.mark.parametrize(("name", "size"), SIZES, ids=lambda one: one if isinstance(one, str) else "")
@pytest.mark.parametrize("login", ["teacher", "mother"])
def test_the_account_is_in_the_persons_menu(served: School, login: str, name: str, size: dict):
    elsewhere = served.visit(login, personal=True, at="/")
    page = served.visit(login, size=size, at="/").page
    page.get_by_test_id("person-menu").click()
    picture(page, f"menu-{login}-{name}")
    if size is PHONE:
        for button in page.locator("header .pop:visible .btn").all():
            assert (button.bounding_box() or {})["height"] >= 44
    page.get_by_test_id("own-account").click()
    expect(page.get_by_test_id("own-login")).to_have_text(login)
    lines = page.get_by_test_id("sessions").get_by_role("listitem")
    expect(lines.first).to_contain_text("Компьютер с Linux, Chrome")
    expect(lines.first).to_contain_text("этот вход")
    expect(lines.nth(1)).to_contain_text("личное устройство, та же сеть, что здесь")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    picture(page, f"account-{login}-{name}")
    page.get_by_test_id("end-others").click()
    expect(lines).to_have_count(1)
    expect(elsewhere.page.get_by_test_id("login-form")).to_be_visible()


def test_the_licences_of_others_are_a_click_from_the_account(served: School):
    page = served.visit("mother", size=PHONE).page
    page.goto(f"{served.server.url}/account")
    link = page.get_by_test_id("notices")
    expect(link).to_be_visible()
    assert (link.bounding_box() or {})["height"] >= 44
    link.click()
    page.wait_for_url("**/notices.txt")
    expect(page.locator("body")).to_contain_text("PT Sans")


@pytest.mark.parametrize(("name", "size"), SIZES, ids=lambda one: one if isinstance(one, str) else "")
def test_a_refused_sign_in_says_when_the_next_is_taken(served: School, name: str, size: dict):
    visit = served.visit_by_form(f"nobody-{name}", "wrong", size)
    page = visit.page
    for _attempt in range(4):
        page.get_by_test_id("login-password").fill("wrong again")
        with page.expect_navigation():
            page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("login-error")).to_contain_text("Следующая попытка принимается через 30 секунд.")
    expect(page.get_by_test_id("forgotten")).to_contain_text("выдаст новый листок")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    picture(page, f"refused-{name}")
    visit.complaints.clear()  # a refused sign-in is 401, which the console names


@pytest.mark.parametrize(("name", "size"), SIZES, ids=lambda one: one if isinstance(one, str) else "")
def test_an_administrator_of_the_installation_chooses_his_zone(served: School, name: str, size: dict):
    login, hashed = f"root-{name}", passwords.hash_password(PASSWORD, cost=4)
    role = access.NewRole(Role.SYSTEM_ADMIN, None, None, YEAR_FROM)
    new = access.NewAccount(login, password_hash=hashed)
    served.school.database.write(lambda uow: access.open_account(uow, operator(), new, [role]))
    page = served.visit(login, size=size, at="/").page
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("own-account").click()
    expect(page.get_by_test_id("zone")).to_have_value("Europe/Moscow")
    expect(page.get_by_test_id("sessions")).to_contain_text("23 ноября, 12:0")
    page.get_by_test_id("zone").select_option("Asia/Vladivostok")
    expect(page.get_by_test_id("sessions")).to_contain_text("23 ноября, 19:0")
    expect(page.get_by_test_id("zone")).to_have_value("Asia/Vladivostok")
    picture(page, f"zone-{name}")
    page.goto(f"{served.server.url}/integrity")
    page.get_by_test_id("check").click()
    expect(page.get_by_test_id("verdict")).to_contain_text("23 ноября, 19:0")
