"""Bringing dated lists up to date: what is added, ended and left alone, and that a second time nothing happens."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ais_app.exchange.merging import Held, Wanted, merge

TODAY, START = date(2026, 11, 23), date(2026, 9, 1)
EARLIER, LATER = date(2026, 10, 5), date(2027, 2, 1)


def added(wanted, held=(), begin=START):
    return [(one.person, one.begin, one.end) for one in merge(wanted, held, TODAY, begin).added]


def moved(wanted, held):
    return [(one.row.id, one.begin, one.end) for one in merge(wanted, held, TODAY, START).moved]


def test_who_is_new_is_added_from_the_day_that_the_set_says():
    assert added([Wanted(1), Wanted(2, EARLIER, LATER)]) == [(1, START, None), (2, EARLIER, LATER)]


def test_who_is_there_is_left_alone():
    held = [Held(9, 1, START, None), Held(8, 2, EARLIER, LATER)]
    assert not merge([Wanted(1), Wanted(2, EARLIER, LATER)], held, TODAY, START)


def test_who_is_wanted_no_more_ends_today_and_history_stays():
    held = [Held(9, 1, START, None), Held(8, 2, START, EARLIER), Held(7, 3, LATER, None)]
    assert moved([], held) == [(9, START, TODAY), (7, LATER, LATER)]


def test_other_days_move_the_row():
    assert moved([Wanted(1, EARLIER, LATER)], [Held(9, 1, START, None)]) == [(9, EARLIER, LATER)]


def test_who_comes_back_gets_a_new_row_after_the_old_one():
    assert added([Wanted(1)], [Held(9, 1, START, EARLIER)], begin=TODAY) == [(1, TODAY, None)]
    assert added([Wanted(1, START)], [Held(9, 1, START, EARLIER)]) == [(1, EARLIER, None)]


_days = st.integers(0, 200).map(lambda number: date(2026, 8, 1) + timedelta(days=number))
_ends = st.one_of(st.none(), _days)


@st.composite
def _terms(draw):
    """Up to two terms of each of three people that do not overlap."""
    found = []
    for person in range(3):
        days = sorted(draw(st.lists(_days, min_size=0, max_size=4, unique=True)))
        for begin, end in zip(days[::2], days[1::2], strict=False):
            found.append((person, begin, end))
        if found and found[-1][0] == person and draw(st.booleans()):
            found[-1] = (*found[-1][:2], None)
    return found


@given(_terms(), _terms(), st.booleans(), _days, st.integers(0, 300))
def test_merging_twice_does_nothing_the_second_time_nor_later(present, said, dated, today, days):
    held = [Held(number, *term) for number, term in enumerate(present)]
    wanted = [Wanted(person, begin if dated else None, end) for person, begin, end in said]
    once = merge(wanted, held, today, START)
    rows = {row.id: row for row in held}
    for one in once.moved:
        rows[one.row.id] = Held(one.row.id, one.row.person, one.begin, one.end)
    for number, one in enumerate(once.added, 1000):
        rows[number] = Held(number, one.person, one.begin, one.end)
    assert all(row.end is None or row.end >= row.begin for row in rows.values())
    assert not merge(wanted, list(rows.values()), today + timedelta(days=days), START)
