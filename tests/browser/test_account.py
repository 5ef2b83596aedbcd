"""The own account from the person's menu, on both sizes; a refused sign-in says what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own

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
    elsewhere = served.visit(login, personal=True)
    page = served.visit(login, size=size).page
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("own-account").click()
    expect(page.get_by_test_id("own-login")).to_have_text(login)
    lines = page.get_by_test_id("sessions").get_by_role("listitem")
    expect(lines.first).to_contain_text("Компьютер с Linux, Chrome")
    expect(lines.first).to_contain_text("этот вход")
    expect(lines.nth(1)).to_contain_text("личное, та же сеть, что здесь")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    picture(page, f"account-{login}-{name}")
    page.get_by_test_id("end-others").click()
    expect(lines).to_have_count(1)
    expect(elsewhere.page.get_by_test_id("login-form")).to_be_visible()


@pytest.mark.parametrize(("name", "size"), SIZES, ids=lambda one: one if isinstance(one, str) else "")
def test_a_refused_sign_in_says_when_the_next_is_taken(served: School, name: str, size: dict):
    page = served.visit(f"nobody-{name}", "wrong", size=size).page
    for _attempt in range(4):
        page.get_by_test_id("login-password").fill("wrong again")
        with page.expect_navigation():
            page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("login-error")).to_contain_text("Следующая попытка принимается через 30 секунд.")
    expect(page.get_by_test_id("forgotten")).to_contain_text("выдаст новый листок")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    picture(page, f"refused-{name}")
