"""A wrong field of a form is red with its sentence beneath it, keeps what was typed, and is well again once mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own
from tests.browser.test_appearance import serious
from tests.builders import PASSWORD

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests add lessons and give reasons: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def is_wrong(field: Locator, sentence: str) -> None:
    """Red, and described by the sentence that stands right beneath it."""
    expect(field).to_have_attribute("aria-invalid", "true")
    first, *_hint = (field.get_attribute("aria-describedby") or "").split()
    beneath = field.page.locator(f"#{first}")
    expect(beneath).to_have_text(sentence)
    assert beneath.get_attribute("role") == "alert"
    below, box = beneath.bounding_box(), field.bounding_box()
    assert below
    assert box
    assert 0 <= below["y"] - (box["y"] + box["height"]) < 12
    look = "one => [getComputedStyle(one).borderTopColor, getComputedStyle(one).borderTopWidth]"
    danger = field.page.evaluate(
        """() => {
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.color = "var(--danger)";
          const { color } = getComputedStyle(probe);
          probe.remove();
          return color;
        }"""
    )
    assert field.evaluate(look) == [danger, "2px"]


def is_well(field: Locator) -> None:
    expect(field).not_to_have_attribute("aria-invalid", "true")


def open_course(served: School, size) -> Page:
    page = served.visit("teacher", size=size).page
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}")
    page.get_by_test_id("phone-marks" if size == PHONE else "journal-grid").wait_for()
    return page


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_minutes_that_cannot_be(served: School, size):
    page = open_course(served, size)
    page.get_by_test_id("edit-lesson").click()
    page.get_by_test_id("homework").fill("№ 5 и № 6")
    minutes = page.locator("#minutes")
    minutes.fill("250")
    page.get_by_test_id("save-lesson").click()
    is_wrong(minutes, "Укажите число от 1 до 240.")
    expect(page.get_by_test_id("homework")).to_have_value("№ 5 и № 6")
    expect(page.get_by_test_id("notice")).to_have_count(0)
    assert serious(page) == []
    minutes.fill("25")
    page.get_by_test_id("save-lesson").click()
    expect(page.get_by_test_id("lesson-homework")).to_have_text("№ 5 и № 6")
    page.get_by_test_id("edit-lesson").click()
    is_well(page.locator("#minutes"))


@pytest.mark.parametrize(("size", "form"), [(DESKTOP, ""), (PHONE, "phone-")], ids=["desktop", "phone"])
def test_a_lesson_that_cannot_be_added(served: School, size, form: str):
    page = open_course(served, size)
    if form:
        page.get_by_test_id("phone-choices").click()
    page.get_by_test_id(f"{form}add-lesson").click()
    day, number = page.locator(f"#{form}day"), page.locator(f"#{form}number")
    number.fill("15")
    page.get_by_test_id(f"{form}add-lesson-submit").click()
    is_wrong(number, "Укажите число от 0 до 12.")
    is_well(day)
    number.fill("9")
    day.fill("2027-08-01")
    page.get_by_test_id(f"{form}add-lesson-submit").click()
    is_wrong(day, "Этот день не входит в учебный год.")
    is_well(number)
    day.fill("")
    page.get_by_test_id(f"{form}add-lesson-submit").click()
    is_wrong(day, "Такой даты нет.")
    day.fill("2026-12-02" if form else "2026-12-01")
    page.get_by_test_id(f"{form}add-lesson-submit").click()
    expect(page.get_by_test_id("notice")).to_contain_text("декабря")


def test_a_remark_of_nothing(served: School):
    page = open_course(served, DESKTOP)
    served.cell(page, "anna", TODAY).click()
    page.get_by_test_id("write-remark").click()
    page.get_by_test_id("remark").fill("   ")
    page.get_by_test_id("save-remark").click()
    is_wrong(page.get_by_test_id("remark"), "В замечании от 1 до 500 знаков.")
    page.get_by_test_id("remark").fill("Нет тетради")
    page.get_by_test_id("save-remark").click()
    expect(page.get_by_test_id("remarks")).to_contain_text("Нет тетради")


@pytest.mark.parametrize(
    ("present", "new", "repeated", "wrong", "sentence"),
    [
        (PASSWORD, "липа под окном", "липа над окном", "repeated", "Новые пароли не совпадают."),
        (PASSWORD, "коротко", "коротко", "new", "В пароле должно быть не меньше 12 знаков."),
        ("другой пароль", "липа под окном", "липа под окном", "present", "Это не нынешний пароль"),
    ],
)
def test_a_password_that_cannot_be(served: School, present: str, new: str, repeated: str, wrong: str, sentence: str):
    visit = served.visit("deputy")
    page = visit.page
    page.goto(f"{served.server.url}/password")
    for name, value in (("present", present), ("new", new), ("repeated", repeated)):
        page.get_by_test_id(f"password-{name}").fill(value)
    page.get_by_test_id("password-submit").click()
    said = page.get_by_test_id(f"{wrong}-wrong").inner_text()
    assert said.startswith(sentence)
    is_wrong(page.get_by_test_id(f"password-{wrong}"), said)
    expect(page.get_by_test_id(f"password-{wrong}")).to_be_focused()
    assert page.locator(".err").count() == 1
    assert serious(page) == []
    assert all("status of 400" in one for one in visit.complaints), "the answer to a refused form is no 200"
    visit.complaints.clear()
