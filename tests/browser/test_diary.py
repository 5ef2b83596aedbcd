"""A family's day: two children on a phone, what was seen, remarks, the diary without a connection; the class teacher's list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from ais_app.rights.rules import operator
from ais_app.school import rules, service
from tests.browser.conftest import PHONE, School, school_of_its_own

FRIDAY = date(2026, 11, 20)
YEAR_FROM = date(2026, 9, 1)


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests change marks, people and settings: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def two_children(served: School) -> None:
    """Boris becomes a second child of the mother, as after a decision of the school."""
    people = served.school.people
    draft = rules.GuardianDraft(people["mother"].id, people["boris"].id, "guardian", YEAR_FROM)
    served.school.database.write(lambda uow: service.add_guardians(uow, operator(), served.school.ref, [draft]))


def test_a_mother_with_two_children_on_a_phone(served: School):
    two_children(served)
    people = served.school.people
    visit = served.visit("mother", size=PHONE)
    page = visit.page
    expect(page.get_by_test_id(f"child-{people['anna'].uid}")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("week-before").click()
    page.get_by_test_id("acknowledge").click()
    expect(page.get_by_test_id("acknowledgement")).to_contain_text("Mother A. I.")
    expect(page.get_by_test_id("acknowledge")).to_have_count(0)
    page.get_by_test_id(f"child-{people['boris'].uid}").click()
    expect(page.get_by_test_id("acknowledge")).to_be_visible()
    teacher = served.visit("teacher")
    journal = served.course(teacher)
    served.cell(journal, "boris", FRIDAY).click()
    journal.get_by_test_id("cell-student").get_by_text("Boris").wait_for()
    journal.get_by_test_id("write-remark").click()
    journal.get_by_test_id("remark").fill("Не было тетради")
    journal.get_by_test_id("save-remark").click()
    page.get_by_role("tab").nth(4).click()
    expect(page.get_by_test_id(f"day-{FRIDAY.isoformat()}")).to_contain_text("Не было тетради")
    journal.get_by_test_id("withdraw-remark").click()
    expect(page.get_by_test_id(f"day-{FRIDAY.isoformat()}")).not_to_contain_text("Не было тетради")
    page.reload()  # the child last opened is the one shown
    expect(page.get_by_test_id(f"child-{people['boris'].uid}")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id(f"child-{people['anna'].uid}").click()
    expect(page.get_by_test_id(f"child-{people['anna'].uid}")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_class_teacher_sees_who_has_seen_and_reads_as_the_family(served: School):
    page = served.visit("historian").page
    page.goto(f"{served.server.url}/diary")
    expect(page.get_by_test_id("pupils")).to_contain_text("Anna Alex")
    anna, vera = (served.school.people[login].uid for login in ("anna", "vera"))
    expect(page.get_by_test_id(f"born-{anna}")).to_have_text("12.03.2013")
    expect(page.get_by_test_id(f"born-{vera}")).to_have_text("")
    page.get_by_test_id(f"pupil-{anna}").click()
    expect(page.get_by_test_id("diary-pupil")).to_have_text("Anna Alex")
    expect(page.get_by_test_id("acknowledge")).to_have_count(0)
    page.get_by_test_id("to-the-class").click()
    expect(page.get_by_test_id("pupils")).to_be_visible()


def test_the_class_teacher_s_list_with_birth_dates_fits_a_phone(served: School):
    page = served.visit("historian", size=PHONE).page
    page.goto(f"{served.server.url}/diary")
    expect(page.get_by_test_id(f"born-{served.school.people['anna'].uid}")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Класс")).to_have_count(0)
    table = page.get_by_test_id("pupils").bounding_box()
    assert table is not None
    assert table["x"] >= 0
    assert table["x"] + table["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_student_sees_the_week_and_cannot_acknowledge(served: School):
    page = served.visit("anna", size=PHONE).page
    expect(page.get_by_test_id("week-summary")).to_be_visible()
    expect(page.get_by_test_id("acknowledge")).to_have_count(0)


def test_views_of_the_diary(served: School):
    page = served.visit("mother").page
    page.get_by_test_id("diary-view-day").click()
    expect(page.locator(".day:visible")).to_have_count(1)
    page.get_by_test_id("diary-view-tasks").click()
    expect(page.locator(".mv:visible")).to_have_count(0)
    page.get_by_test_id("diary-view-week").click()
    expect(page.locator(".day:visible")).to_have_count(5)


def test_the_week_is_printed_on_one_sheet_with_lines_for_signatures(served: School):
    page = served.visit("mother").page
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_test_id("print-week").click()
    assert page.evaluate("window.printed") is True
    page.emulate_media(media="print")
    expect(page.locator(".day:visible")).to_have_count(5)
    expect(page.locator(".signs")).to_contain_text("Подпись родителя")
    expect(page.get_by_role("navigation")).to_be_hidden()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_the_strip_of_days_shows_the_load_of_each_day(served: School):
    page = served.visit("anna", size=PHONE).page
    expect(page.get_by_test_id("week-summary")).to_be_visible()
    for tab in page.get_by_role("tab").all():
        loaded = " из " in (tab.get_attribute("aria-label") or "")
        assert (tab.locator(".bar > i").evaluate("one => one.clientWidth") > 0) is loaded


def test_the_diary_is_readable_without_a_connection_until_sign_out(served: School):
    visit = served.visit("anna", size=PHONE, personal=True)
    page = visit.page
    expect(page.get_by_test_id("diary")).to_be_visible()
    kept = "() => caches.open('diary-copy').then(cache => cache.keys()).then(keys => keys.length)"
    for _attempt in range(100):
        if page.evaluate(kept) >= 4:
            break
        page.wait_for_timeout(50)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_test_id("diary-copy")).to_contain_text("Нет связи")
    expect(page.get_by_test_id("diary-copy")).to_contain_text("Algebra")
    page.context.set_offline(False)
    page.get_by_role("link", name="Повторить").click()
    expect(page.get_by_test_id("diary")).to_be_visible()
    page.get_by_test_id("person-menu").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("login-form")).to_be_visible()
    assert page.evaluate("() => caches.has('diary-copy')") is False
    visit.complaints[:] = [one for one in visit.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_the_diary_can_be_installed(served: School):
    page = served.visit("mother").page
    address = page.locator('link[rel="manifest"]').get_attribute("href") or ""
    assert address.partition("?")[0] == "/manifest.webmanifest"
    manifest = page.request.get(f"{served.server.url}{address}").json()
    assert manifest["start_url"] == "/diary"
    for icon in manifest["icons"]:
        assert page.request.get(f"{served.server.url}{icon['src']}").ok
