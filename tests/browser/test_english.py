"""The same product in English: nothing of the interface is left in Russian."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from tests import servers
from tests.browser.conftest import PHONE, School
from tests.builders import small_school
from tests.conftest import MONDAY

# Codes, keys and class letters of a Russian journal; the school's own words are Latin in this test.
OF_THE_FIELD = {"н", "о", "О", "О15", "С", "З", "Н", "П", "б", "у", "зач", "незач", "осв", "А", "7А", "Б"}


@pytest.fixture(scope="module")
def english(tmp_path_factory, browser):
    data = tmp_path_factory.mktemp("english")
    url = f"sqlite:///{data / 'ais.sqlite3'}"
    database = Database(url, SetClock(MONDAY))
    migrations.upgrade(database, triggers.install)
    school = small_school(database)
    with servers.running(data, url, AIS_LANGUAGE="en") as server:
        yield School(server, browser, school)
    database.close()


def russian(page: Page) -> set[str]:
    """The Cyrillic words on the page: what is seen, and what is only read aloud."""
    spoken = page.evaluate(
        """() => [document.title, document.body.innerText, ...[...document.querySelectorAll("[aria-label],[title],[placeholder]")]
        .flatMap(one => [one.ariaLabel, one.title, one.placeholder])].filter(Boolean).join(" ")"""
    )
    return set(re.findall(r"\d*[А-Яа-яЁё]+\d*", spoken)) - OF_THE_FIELD


@pytest.mark.parametrize("login", ["teacher", "historian", "deputy", "school_admin", "inspector"])
def test_staff_pages_speak_english(english: School, login: str):
    page = english.visit(login, at="/").page
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("own-account").click()
    page.get_by_test_id("sessions").wait_for()
    assert russian(page) == set()
    page.goto(english.server.url)
    page.get_by_test_id("person-menu").wait_for()
    assert russian(page) == set()
    assert page.locator("html").get_attribute("lang") == "en"
    english.course(english.visits[-1])
    page.locator("td.c").first.click()
    page.get_by_test_id("cell-student").wait_for()
    page.keyboard.press("?")
    page.get_by_test_id("keys-sheet").wait_for()
    assert russian(page) == set()
    page.keyboard.press("Escape")
    page.get_by_test_id("view-topics").first.click()
    page.get_by_test_id("topics").wait_for()
    assert russian(page) == set()


def test_family_pages_and_the_phone_speak_english(english: School):
    page = english.visit("mother", size=PHONE, at="/").page
    page.get_by_test_id("diary").wait_for()
    assert russian(page) == set()
    page.goto(f"{english.server.url}/progress")
    page.locator("main .card").first.wait_for()
    assert russian(page) == set()
    page.goto(f"{english.server.url}/password")
    assert russian(page) == set()
    phone = english.visit("teacher", size=PHONE).page
    phone.goto(f"{english.server.url}/journal/{english.school.courses['algebra']}")
    phone.get_by_test_id("phone-marks").wait_for()
    assert russian(phone) == set()
