"""«Работы»: a check goes on when its page is left, and an open list shows how far it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import School, school_of_its_own


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    yield from school_of_its_own(tmp_path_factory, browser)


def test_a_check_goes_on_without_its_page_and_the_list_moves(served: School):
    jobs = served.visit("director", at="/jobs").page
    expect(jobs.get_by_test_id("empty")).to_be_visible()
    check = served.visit("director", at="/integrity").page
    check.get_by_test_id("check").click()
    expect(check.get_by_test_id("stop-check")).to_be_visible()
    check.goto(f"{served.server.url}/")
    job = jobs.get_by_test_id("job")
    expect(job).to_have_attribute("data-state", "done", timeout=60_000)
    job.get_by_text("Показать").click()
    expect(jobs.get_by_test_id("verdict")).to_contain_text("Запись цела")
    expect(jobs.get_by_test_id("checks").locator("li")).to_have_count(1)


def test_a_teacher_has_no_page_of_jobs(served: School):
    answer = served.visit("teacher").page.goto(f"{served.server.url}/jobs")
    assert answer is not None
    assert answer.status == 404
