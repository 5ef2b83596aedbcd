"""The main way over two processes with PostgreSQL and Redis: the teacher is at one, the family at the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect
from redis import Redis
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers, verifying
from tests import databases, servers
from tests.browser.conftest import PHONE, School
from tests.browser.grid import saved
from tests.browser.test_journal_and_diary import LIVE, marks_of
from tests.builders import small_school
from tests.conftest import MONDAY

TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)


class Region(School):
    """A school at process one; `other` is the same school at process two."""

    other: School
    redis: servers.Redis


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser, postgresql_url) -> Iterator[Region]:
    data = tmp_path_factory.mktemp("region")
    url = databases.create(postgresql_url)
    with ExitStack() as stack:
        redis = stack.enter_context(servers.redis())
        database = Database(url, SetClock(MONDAY))
        stack.callback(database.close)
        migrations.upgrade(database, triggers.install)
        school = small_school(database)
        one, two = (stack.enter_context(servers.running(data, url, AIS_REDIS_URL=redis.url)) for _process in range(2))
        region = Region(one, browser, school)
        region.other, region.redis = School(two, browser, replace(school)), redis
        region.other.visits = region.visits  # one list: pages of both are closed and looked at after each test
        yield region


def test_a_family_at_the_other_process_sees_each_entry(served: Region):
    teacher, mother = served.visit("teacher"), served.other.visit("mother", size=PHONE, at="/")
    expect(mother.page.get_by_test_id("diary")).to_be_visible()
    page = served.course(teacher)
    anna = served.cell(page, "anna", TODAY)
    for keys, value, shown in (("5", "5", ["5"]), ("4/5", "4/5", ["4", "5"])):
        anna.click()
        for key in keys:
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        saved(anna, value)
        expect(marks_of(mother.page, TODAY)).to_have_count(len(shown), timeout=LIVE)
        expect(marks_of(mother.page, TODAY).first).to_contain_text(shown[0], timeout=LIVE)
    page.reload()
    expect(served.cell(page, "anna", TODAY)).to_have_attribute("data-value", "4/5")
    assert served.school.database.read(lambda one: list(verifying.verify(one))) == []


def test_a_tab_whose_state_was_forgotten_goes_on_as_if_nothing_had_been(served: Region):
    """States are kept for hours, sessions and sockets for days: marks, live changes and periods must not notice."""
    colleague = served.other.visit("teacher")
    first, second = served.course(served.visit("teacher")), served.other.course(colleague)
    forget_all_states(served)
    served.cell(first, "anna", FRIDAY).click()
    first.keyboard.press("3")
    saved(served.cell(first, "anna", FRIDAY), "3")
    saved(served.cell(second, "anna", FRIDAY), "3")
    forget_all_states(served)
    first_period, present = (second.get_by_test_id(f"period-{uid}").first for uid in served.school.periods)

    def sheet_comes(click, period: str) -> None:
        with second.expect_response(lambda answer: answer.ok and f"/sheet?period={period}" in answer.url):
            click()

    sheet_comes(first_period.click, served.school.periods[0])  # the choice, whenever the page is read anew
    expect(first_period).to_have_attribute("aria-current", "true")
    assert refusals(served) == []
    sheet_comes(present.click, served.school.periods[1])
    saved(served.cell(second, "anna", FRIDAY), "3")
    served.cell(second, "anna", FRIDAY).click()
    second.keyboard.press("4")
    saved(served.cell(second, "anna", FRIDAY), "4")
    saved(served.cell(first, "anna", FRIDAY), "4")


def forget_all_states(served: Region) -> None:
    """As Redis does twelve hours after the last event of a tab, when no process holds its state any more."""
    with Redis.from_url(served.redis.url) as client:
        servers.wait_for(lambda: not list(client.scan_iter(match="*_lock")), "the processes let go of the states")
        states = list(client.scan_iter(match="*reflex___state____state*"))
        assert states
        client.delete(*states)


def refusals(served: Region) -> list[str]:
    query = text("SELECT kind FROM security_event")
    return list(served.school.database.read(lambda one: one.execute(query).scalars()))
