"""The three charts of «Успехи»: a figure, the sentence that names it, and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ais_app.diary.progress import figures
from ais_app.diary.progress.figures import Theme, Tile
from ais_app.diary.progress.queries import CourseLine
from ais_app.diary.progress.views import Shown, days_in_words, started
from ais_app.diary.rules import DatedMark, DayRecord, DayState, attended, means_by_week, mondays
from ais_app.i18n import _, day_and_month, month, ngettext, short_date, weekday
from ais_app.journal.grid.means import Thresholds, shown_mean


@dataclass(frozen=True, slots=True)
class RowItem:
    """A row of a text table."""

    name: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class ChartItem:
    """A figure, the sentence that names it, and its numbers as a table. No rows = nothing to draw."""

    name: str = ""
    figure: dict[str, Any] = field(default_factory=lambda: {"data": [], "layout": {}})
    width: str = "100%"
    height: str = "0px"
    head: list[str] = field(default_factory=list)
    rows: list[RowItem] = field(default_factory=list)


# --- means by week ------------------------------------------------------------------------------------------------


def means(view: Shown, drawn: Sequence[CourseLine], chosen: str, thresholds: Thresholds, theme: Theme) -> ChartItem:
    """A line for each course: the weighted mean of everything up to the end of each week."""
    weeks = mondays(view.span, view.today)
    series = {
        course.name: means_by_week(
            [DatedMark(mark.day, mark.weighted) for mark in view.marks(course) if mark.weighted], weeks
        )
        for course in drawn
    }
    series = {name: values for name, values in series.items() if any(value is not None for value in values)}
    if not series:
        return ChartItem()
    strong = next((course.name for course in drawn if course.uid == chosen), "")
    heads = [_week_head(monday, view) for monday in weeks]
    return ChartItem(
        name=_means_name(view, series, thresholds),
        figure=figures.lines(series, heads, strong, thresholds, theme),
        height=f"{figures.MEANS_HEIGHT}px",
        head=[_("Subject"), *heads],
        rows=[
            RowItem(name, [shown_mean(value, thresholds) or "—" for value in values]) for name, values in series.items()
        ],
    )


def _week_head(monday: date, view: Shown) -> str:
    first = max(monday, view.span.first)
    return f"{first.day}.{first.month:02d}"


def _means_name(view: Shown, series: dict[str, list[Fraction | None]], thresholds: Thresholds) -> str:
    parts = []
    for name, values in series.items():
        known = [value for value in values if value is not None]
        first, last = (shown_mean(one, thresholds) for one in (known[0], known[-1]))
        parts.append(
            f"{name} {last}"
            if first == last
            else _("{name} from {first} to {last}").format(name=name, first=first, last=last)
        )
    return _("Weighted mean by week, {period}: {subjects}.").format(period=view.name, subjects="; ".join(parts))


# --- how many of which marks --------------------------------------------------------------------------------------


def distribution(view: Shown, theme: Theme) -> ChartItem:
    """A bar for each course, divided into fives, fours, threes and twos (and ones where they are given)."""
    counts: dict[str, dict[str, int]] = {}
    for course in view.courses:
        codes = [mark.code for mark in view.marks(course) if mark.weighted is not None]
        if codes:
            counts[course.name] = {code: codes.count(code) for code in ("5", "4", "3", "2", "1")}
    if not counts:
        return ChartItem()
    given = [code for code in ("5", "4", "3", "2", "1") if code != "1" or any(one["1"] for one in counts.values())]
    total = {code: sum(one[code] for one in counts.values()) for code in given}
    return ChartItem(
        name=_("How many of which marks, {period}: {counts}.").format(
            period=view.name, counts=", ".join(f"«{code}» — {count}" for code, count in total.items())
        ),
        figure=figures.bars(counts, given, theme),
        height=f"{figures.bars_height(len(counts))}px",
        head=[_("Subject"), *given],
        rows=[RowItem(name, [str(one[code]) for code in given]) for name, one in counts.items()],
    )


# --- attendance ---------------------------------------------------------------------------------------------------


def attendance(view: Shown, theme: Theme) -> tuple[ChartItem, str, str]:
    """(calendar of the period, «93 % of lessons», «4 of 105 lessons missed»); empty where it has no lessons."""
    days = {day: record for day, record in view.year.days.items() if day in view.span}
    if not days:
        return ChartItem(), "", ""
    total = attended(days.values())
    words = {state: _state_name(state) for state in DayState}
    counts = ", ".join(
        f"{words[state]} {days_in_words(total.days[state])}"
        for state in (DayState.PRESENT, DayState.ABSENT, DayState.ILL, DayState.EXCUSED, DayState.LATE)
        if total.days[state]
    )
    missed = _missed(total.missed, total.held)
    weeks = mondays(view.span, _last_day(view))
    width = 6 if any(day.isoweekday() == 6 for day in days) else 5
    states = {day: _state(day, days, view) for monday in weeks for day in _week(monday, width)}
    heads = [weekday(day, short=True) for day in _week(weeks[0], width)]
    across, down, _pitch = figures.calendar_size(len(weeks), width)
    item = ChartItem(
        name=_("Attendance, {period}: {days}. {lessons}.").format(
            period=view.name, days=counts or _("nothing held yet"), lessons=missed
        ),
        figure=figures.calendar(
            [
                Tile(number, day.weekday(), states[day], _day_words(day, states[day], days))
                for number, monday in enumerate(weeks)
                for day in _week(monday, width)
            ],
            _months(weeks, view),
            heads,
            len(weeks),
            theme,
        ),
        width=f"{across}px",
        height=f"{down}px",
        head=[_("Week of"), *heads],
        rows=[RowItem(short_date(monday), [words[states[day]] for day in _week(monday, width)]) for monday in weeks],
    )
    percent = total.percent
    return item, "" if percent is None else _("{percent} % of lessons").format(percent=int(percent)), missed


def _state(day: date, days: dict[date, DayRecord], view: Shown) -> DayState:
    if day in days:
        return days[day].state
    if day in view.year.holidays:
        return DayState.HOLIDAY
    return DayState.FREE


def _last_day(view: Shown) -> date:
    """Where the calendar ends: with the chosen period; for the whole year with the last period that has begun."""
    begun = started(view.year, view.today)
    return begun[-1].span.last if view.is_year and begun else view.span.last


def _months(weeks: Sequence[date], view: Shown) -> dict[int, str]:
    """{number of a week: short name of the month that begins in it}; the first week has its own."""
    firsts = [max(monday, view.span.first) for monday in weeks]
    return {
        number: month(first)[:3].lower()
        for number, first in enumerate(firsts)
        if number == 0 or first.month != firsts[number - 1].month
    }


def _week(monday: date, width: int) -> list[date]:
    return [monday + timedelta(days=offset) for offset in range(width)]


def _state_name(state: DayState) -> str:
    return {
        DayState.PRESENT: _("attended"),
        DayState.ABSENT: _("absent"),
        DayState.ILL: _("absent, ill"),
        DayState.EXCUSED: _("absent, excused"),
        DayState.LATE: _("late"),
        DayState.HOLIDAY: _("holidays"),
        DayState.AHEAD: _("ahead"),
        DayState.FREE: _("no lessons"),
    }[state]


def _day_words(day: date, state: DayState, days: dict[date, DayRecord]) -> str:
    text = f"{day_and_month(day)}: {_state_name(state)}"
    record = days.get(day)
    if record is not None and record.missed:
        text += ", " + _missed(record.missed, record.held)
    return text


def _missed(missed: int, held: int) -> str:
    """«пропущено 4 из 105 уроков»: a number with its denominator."""
    of = ngettext("of {count} lesson", "of {count} lessons", held)
    return _("{missed} {of_lessons} missed").format(missed=missed, of_lessons=of)
