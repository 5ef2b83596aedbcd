"""«Настройки школы» in a browser: by the keyboard on a desk, on a phone, two people at once, and for whom axe speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own
from tests.browser.test_appearance import serious


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change settings: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def test_the_administrator_changes_a_setting_by_the_keyboard_and_the_director_sees_it(served: School):
    watching = served.visit("director", at="/settings").page
    expect(watching.get_by_test_id("setting-edit_window_days")).to_contain_text("7 дней")
    visit = served.visit("school_admin", at="/settings")
    page = visit.page
    page.get_by_test_id("section-journal").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("срок правки")
    expect(page.get_by_test_id("setting-topic_days")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("setting-edit_window_days")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_test_id("editor").wait_for()
    expect(page).to_have_url(re.compile("setting=edit_window_days"))
    page.get_by_test_id("setting-value").fill("45")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#reason-wrong")).to_be_visible()
    page.get_by_test_id("setting-reason").fill("Решение педсовета № 4")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#value-wrong")).to_contain_text("Можно от 1 до 30")
    page.get_by_test_id("setting-value").fill("5")
    page.get_by_test_id("since-tomorrow").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("setting-edit_window_days")).to_contain_text("с 24 ноября: 5 дней")
    expect(watching.get_by_test_id("setting-edit_window_days")).to_contain_text("с 24 ноября: 5 дней")
    page.get_by_test_id("tab-history").click()
    page.get_by_test_id("cancel-2026-11-24").click()
    expect(watching.get_by_test_id("setting-edit_window_days")).to_contain_text("обычное")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("editor")).to_have_count(0)
    expect(page.get_by_test_id("setting-edit_window_days")).to_be_focused()
    assert visit.complaints == []
    assert visit.foreign == []


def test_the_administrator_takes_the_usual_values_of_a_group_again(served: School):
    visit = served.visit("school_admin", at="/settings?group=results")
    page = visit.page
    section = page.get_by_test_id("section-results")
    page.get_by_test_id("setting-threshold_5").wait_for()
    expect(section.get_by_test_id("open-usual-values")).to_have_count(0)
    page.get_by_test_id("setting-threshold_5").click()
    page.get_by_test_id("setting-value").fill("4,6")
    page.get_by_test_id("setting-reason").fill("Решение педсовета № 5")
    page.get_by_test_id("since-tomorrow").check()
    page.get_by_test_id("save-setting").click()
    expect(page.get_by_test_id("setting-threshold_5")).to_contain_text("с 24 ноября: 4,60")
    page.get_by_test_id("back").click()
    section.get_by_test_id("open-usual-values").click()
    dialog = page.get_by_test_id("usual-values")
    expect(dialog.get_by_test_id("usual-lines")).to_contain_text("4,60 → 4,50, с 24 ноября")
    dialog.get_by_test_id("write-usual").click()
    expect(dialog.locator("#usual-reason-wrong")).to_be_visible()
    dialog.get_by_test_id("usual-reason").fill("Решение отменено")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_test_id("setting-threshold_5")).to_contain_text("обычное")
    expect(section.get_by_test_id("open-usual-values")).to_have_count(0)
    assert visit.complaints == []


def test_on_a_phone_the_opened_setting_covers_the_list(served: School):
    visit = served.visit("school_admin", size=PHONE, at="/settings")
    page = visit.page
    page.get_by_test_id("setting-class_mean_shown").click()
    editor = page.get_by_test_id("editor")
    editor.wait_for()
    box = page.locator(".sett > aside").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    page.get_by_test_id("setting-value").select_option("yes")
    page.get_by_test_id("setting-reason").fill("Решение совета родителей")
    page.get_by_test_id("save-setting").click()
    page.get_by_test_id("back").click()
    expect(page.get_by_test_id("setting-class_mean_shown")).to_contain_text("да")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert visit.complaints == []


def test_the_director_reads_and_finds_no_form(served: School):
    page = served.visit("director", at="/settings?setting=topic_days").page
    expect(page.get_by_test_id("why-not")).to_contain_text("администратор школы")
    expect(page.locator("form.setting")).to_have_count(0)
    page.get_by_test_id("search-find").fill("срок прафки")
    expect(page.get_by_test_id("open-near")).to_be_visible()
    page.get_by_test_id("open-near").click()
    expect(page.get_by_test_id("editor")).to_contain_text("Срок правки")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("address", ["", "?setting=threshold_5", "?setting=edit_window_days&tab=history", "?find=ъъъ"])
def test_axe_finds_nothing(served: School, size, address):
    page = served.visit("school_admin", size=size, at=f"/settings{address}").page
    page.locator(".sett").wait_for()
    page.wait_for_load_state("networkidle")
    assert serious(page) == []
