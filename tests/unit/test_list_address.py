"""What a list shows, as its address says it (`access/list_address.py`)."""

from __future__ import annotations

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from ais_app.access.list_address import (
    ListAddress,
    ListChoice,
    chosen,
    fitting,
    page_of,
    query_of,
    searched,
    without_conditions,
)
from ais_app.access.page_address import address_in


class Books(ListAddress):
    author: Annotated[str, Field(pattern=r"^[a-z]{0,8}$")] = ""


def test_a_choice_leads_to_the_first_page():
    asked = Books(page="3", sort="-size")
    assert chosen(asked, ListChoice(name="author", value="ivan")) == Books(author="ivan", sort="-size")
    assert chosen(asked, ListChoice(name="sort", value="size")) == Books(sort="size")
    assert chosen(asked, ListChoice(name="page", value="4")) == Books(page="4", sort="-size")


def test_a_column_is_hidden_and_shown_again_on_the_same_page():
    asked = chosen(Books(page="2"), ListChoice(name="hide", value="size"))
    assert (asked.hidden, asked.page) == ({"size"}, "2")
    both = chosen(asked, ListChoice(name="hide", value="author"))
    assert both.hidden == {"size", "author"}
    assert chosen(both, ListChoice(name="hide", value="size")).hidden == {"author"}


@pytest.mark.parametrize(
    "choice",
    [
        ListChoice(name="unknown", value="x"),
        ListChoice(name="author", value="'; drop"),
        ListChoice(name="page", value="0"),
        ListChoice(name="page", value="１"),
        ListChoice(name="sort", value="--size"),
        ListChoice(name="hide", value="a,b;c"),
    ],
)
def test_what_does_not_fit_is_dropped(choice):
    assert chosen(Books(), choice) == Books()


def test_an_order_of_no_column_is_the_usual_one():
    assert Books(sort="-size").order(("name", "size"), "name") == ("size", True)
    assert Books(sort="password").order(("name", "size"), "-name") == ("name", True)
    assert Books().order(("name",), "name") == ("name", False)


def test_taking_the_conditions_away_keeps_order_and_columns():
    asked = Books(q="а", author="x", sort="-size", hide="name", page="2")
    assert without_conditions(asked) == Books(sort="-size", hide="name")


def test_words_are_found_without_case_and_yo():
    assert Books(q="  ЁЖ  ёлка-мать. ").words == ("еж", "елка", "мать")
    assert searched("Семёнов-Тян А. И.").split() == ["семенов", "тян", "а", "и"]


@pytest.mark.parametrize(
    ("number", "total", "rows"),
    [(1, 0, (0, 0, "", "")), (1, 50, (1, 50, "", "")), (1, 51, (1, 50, "", "2")), (9, 120, (101, 120, "2", ""))],
)
def test_the_last_page_stands_for_those_behind_it(number, total, rows):
    page = page_of(number, total)
    assert (page.first, page.last, page.before, page.after) == rows


@given(number=st.integers(1, 9999), total=st.integers(0, 5000))
def test_pages_meet_and_hold_at_most_fifty(number, total):
    page = page_of(number, total)
    assert 0 <= page.last - page.first < 50 or total == 0
    if page.after:
        assert page_of(int(page.after), total).first == page.last + 1
    if page.before:
        assert page_of(int(page.before), total).last == page.first - 1


@given(st.text(max_size=80), st.sampled_from(["", "size", "-size"]), st.integers(1, 9999))
def test_an_address_says_the_same_list_again(words, sort, page):
    asked = fitting({"q": words, "sort": sort, "page": str(page)}, Books)
    assert address_in(query_of(asked.model_dump()), Books) == asked


@given(st.text(max_size=200))
def test_any_query_is_some_list(query):
    assert isinstance(address_in(query, Books), Books)
