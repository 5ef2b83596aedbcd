"""A teacher asks to write after the term, a deputy opens the day: both pages open, at both sizes; it closes by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own
from tests.browser.test_appearance import serious

SIZES = {"desktop": (DESKTOP, date(2026, 11, 13)), "phone": (PHONE, date(2026, 11, 12))}
DECLINED, SHORT = date(2026, 11, 11), date(2026, 11, 10)
LIVE = 5_000


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests open and close lessons: they have a school of their own."""
    yield from school_of_its_own(tmp_path_factory, browser)


def picture(page: Page, name: str) -> None:
    """A picture to look at, where `AIS_TEST_PICTURES` names a folder."""
    if folder := os.environ.get("AIS_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def go_to(served: School, page: Page, day: date) -> None:
    """The journal at a lesson, as a link leads there."""
    lesson = served.school.lesson("algebra", day)
    page.goto(f"{served.server.url}/journal/{served.school.courses['algebra']}?lesson={lesson}")
    expect(page.get_by_test_id("lesson-title")).to_contain_text(f"{day.day} ноября")


def ask(page: Page, reason: str) -> None:
    page.get_by_test_id("ask-opening").click()
    page.get_by_test_id("opening-reason").fill(reason)
    page.get_by_test_id("send-request").click()
    expect(page.get_by_test_id("lesson-asked")).to_contain_text(reason)


def request_of(deputy: Page, reason: str):
    return deputy.get_by_test_id("openings").locator("li").filter(has_text=reason)


def put(served: School, page: Page, login: str, day: date, value: str) -> None:
    """A mark by the keyboard, on a phone by its pad."""
    cell = served.cell(page, login, day)
    cell.click()
    if page.viewport_size == PHONE:
        page.get_by_test_id(f"put-{value}").click()
    else:
        page.keyboard.press(value)


@pytest.mark.parametrize("size", SIZES)
def test_a_deputy_opens_a_day(served: School, size: str):
    view, day = SIZES[size]
    reason = f"Болела, работа написана позже ({size})"
    deputy, teacher = served.visit("deputy", size=view, at="/").page, served.visit("teacher", size=view).page
    expect(deputy.get_by_test_id("openings")).to_contain_text("Никто не просит")
    go_to(served, teacher, day)
    cell = served.cell(teacher, "anna", day)
    expect(cell).to_have_attribute("data-state", "locked")
    picture(teacher, f"{size}-1-locked")
    ask(teacher, reason)
    picture(teacher, f"{size}-2-asked")
    expect(request_of(deputy, reason)).to_have_count(1, timeout=LIVE)
    expect(request_of(deputy, reason)).to_contain_text(f"{day.day} ноября, 1-й урок, весь урок")
    picture(deputy, f"{size}-3-deputy")
    assert serious(deputy) == []
    request_of(deputy, reason).get_by_role("button", name="Открыть на 24 часа").click()
    expect(request_of(deputy, reason)).to_have_count(0)
    expect(deputy.get_by_test_id("opened-now")).to_contain_text(reason)
    picture(deputy, f"{size}-4-deputy-opened")
    expect(cell).to_have_attribute("data-state", "rest", timeout=LIVE)
    expect(teacher.get_by_test_id("grid-opened")).to_contain_text(f"{day.day} ноября открыто до 24 ноября")
    expect(teacher.get_by_test_id("lesson-opened")).to_contain_text(reason, timeout=LIVE)
    put(served, teacher, "anna", day, "5")
    saved_as(cell, "5", "rest")
    cell.click()
    expect(teacher.get_by_test_id("history")).to_contain_text("Внесено по открытию: Deputy A. I., " + reason)
    picture(teacher, f"{size}-5-written")
    assert serious(teacher) == []
    deputy.get_by_test_id("opened-now").locator("li").filter(has_text=reason).get_by_role("button").click()
    expect(cell).to_have_attribute("data-state", "locked", timeout=LIVE)
    expect(teacher.get_by_test_id("ask-opening")).to_be_visible(timeout=LIVE)


@pytest.mark.parametrize("size", SIZES)
def test_a_deputy_declines_with_a_sentence(served: School, size: str):
    view, reason = SIZES[size][0], f"Забыла записать ({size})"
    deputy, teacher = served.visit("deputy", size=view, at="/").page, served.visit("teacher", size=view).page
    go_to(served, teacher, DECLINED)
    ask(teacher, reason)
    request_of(deputy, reason).get_by_role("button", name="Отказать").click(timeout=LIVE)
    deputy.get_by_test_id("send-decline").click()
    expect(deputy.get_by_test_id("answer-wrong")).to_be_visible()
    deputy.get_by_test_id("decline-answer").fill("Сначала служебная записка.")
    picture(deputy, f"{size}-6-declining")
    deputy.get_by_test_id("send-decline").click()
    expect(request_of(deputy, reason)).to_have_count(0)
    expect(teacher.get_by_test_id("lesson-asked")).to_contain_text("Сначала служебная записка.", timeout=LIVE)
    expect(served.cell(teacher, "anna", DECLINED)).to_have_attribute("data-state", "locked")
    picture(teacher, f"{size}-7-declined")
    expect(teacher.get_by_test_id("ask-opening")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_an_opening_ends_at_its_moment_and_what_came_later_is_kept(served: School, size: str):
    """The grid shuts the column by the server's clock; an entry that was on its way is refused with the sentence."""
    view, reason = SIZES[size][0], f"На минуту ({size})"
    deputy, visit = served.visit("deputy", size=view, at="/").page, served.visit("teacher", size=view)
    teacher = visit.page
    go_to(served, teacher, SHORT)
    ask(teacher, reason)
    request_of(deputy, reason).get_by_role("button", name="Открыть на 24 часа").click(timeout=LIVE)
    cell, other = (served.cell(teacher, login, SHORT) for login in ("anna", "boris"))
    expect(cell).to_have_attribute("data-state", "rest", timeout=LIVE)
    until = soon(served, reason, seconds=8)
    go_to(served, teacher, SHORT)  # the change was made past the product: this page learns of it by reading anew
    expect(cell).to_have_attribute("data-state", "rest")
    line = teacher.context
    line.set_offline(True)
    put(served, teacher, "boris", SHORT, "4")
    expect(other).to_have_attribute("data-value", "4")
    expect(cell).to_have_attribute("data-state", "locked", timeout=int(1000 * max(0.0, until - monotonic())) + LIVE)
    expect(teacher.get_by_test_id("grid-opened")).to_have_count(0)
    line.set_offline(False)
    expect(other).to_have_attribute("data-state", "refused", timeout=20_000)
    expect(other).to_have_attribute("data-value", "4")
    picture(teacher, f"{size}-8-too-late")
    teacher.reload()
    go_to(served, teacher, SHORT)
    expect(other).to_have_attribute("data-state", "refused")
    expect(other).to_have_attribute("data-value", "4")
    marks = text("SELECT count(*) FROM mark JOIN person ON person.id = student_id WHERE person.uid = :uid")
    boris = {"uid": served.school.people["boris"].uid}
    assert served.school.database.read(lambda one: one.execute(marks, boris).scalar_one()) == 0
    other.click()
    expect(teacher.get_by_test_id("lesson-ended")).to_contain_text("Было открыто до")
    if view == PHONE:
        expect(teacher.get_by_test_id("grid-late")).to_contain_text("эта запись пришла позже")
        picture(teacher, f"{size}-9-drop")
        teacher.get_by_test_id("drop-entry").click()
    else:
        teacher.keyboard.press("Escape")
    expect(other).to_have_attribute("data-state", "locked")
    expect(other).to_have_attribute("data-value", "")
    forgive(visit)


def test_an_opening_of_one_student_opens_that_students_cell(served: School):
    day, reason = date(2026, 11, 9), "Сдала работу позже"
    deputy, teacher = served.visit("deputy", at="/").page, served.visit("teacher").page
    go_to(served, teacher, day)
    teacher.get_by_test_id("ask-opening").click()
    teacher.get_by_test_id("opening-only").check()
    teacher.get_by_test_id("opening-reason").fill(reason)
    teacher.get_by_test_id("send-request").click()
    expect(request_of(deputy, reason)).to_contain_text("только Anna Alex", timeout=LIVE)
    request_of(deputy, reason).get_by_role("button", name="Открыть на 24 часа").click()
    anna, boris = (served.cell(teacher, login, day) for login in ("anna", "boris"))
    expect(anna).to_have_attribute("data-state", "rest", timeout=LIVE)
    expect(boris).to_have_attribute("data-state", "locked")
    expect(teacher.get_by_test_id("grid-opened")).to_contain_text("Только для: Anna Alex")
    put(served, teacher, "anna", day, "5")
    saved_as(anna, "5", "rest")
    put(served, teacher, "boris", day, "4")
    expect(teacher.get_by_test_id("grid-status")).to_contain_text("Срок правки")
    saved_as(boris, "", "locked")
    picture(teacher, "desktop-10-one-student")


def saved_as(cell, value: str, state: str) -> None:
    expect(cell).to_have_attribute("data-value", value)
    expect(cell).to_have_attribute("data-state", state)


def soon(served: School, reason: str, seconds: int) -> float:
    """Let the opening with this reason end in some seconds by the server's clock; returns when, by this process's."""
    query = text("SELECT granted_at FROM opening WHERE reason = :reason")
    granted = served.school.database.read(lambda one: one.execute(query, {"reason": reason}).scalar_one())
    moment = datetime.fromisoformat(str(granted)).replace(tzinfo=UTC) + timedelta(seconds=seconds)
    values = {"reason": reason, "until": moment.replace(tzinfo=None)}
    change = text("UPDATE opening SET until = :until WHERE reason = :reason")
    served.school.database.write(lambda uow: uow.execute(change, values))
    return monotonic() + seconds


def forgive(visit) -> None:
    """A cut line leaves failed requests in the console; anything else stays a complaint."""
    expected = ("ERR_INTERNET_DISCONNECTED", "WebSocket", "ERR_NETWORK_CHANGED")
    visit.complaints[:] = [one for one in visit.complaints if not any(part in one for part in expected)]
