"""Pure rules of the journal, with the vectors of the field and with hypothesis."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ais_app.journal.grid import means, rules
from ais_app.journal.grid.means import WeightedMark
from ais_app.journal.lessons.rules import DaySpan, Slot, lesson_days
from ais_app.journal.windows.rules import ColumnState, EditWindow, column_state
from ais_app.school_settings.rules import Dated

marks = st.lists(st.tuples(st.sampled_from([200, 300, 400, 500]), st.integers(1, 9)), max_size=30)
days = st.dates(date(2026, 9, 1), date(2027, 5, 31))


def test_the_weighted_mean_of_the_field():
    """5(w3), 5(w1), 4(w5) → 40/9 = 4.44."""
    mean = means.weighted_mean([WeightedMark(500, 3), WeightedMark(500, 1), WeightedMark(400, 5)])
    assert mean == Fraction(40, 9)
    assert means.shown_mean(mean) == "4,44"


@pytest.mark.parametrize(
    ("mean", "shown"),
    [
        (Fraction(9, 2), "4,50"),
        (Fraction(4499, 1000), "4,49"),  # rounded it would look like a «5»
        (Fraction(449999, 100000), "4,49"),
        (Fraction(4495, 1000), "4,49"),
        (Fraction(4494, 1000), "4,49"),
        (Fraction(3499, 1000), "3,49"),
        (Fraction(2499, 1000), "2,49"),
        (Fraction(4005, 1000), "4,01"),
        (Fraction(4996, 1000), "5,00"),
        (None, ""),
    ],
)
def test_means_are_rounded_half_up_for_show_only(mean, shown):
    assert means.shown_mean(mean) == shown


two_digits = st.integers(201, 499).map(lambda hundredths: Fraction(hundredths, 100))
scales = st.lists(two_digits, min_size=3, max_size=3, unique=True).map(
    lambda found: means.Thresholds(*sorted(found, reverse=True))
)
usual_or_own = st.one_of(st.just(means.USUAL_THRESHOLDS), scales)


def near(thresholds: means.Thresholds) -> st.SearchStrategy[Fraction]:
    """Means as marks make them, and those a hair beside a threshold."""
    least = st.sampled_from([thresholds.five, thresholds.four, thresholds.three])
    hair = st.integers(1, 10**6).map(lambda parts: Fraction(1, parts))
    beside = st.builds(lambda at, by, sign: at + sign * by, least, hair, st.sampled_from([-1, 0, 1]))
    return st.one_of(st.fractions(1, 5, max_denominator=900), beside).filter(lambda mean: 1 <= mean <= 5)


@given(usual_or_own.flatmap(lambda thresholds: st.tuples(st.just(thresholds), near(thresholds))))
def test_a_mean_below_a_threshold_is_never_shown_as_the_threshold(case):
    """D-53: what is below looks below; elsewhere it is the usual rounding, and never off by a hundredth or more."""
    thresholds, mean = case
    shown = Fraction(means.shown_mean(mean, thresholds).replace(",", "."))
    for mark in (5, 4, 3):
        assert (mean < thresholds.least_for(mark)) == (shown < thresholds.least_for(mark))
    assert thresholds.earned(mean) == thresholds.earned(shown)
    rounded = Fraction(int(mean * 100 + Fraction(1, 2)), 100)
    lifted = any(mean < thresholds.least_for(mark) <= rounded for mark in (5, 4, 3))
    assert shown == (Fraction(int(mean * 100), 100) if lifted else rounded)
    assert abs(shown - mean) < Fraction(1, 100)


def test_no_other_place_rounds_a_mean():
    """Every page takes the one function; a browser gets texts and formats no mean itself."""
    package = Path(__file__).parents[2] / "ais_app"
    rounding = re.compile(r"toFixed|toPrecision|maximumFractionDigits|quantize|\bround\(|:\.[12]f")
    allowed = {"setup/demo/behaviour.py", "diary/progress/figures.py"}  # marks of invented people; ticks of an axis
    allowed |= {"job_list/views.py", "metrics/views.py", "web/kit/file_field.jsx"}  # minutes, gigabytes, megabytes
    found = {
        path.relative_to(package).as_posix()
        for pattern in ("*.py", "*.js", "*.jsx", "*.html")
        for path in package.rglob(pattern)
        if rounding.search(path.read_text(encoding="utf-8"))
    }
    assert found <= allowed


@given(marks)
def test_a_mean_is_exact_and_between_its_marks(entered):
    mean = means.weighted_mean(WeightedMark(*one) for one in entered)
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
    state = column_state(day, day + timedelta(days=later), EditWindow(Dated(window)), period_closed=False)
    expected = ColumnState.FUTURE if later < 0 else ColumnState.OPEN if later <= window else ColumnState.LOCKED
    assert state is expected
    assert column_state(day, day, EditWindow(Dated(window)), period_closed=True) is ColumnState.CLOSED


def test_lessons_follow_the_timetable_without_holidays():
    found = lesson_days(
        DaySpan(date(2026, 11, 23), date(2026, 11, 30)),
        [Slot(1, 2, "305"), Slot(1, 1, "305"), Slot(3, 4, "")],
        [DaySpan(date(2026, 11, 25), date(2026, 11, 25))],
    )
    monday, next_monday = date(2026, 11, 23), date(2026, 11, 30)
    assert found == [(monday, 1, "305"), (monday, 2, "305"), (next_monday, 1, "305"), (next_monday, 2, "305")]
