"""The kit of pages (`/kit`): every piece in its states, by keyboard, on a phone, in all colours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, School
from tests.browser.test_appearance import OF_COLOURS, THEMES, serious

TABS = ("table", "form", "long", "dialog")


def kit(served: School, query: str = "", size=None, login: str = "deputy") -> Page:
    page = served.visit(login, size=size).page
    page.goto(f"{served.server.url}/kit{query}")
    page.get_by_role("tablist").wait_for()
    return page


def rows(page: Page):
    return page.get_by_test_id("kit-table").locator("tbody tr")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_in_any_piece_and_any_colours(served: School, size):
    page = kit(served, size=size)
    page.emulate_media(reduced_motion="reduce")
    findings: list[str] = []
    for tab in (*TABS, "table&part=none", "table&part=error", "table&part=loading"):
        page.goto(f"{served.server.url}/kit?tab={tab}")
        page.get_by_role("tablist").wait_for()
        if tab == "form":
            page.get_by_test_id("kitform-window").fill("x")
            page.get_by_test_id("kitform-send").click()
            page.get_by_role("alert").first.wait_for()
        elif tab == "dialog":
            page.get_by_test_id("open-kit-remove").click()
            page.get_by_test_id("kit-remove").wait_for()
        for theme in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            found = serious(page) if theme == "usual" else serious(page, OF_COLOURS)
            findings += [f"{tab} {theme} {one}" for one in found]
        page.evaluate("() => { document.documentElement.dataset.vision = 'large'; }")
        findings += [f"{tab} large {one}" for one in serious(page)]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), tab
    assert findings == []


def test_it_is_in_no_menu(served: School):
    page = kit(served)
    assert page.locator("nav.rail a[href='/kit']").count() == 0


def test_the_table_is_used_by_keyboard_and_kept_in_the_address(served: School):
    page = kit(served)
    search = page.get_by_test_id("search-q")
    expect(rows(page)).to_have_count(50)
    page.keyboard.press("/")
    expect(search).to_be_focused()
    search.press_sequentially("химия 5а")
    expect(rows(page)).not_to_have_count(50)
    expect(rows(page).first).to_contain_text("5А · Химия")
    expect(page).to_have_url(re.compile(r"q=%D1%85"))
    page.keyboard.press("ArrowDown")
    first = page.locator("[data-row]").first
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-row]").nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("[data-row]").last).to_be_focused()
    address = page.url
    page.reload()
    expect(search).to_have_value("химия 5а")
    expect(rows(page).first).to_contain_text("5А · Химия")
    assert page.url == address
    search.focus()
    page.keyboard.press("Escape")
    expect(search).to_have_value("")
    expect(rows(page)).to_have_count(50)


def test_headings_order_and_say_so(served: School):
    page = kit(served)
    heading = page.get_by_role("columnheader", name="Чего не хватает")
    expect(heading).to_have_attribute("aria-sort", "descending")
    page.get_by_test_id("sort-title").click()
    expect(page.get_by_role("columnheader", name="Класс и предмет")).to_have_attribute("aria-sort", "ascending")
    expect(heading).not_to_have_attribute("aria-sort", re.compile("."))
    page.get_by_test_id("sort-title").press("Enter")
    expect(page.get_by_role("columnheader", name="Класс и предмет")).to_have_attribute("aria-sort", "descending")
    expect(page).to_have_url(re.compile("sort=-title"))
    page.get_by_test_id("on-kit").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.get_by_test_id("back-kit")).to_be_visible()


def test_columns_are_hidden_and_stay_so(served: School):
    page = kit(served)
    page.get_by_test_id("choose-columns").click()
    page.get_by_test_id("column-teacher").uncheck()
    expect(page.get_by_role("columnheader", name="Учитель")).to_have_count(0)
    expect(page).to_have_url(re.compile("hide=teacher"))
    page.reload()
    expect(rows(page)).to_have_count(50)
    expect(page.get_by_role("columnheader", name="Учитель")).to_have_count(0)


def test_what_is_empty_says_what_was_searched_and_leads_back(served: School):
    page = kit(served, "?q=астрономия")
    expect(page.get_by_test_id("empty")).to_contain_text("астрономия")
    page.get_by_role("button", name="Снять отбор").click()
    expect(rows(page)).to_have_count(50)
    expect(page.get_by_test_id("search-q")).to_have_value("")


def test_a_phone_shows_cards_with_the_names_of_columns(served: School):
    page = kit(served, size=PHONE)
    expect(page.locator("thead")).to_be_hidden()
    cell = page.locator("td[data-label='Уроки: ']").first
    assert cell.evaluate("one => getComputedStyle(one, '::before').content") == '"Уроки: "'
    page.get_by_test_id("order").select_option(label="Класс и предмет")
    expect(page).to_have_url(re.compile("sort=title"))


def test_a_form_says_all_that_is_wrong_and_leads_to_the_first(served: School):
    page = kit(served, "?tab=form")
    page.get_by_test_id("kitform-name").fill("")
    page.get_by_test_id("kitform-mean").fill("много")
    page.get_by_test_id("kitform-send").click()
    expect(page.get_by_test_id("kitform-name")).to_be_focused()
    expect(page.get_by_test_id("kitform-name")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#kitform-name-wrong")).to_have_text("Заполните это поле.")
    expect(page.locator("#kitform-mean-wrong")).to_have_text("Нужно число.")
    expect(page.get_by_test_id("kitform-mean")).to_have_value("много")
    expect(page.get_by_test_id("kitform-mean")).to_have_accessible_description(re.compile("Нужно число"))
    page.get_by_test_id("kitform-name").fill("Лицей")
    page.get_by_test_id("kitform-mean").fill("3,5")
    page.get_by_test_id("kitform-letters").check()
    page.get_by_test_id("kitform-send").click()
    expect(page.get_by_test_id("notice")).to_contain_text("Сохранено")
    expect(page.locator("[id$=-wrong]")).to_have_count(0)


def test_what_is_typed_into_a_form_survives_a_reload(served: School):
    page = kit(served, "?tab=form")
    page.get_by_test_id("kitform-remark").fill("Не забыть")
    page.reload()
    expect(page.get_by_test_id("kitform-remark")).to_have_value("Не забыть")
    page.get_by_test_id("discard-draft").click()
    expect(page.get_by_test_id("kitform-remark")).to_have_value("")


def test_tabs_go_by_arrows_and_stay_in_the_address(served: School):
    page = kit(served)
    expect(rows(page)).to_have_count(50)
    page.get_by_role("tab", name="Таблица").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Форма")).to_be_focused()
    expect(page.get_by_role("tab", name="Форма")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("kitform")).to_be_visible()
    expect(page).to_have_url(re.compile("tab=form"))
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Окна")).to_be_focused()


def test_a_dialog_keeps_and_gives_back_the_focus(served: School):
    page = kit(served, "?tab=dialog")
    page.get_by_test_id("open-kit-plain").press("Enter")
    dialog = page.get_by_role("dialog", name="Уроки дня")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_test_id("open-kit-plain")).to_be_focused()


def test_what_destroys_asks_for_words(served: School):
    page = kit(served, "?tab=dialog")
    page.get_by_test_id("open-kit-remove").click()
    dialog = page.get_by_test_id("kit-remove")
    page.get_by_test_id("kit-remove-words").fill("убрать")
    page.get_by_test_id("kit-remove-yes").click()
    expect(dialog).to_be_visible()
    expect(page.get_by_test_id("notice")).to_have_count(0)
    page.get_by_test_id("kit-remove-words").fill("удалить")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("notice")).to_contain_text("Удалено")
    expect(dialog).to_be_hidden()


def test_steps_lead_back_and_not_past_the_next(served: School):
    page = kit(served, "?tab=long")
    expect(page.get_by_test_id("step-classes")).to_have_attribute("aria-current", "step")
    expect(page.get_by_test_id("step-check")).to_be_disabled()
    page.get_by_test_id("step-school").click()
    expect(page).to_have_url(re.compile("step=school"))
    expect(page.get_by_test_id("step-school")).to_have_attribute("aria-current", "step")


def test_a_file_is_sent_refused_and_stopped(served: School):
    page = kit(served, "?tab=long")
    field, place = page.get_by_test_id("kit-file-file"), page.get_by_test_id("kit-file")
    field.set_input_files({"name": "classes.csv", "mimeType": "text/csv", "buffer": b"a" * 70_000})
    expect(place).to_have_attribute("data-stage", "sent")
    expect(page.get_by_test_id("kit-received")).to_have_text("classes.csv, 70000")
    for name, size, sentence in (
        ("classes.pdf", 10, "Это файл другого вида"),
        ("classes.csv", 1024 * 1024 + 1, "Файл слишком большой"),
        ("classes.csv", 0, "Файл пустой"),
        ("refused.csv", 10, "В этом файле нет списка классов"),
    ):
        field.set_input_files({"name": name, "mimeType": "text/csv", "buffer": b"a" * size})
        expect(page.get_by_test_id("kit-file-wrong")).to_contain_text(sentence)
    served.visits[-1].complaints.clear()  # a refused file is 422, which the console names
    page.route("**/kit/file", lambda _route: None)  # it never ends
    field.set_input_files({"name": "classes.csv", "mimeType": "text/csv", "buffer": b"a" * 70_000})
    page.get_by_test_id("kit-file-stop").click()
    expect(page.get_by_test_id("kit-file-wrong")).to_contain_text("Отправка остановлена")


def test_the_progress_of_a_job_is_said(served: School):
    page = kit(served, "?tab=long")
    running = page.get_by_test_id("job-1")
    expect(running).to_contain_text("11 из 25, осталось около 25 с")
    bar = running.get_by_role("progressbar")
    expect(bar).to_have_attribute("value", "11")
    expect(bar).to_have_accessible_name("Список классов")
    expect(page.get_by_test_id("job-5")).to_have_attribute("data-stage", "failed")
