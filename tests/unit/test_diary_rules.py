"""Pure rules of the diary: the calculator against adding marks one at a time, weeks, days, labels."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ais_app.diary import rules
from ais_app.diary.rules import DatedMark, DayRecord, DayState
from ais_app.journal.grid.means import Thresholds, WeightedMark, weighted_mean
from ais_app.journal.lessons.rules import DaySpan

one_mark = st.builds(WeightedMark, st.sampled_from([200, 300, 400, 500]), st.integers(1, 9))
some_marks = st.lists(one_mark, max_size=25)
targets = st.fractions(Fraction(21, 10), Fraction(49, 10), max_denominator=20)
MOST = 7000  # more single additions than any of these marks and targets can need


def test_fives_to_the_threshold_of_the_field():
    """4, 4, 3 → 4.5 by fives of weight 1: k = 5."""
    marks = [WeightedMark(400, 1), WeightedMark(400, 1), WeightedMark(300, 1)]
    assert rules.marks_needed(marks, Fraction(9, 2), WeightedMark(500, 1)) == 5


def test_the_threshold_itself_is_reached():
    assert rules.marks_needed([WeightedMark(400, 1), WeightedMark(500, 1)], Fraction(9, 2), WeightedMark(500, 1)) == 0


@pytest.mark.parametrize("hundredths", [400, 450])
def test_a_mark_not_above_the_target_never_leads_to_it(hundredths):
    assert rules.marks_needed([WeightedMark(300, 1)], Fraction(9, 2), WeightedMark(hundredths, 3)) is None


@given(some_marks, targets, one_mark)
def test_the_calculator_equals_adding_marks_one_at_a_time(marks, target, extra):
    found = rules.marks_needed(marks, target, extra)
    total = sum(mark.hundredths * mark.weight for mark in marks)
    weight = sum(mark.weight for mark in marks)
    for added in range(MOST):
        if weight and total >= 100 * target * weight:
            assert found == added
            return
        total, weight = total + extra.hundredths * extra.weight, weight + extra.weight
    assert found is None


@given(some_marks)
def test_the_two_sums_are_those_of_the_mean(marks):
    total, weight = rules.sums(marks)
    assert weighted_mean(marks) == (total / weight if weight else None)


@pytest.mark.parametrize(
    ("mean", "mark"),
    [
        (Fraction(9, 2), 5),
        (Fraction(4499, 1000), 4),  # shown as 4,50 and yet below
        (Fraction(7, 2), 4),
        (Fraction(349999, 100000), 3),
        (Fraction(5, 2), 3),
        (Fraction(2), 2),
        (None, None),
    ],
)
def test_thresholds_are_compared_with_the_exact_mean(mean, mark):
    assert Thresholds().earned(mean) == mark


@given(st.lists(st.tuples(st.dates(date(2026, 11, 2), date(2026, 12, 30)), one_mark), max_size=20))
def test_a_week_holds_everything_up_to_its_sunday(entered):
    weeks = rules.mondays(DaySpan(date(2026, 11, 2), date(2026, 12, 30)), date(2027, 6, 1))
    marks = [DatedMark(day, mark) for day, mark in entered]
    found = rules.means_by_week(marks, weeks)
    assert found[-1] == weighted_mean(mark for _day, mark in entered)
    for monday, mean in zip(weeks, found, strict=True):
        assert mean == weighted_mean(mark for day, mark in entered if day <= monday + timedelta(days=6))


def test_weeks_end_with_the_present_one():
    span = DaySpan(date(2026, 9, 1), date(2026, 10, 25))
    assert rules.mondays(span, date(2026, 9, 8)) == [date(2026, 8, 31), date(2026, 9, 7)]
    assert rules.mondays(span, date(2026, 8, 30)) == []


@pytest.mark.parametrize(
    ("record", "state", "missed"),
    [
        (DayRecord(6), DayState.PRESENT, 0),
        (DayRecord(6, records=(DayState.LATE,)), DayState.LATE, 0),
        (DayRecord(6, records=(DayState.LATE, DayState.EXCUSED, DayState.EXCUSED)), DayState.EXCUSED, 2),
        (DayRecord(6, records=(DayState.ILL,) * 5 + (DayState.ABSENT,)), DayState.ABSENT, 6),
        (DayRecord(0, ahead=5), DayState.AHEAD, 0),
        (DayRecord(0), DayState.FREE, 0),
    ],
)
def test_a_day_shows_the_strongest_of_its_lessons(record, state, missed):
    assert (record.state, record.missed) == (state, missed)


def test_attendance_has_a_denominator():
    total = rules.attended([DayRecord(6), DayRecord(6, records=(DayState.ILL,) * 3), DayRecord(0, ahead=6)])
    assert (total.held, total.missed, total.percent) == (12, 3, Fraction(75))
    assert rules.attended([]).percent is None


@pytest.mark.parametrize(
    ("code", "reason", "state"),
    [
        ("н", "", DayState.ABSENT),
        ("н", "б", DayState.ILL),
        ("н", "у", DayState.EXCUSED),
        ("о", "", DayState.LATE),
        ("", "", DayState.PRESENT),
    ],
)
def test_codes_of_a_lesson(code, reason, state):
    assert rules.attendance_state(code, reason) is state


@given(st.lists(st.fractions(2, 5, max_denominator=100), max_size=8))
def test_labels_never_overlap_and_keep_their_order(values):
    gap = Fraction(1, 8)
    positions = rules.spread(values, gap)
    ordered = sorted(range(len(values)), key=lambda index: (values[index], positions[index]))
    assert all(positions[b] - positions[a] >= gap for a, b in pairwise(ordered))
    if all(b - a >= gap for a, b in pairwise(sorted(values))):
        assert positions == values
