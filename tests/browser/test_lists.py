"""Lists of people as they are seen: the order of the alphabet, namesakes, and entries of days outside a membership."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from ais_app.rights.rules import operator
from ais_app.school import rules, service
from tests.browser.conftest import DESKTOP, PHONE, School, school_of_its_own
from tests.unit.test_names import join_class
from tests.unit.test_outside import ENTERED, LEFT, enter, line_of, move

FRIDAY = date(2026, 11, 20)
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
SEVENTH = (
    ("Иванов", "Иван", "Петрович", date(2013, 5, 1)),
    ("Иванов", "Иван", "Ильич", date(2013, 5, 1)),
    ("Иванов", "Иван", "Ильич", date(2013, 6, 2)),
    ("Иванов", "Илья", "", None),
    ("фон Берг", "Ян", "", None),
    ("Жуков", "Ян", "", None),
    ("Ёлкин", "Ян", "", None),
    ("Егоров", "Ян", "", None),
)
ALIKE = ["Иванов Иван Ильич, 01.05.2013", "Иванов Иван Ильич, 02.06.2013", "Иванов Иван Петрович"]
LISTED = ["Егоров Ян", "Ёлкин Ян", "Жуков Ян", *ALIKE, "Иванов Илья", "фон Берг Ян"]


@pytest.fixture(scope="module")
def served(tmp_path_factory, browser) -> Iterator[School]:
    """These tests add pupils and move others: they have a school of their own."""
    for made in school_of_its_own(tmp_path_factory, browser):
        _fill(made.school)
        yield made


def _fill(school) -> None:
    drafts = [rules.PersonDraft(*names) for names in SEVENTH]
    join_class(school, school.database.write(lambda uow: service.add_people(uow, operator(), school.ref, drafts)))


@SIZES
def test_the_class_teachers_list_and_journal(served: School, size):
    visit = served.visit("historian", size=size)
    visit.page.goto(f"{served.server.url}/diary")
    lines = visit.page.get_by_test_id("pupils").locator("tbody tr td:first-child")
    expect(lines.first).to_be_visible()
    assert [name for name in lines.all_inner_texts() if name[0] > "z"] == LISTED
    if size == DESKTOP:
        page = served.course(visit, "history")
        names = page.locator("[data-testid^=name-]")
        assert [name for name in names.evaluate_all("all => all.map(one => one.title)") if name[0] > "z"] == LISTED
        cut = names.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.title)")
        assert cut == [], "what tells namesakes apart is not cut off"
        assert len(set(names.evaluate_all("all => all.map(one => one.offsetHeight)"))) == 1


@SIZES
def test_the_deputy_clears_what_lies_outside_a_membership(served: School, size):
    school = served.school
    if size == DESKTOP:
        enter(school, ENTERED)
        move(school, "boris", LEFT)
    else:
        move(school, "boris", None)
        enter(school, [("history", FRIDAY, "2")])
        move(school, "boris", LEFT)
    page = served.visit("deputy", size=size).page
    section, (line,) = page.get_by_test_id("outside"), line_of(school)
    expect(section).to_contain_text("Boris Alex")
    page.get_by_test_id(f"clear-{line.student}").click()
    question = page.get_by_test_id("clear-question")
    expect(question).to_contain_text(f"Убрать {line.count}")
    assert section.evaluate("one => one.getBoundingClientRect().right <= innerWidth")
    question.get_by_role("button", name="Отмена").click()
    expect(question).to_have_count(0)
    page.get_by_test_id(f"clear-{line.student}").click()
    page.get_by_test_id("clear-yes").click()
    expect(section).to_have_count(0)
    assert line_of(school) == []
