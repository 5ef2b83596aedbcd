"""«Успехи» in a browser: live marks and charts, what-if, the numbers as text, the demonstration school, a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers
from ais_app.setup.demo.school import write_demonstration
from tests import servers
from tests.browser.conftest import PHONE, School, Visit

TODAY, FRIDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 20), date(2026, 11, 19)
LIVE = 3_000  # a second on a quiet machine
CHARTS = ("chart-means", "chart-distribution", "chart-attendance")


def progress(served: School, visit: Visit) -> Page:
    visit.page.goto(f"{served.server.url}/progress")
    visit.page.get_by_test_id("progress-title").wait_for()
    return visit.page


def drawn(page: Page, chart: str) -> None:
    expect(page.get_by_test_id(chart).locator("svg.main-svg").first).to_be_visible()


def enter(served: School, journal: Page, day: date, mark: str) -> None:
    cell = served.cell(journal, "anna", day, "history")
    cell.click()
    journal.keyboard.press(mark)
    expect(cell).to_have_attribute("data-value", mark)


@pytest.fixture(scope="module")
def marked(served: School) -> School:
    """Anna has a 4 and a 3 in history, of equal weight."""
    visit = served.visit("historian")
    journal = served.course(visit, "history")
    enter(served, journal, THURSDAY, "4")
    enter(served, journal, FRIDAY, "3")
    expect(served.cell(journal, "anna", FRIDAY, "history")).to_have_attribute("data-state", "rest")
    visit.page.context.close()
    return served


def history_row(served: School, page: Page):
    return page.get_by_test_id(f"subject-{served.school.courses['history']}")


def test_a_teachers_mark_appears_with_its_charts(marked: School):
    served = marked
    page = progress(served, served.visit("mother", size=PHONE))
    mean = page.get_by_test_id(f"mean-{served.school.courses['history']}")
    expect(mean).to_have_text("3,50")
    expect(page.get_by_test_id(f"mark-{served.school.courses['history']}")).to_have_text("4")
    drawn(page, "chart-means")
    journal = served.course(served.visit("historian"), "history")
    enter(served, journal, TODAY, "5")
    expect(mean).to_have_text("4,00", timeout=LIVE)
    expect(page.get_by_test_id("chart-means")).to_have_attribute("aria-label", _ending("History", "4,00"), timeout=LIVE)
    expect(page.get_by_test_id("chart-means").locator(".annotation-text", has_text="History")).to_contain_text("4,00")
    journal.keyboard.press("ArrowUp")
    served.cell(journal, "anna", TODAY, "history").click()
    journal.keyboard.press("Delete")
    expect(mean).to_have_text("3,50", timeout=LIVE)


def _ending(name: str, mean: str) -> re.Pattern[str]:
    return re.compile(rf"{name} (с .* до )?{mean}[;.]")


def test_what_if_changes_numbers_on_this_page_only(marked: School):
    served = marked
    page = progress(served, served.visit("anna"))
    page.get_by_test_id("what-if-course").select_option(served.school.courses["history"])
    expect(page.get_by_test_id("what-if-mean")).to_have_text("3,50")
    page.get_by_test_id("what-if-kind").select_option(served.school.types["CW"])
    page.get_by_test_id("add-5").click()
    expect(page.get_by_test_id("what-if-mean")).to_have_text("4,18")  # (4·3 + 3·3 + 5·5) / 11
    expect(page.get_by_test_id("what-if-mark")).to_have_text("4")
    expect(page.get_by_test_id("targets")).to_contain_text("До «5» (4,50), вес 5")
    page.get_by_test_id("remove-all").click()
    expect(page.get_by_test_id("what-if-mean")).to_have_text("3,50")
    expect(history_row(served, page).locator(".mk.mk4, .mk.mk3").first).to_be_visible()
    page.reload()
    expect(page.get_by_test_id(f"mean-{served.school.courses['history']}")).to_have_text("3,50")


def test_each_chart_is_a_named_image_with_its_numbers_as_text(marked: School):
    served = marked
    page = progress(served, served.visit("mother"))
    for chart in CHARTS:
        drawn(page, chart)
        image = page.get_by_test_id(chart)
        expect(image).to_have_attribute("role", "img")
        assert len(image.get_attribute("aria-label") or "") > 20
        table = page.get_by_test_id(chart.replace("chart", "table"))
        expect(table).to_be_hidden()
        image.locator("xpath=ancestor::figure").locator("details.same > summary").click()
        expect(table).to_be_visible()
    expect(page.get_by_test_id("table-means")).to_contain_text("3,50")
    expect(page.get_by_test_id("table-attendance")).to_contain_text("был")
    why = page.get_by_test_id(f"why-{served.school.courses['history']}")
    why.locator("summary").click()
    expect(why).to_contain_text("4 × 3 + 3 × 3 = 21")
    expect(why).to_contain_text("21 : (3 + 3) = 21 : 6 = 3,50")


def test_plotly_is_fetched_by_this_page_only(marked: School):
    served = marked
    visit = served.visit("mother", at="/")
    fetched: list[str] = []
    visit.page.on("request", lambda request: fetched.append(request.url))
    visit.page.get_by_test_id("diary").wait_for()
    visit.page.reload()
    visit.page.get_by_test_id("diary").wait_for()
    assert [url for url in fetched if "plotly" in url] == []
    drawn(progress(served, visit), "chart-means")
    assert [url for url in fetched if "plotly" in url]
    naming = [
        path.name
        for path in (servers.ROOT / ".web" / "build" / "client" / "assets").glob("*.js")
        if "plotly-basic" in path.read_text(encoding="utf-8")
    ]
    assert len(naming) == 1
    assert naming[0].startswith("_progress_")


def test_staff_have_no_such_page(marked: School):
    visit = marked.visit("director", at="/")
    visit.page.get_by_test_id("person-menu").wait_for()
    visit.page.goto(f"{marked.server.url}/progress")
    expect(visit.page.get_by_test_id("progress-title")).to_have_count(0)
    expect(visit.page.get_by_role("link", name="Успехи")).to_have_count(0)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory, browser) -> Iterator[School]:
    """The demonstration school, written and served as anybody gets it."""
    data = tmp_path_factory.mktemp("demonstration")
    url = f"sqlite:///{data / 'ais.sqlite3'}"
    database = Database(url, SetClock(datetime.fromisoformat(servers.MOMENT).astimezone(UTC)))
    migrations.upgrade(database, triggers.install)
    write_demonstration(database, password_cost=4)
    database.close()
    with servers.running(data, url) as server:
        school = School(server, browser, None)
        yield school
        for visit in school.visits:
            visit.page.context.close()
        assert [complaint for visit in school.visits for complaint in visit.complaints] == []
        assert [address for visit in school.visits for address in visit.foreign] == []


def test_a_guardian_of_two_sees_the_progress_of_each(demonstration: School):
    page = progress(demonstration, demonstration.visit("guardian", "demo-guardian"))
    expect(page.get_by_test_id("progress-title")).to_have_text("Успехи: Мария, 7А")
    for chart in CHARTS:
        drawn(page, chart)
    page.get_by_role("button", name="I четверть", exact=True).click()
    expect(page.get_by_test_id("progress-about")).to_contain_text("I четверть")
    expect(page.get_by_test_id("all-marks").locator(".mk").nth(60)).to_be_visible()
    page.get_by_role("button", name="Год", exact=True).click()
    expect(page.get_by_test_id("all-marks")).to_contain_text("II четверть")
    page.get_by_role("button", name="Пётр").click()
    expect(page.get_by_test_id("progress-title")).to_have_text("Успехи: Пётр, 5А")
    page.get_by_test_id("lines").click()
    boxes = page.get_by_role("group", name="Предметы на графике").get_by_role("checkbox")
    expect(boxes.and_(page.locator(":checked"))).to_have_count(6)
    boxes.and_(page.locator(":checked")).first.click()  # the server answers before the tick goes
    expect(page.get_by_test_id("table-means").locator("tbody tr")).to_have_count(5)


def test_the_page_fits_a_phone(demonstration: School):
    page = progress(demonstration, demonstration.visit("student", "demo-student", size=PHONE))
    drawn(page, "chart-means")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.get_by_role("button", name="Пётр")).to_have_count(0)


def test_charts_that_do_not_come_leave_a_sentence_and_the_numbers(marked: School):
    visit = marked.visit("mother")
    visit.page.route("**/*plotly*", lambda route: route.abort())
    page = progress(marked, visit)
    for chart in ("chart-means", "chart-attendance"):
        expect(page.get_by_test_id(chart)).to_contain_text("Диаграмма ещё не нарисована")
    expect(page.get_by_test_id("notice")).to_contain_text("Часть страницы не загрузилась")
    page.get_by_text("Те же числа в таблице").first.click()
    expect(page.get_by_test_id("table-means")).to_be_visible()
    visit.complaints.clear()  # that a file did not come and what broke by it: just that was wanted


def test_a_drawn_chart_has_no_such_sentence(marked: School):
    page = progress(marked, marked.visit("mother"))
    drawn(page, "chart-means")
    expect(page.get_by_test_id("chart-means").get_by_text("Диаграмма ещё не нарисована")).to_be_hidden()
