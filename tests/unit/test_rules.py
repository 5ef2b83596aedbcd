"""Pure rules of the journal, with the vectors of the field and with hypothesis."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ais_app.journal import rules
from ais_app.journal.rules import ColumnState, DaySpan, EditWindow, Slot, WeightedMark

marks = st.lists(st.tuples(st.sampled_from([200, 300, 400, 500]), st.integers(1, 9)), max_size=30)
days = st.dates(date(2026, 9, 1), date(2027, 5, 31))


def test_the_weighted_mean_of_the_field():
    """5(w3), 5(w1), 4(w5) → 40/9 = 4.44."""
    mean = rules.weighted_mean([WeightedMark(500, 3), WeightedMark(500, 1), WeightedMark(400, 5)])
    assert mean == Fraction(40, 9)
    assert rules.shown_mean(mean) == "4,44"


@pytest.mark.parametrize(
    ("mean", "shown"),
    [(Fraction(9, 2), "4,50"), (Fraction(4499, 1000), "4,50"), (Fraction(4005, 1000), "4,01"), (None, "")],
)
def test_means_are_rounded_half_up_for_show_only(mean, shown):
    assert rules.shown_mean(mean) == shown


@given(marks)
def test_a_mean_is_exact_and_between_its_marks(entered):
    mean = rules.weighted_mean(WeightedMark(*one) for one in entered)
    if not entered:
        assert mean is None
        return
    assert mean is not None
    assert min(value for value, _w in entered) <= 100 * mean <= max(value for value, _w in entered)
    assert mean * sum(100 * weight for _v, weight in entered) == sum(value * weight for value, weight in entered)


@given(st.text())
def test_whatever_is_typed_is_a_value_or_refused(text):
    try:
        value = rules.parse_cell(text, mark_one=False)
    except rules.BadCell:
        return
    assert rules.parse_cell(value.text, mark_one=False) == value
    assert all(mark.code != "1" for mark in value.marks)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("5", "5"),
        (" 5 ", "5"),
        ("5/4", "5/4"),
        ("Н", "н"),
        ("о15", "о15"),
        ("н/4", "н/4"),
        ("4/н", "н/4"),
        ("ОСВ", "осв"),
        ("б", "б"),
        ("５", "5"),
        ("", ""),
    ],
)
def test_cells_have_one_canonical_spelling(text, canonical):
    assert rules.parse_cell(text, mark_one=False).text == canonical


@pytest.mark.parametrize(
    "text", ["6", "1", "н/б", "о0", "о46", "о١", "5/", "/", "5//4", "5 4", "o", "H", "зачет", "0x5"]
)
def test_nonsense_is_refused(text):
    with pytest.raises(rules.BadCell):
        rules.parse_cell(text, mark_one=False)


def test_grade_one_has_no_marks_but_attendance():
    assert rules.parse_cell("н", mark_one=False, graded=False).attendance == "н"
    with pytest.raises(rules.BadCell):
        rules.parse_cell("5", mark_one=False, graded=False)


@given(days, st.integers(-10, 30), st.integers(0, 20))
def test_a_column_is_open_from_its_day_to_the_end_of_the_window(day, later, window):
    state = rules.column_state(day, day + timedelta(days=later), EditWindow(window), period_closed=False)
    expected = ColumnState.FUTURE if later < 0 else ColumnState.OPEN if later <= window else ColumnState.LOCKED
    assert state is expected
    assert rules.column_state(day, day, EditWindow(window), period_closed=True) is ColumnState.CLOSED


def test_lessons_follow_the_timetable_without_holidays():
    found = rules.lesson_days(
        DaySpan(date(2026, 11, 23), date(2026, 11, 30)),
        [Slot(1, 2, "305"), Slot(1, 1, "305"), Slot(3, 4, "")],
        [DaySpan(date(2026, 11, 25), date(2026, 11, 25))],
    )
    monday, next_monday = date(2026, 11, 23), date(2026, 11, 30)
    assert found == [(monday, 1, "305"), (monday, 2, "305"), (next_monday, 1, "305"), (next_monday, 2, "305")]
