"""Pure rules of the diary: what a mean would become, how far the next mark is, what a day was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from ais_app.journal.grid.means import WeightedMark, weighted_mean
from ais_app.journal.grid.rules import ABSENT, EXCUSED, ILL, LATE
from ais_app.journal.lessons.rules import DaySpan


@dataclass(frozen=True, slots=True)
class DatedMark:
    """A mark that counts, with the day of its lesson."""

    day: date
    mark: WeightedMark


def sums(marks: Iterable[WeightedMark]) -> tuple[Fraction, int]:
    """(Σ value·weight, Σ weight): the two numbers of which a mean is the quotient."""
    total, weight = Fraction(0), 0
    for mark in marks:
        total += Fraction(mark.hundredths * mark.weight, 100)
        weight += mark.weight
    return total, weight


def marks_needed(marks: Sequence[WeightedMark], target: Fraction, extra: WeightedMark) -> int | None:
    """How many marks like `extra` lift the mean of `marks` to `target`: 0 = reached, None = never.

    k ≥ (T·W − S) / ((m − T)·w), rounded up. The first mark of all is its own mean.
    """
    total, weight = sums(marks)
    value = Fraction(extra.hundredths, 100)
    if not weight:
        return 1 if value >= target and extra.weight else None
    missing = target * weight - total
    if missing <= 0:
        return 0
    if value <= target or not extra.weight:
        return None
    return -(-missing // ((value - target) * extra.weight))


def mondays(span: DaySpan, today: date) -> list[date]:
    """The Mondays of the weeks of `span` that have begun by `today`; the first may lie before the span."""
    found: list[date] = []
    monday = span.first - timedelta(days=span.first.weekday())
    while monday <= min(span.last, today):
        found.append(monday)
        monday += timedelta(days=7)
    return found


def means_by_week(marks: Iterable[DatedMark], weeks: Sequence[date]) -> list[Fraction | None]:
    """The mean of everything up to the end of each week; None until the first mark. `weeks` are Mondays in order."""
    ordered = sorted(marks, key=lambda one: one.day)
    return [weighted_mean(one.mark for one in ordered if one.day < monday + timedelta(days=7)) for monday in weeks]


class DayState(StrEnum):
    """What the calendar shows of a day: of the states of its lessons the first one in `_STRENGTH`."""

    PRESENT = "present"
    ABSENT = "absent"
    ILL = "ill"
    EXCUSED = "excused"
    LATE = "late"
    HOLIDAY = "holiday"
    AHEAD = "ahead"
    FREE = "free"


STATE_CODES = {DayState.ABSENT: ABSENT, DayState.ILL: ILL, DayState.EXCUSED: EXCUSED, DayState.LATE: LATE}
# What one day shows when its lessons differ: an unexplained absence first, being late last.
_STRENGTH = tuple(STATE_CODES)


def attendance_state(code: str, reason: str) -> DayState:
    """The state that one lesson's record means: «н» with its reason, «о»."""
    if code == ABSENT:
        return {ILL: DayState.ILL, EXCUSED: DayState.EXCUSED}.get(reason, DayState.ABSENT)
    return DayState.LATE if code == LATE else DayState.PRESENT


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One day of a student: how many lessons were held, and what is recorded of those not simply attended."""

    held: int
    ahead: int = 0
    records: tuple[DayState, ...] = ()

    @property
    def missed(self) -> int:
        """Lessons not attended; being late is no absence."""
        return sum(state is not DayState.LATE for state in self.records)

    @property
    def state(self) -> DayState:
        found = next((state for state in _STRENGTH if state in self.records), None)
        if found is not None:
            return found
        if self.held:
            return DayState.PRESENT
        return DayState.AHEAD if self.ahead else DayState.FREE


@dataclass(frozen=True, slots=True)
class Attended:
    """Of `held` lessons `missed` ones were not attended; days by state."""

    held: int
    missed: int
    days: Counter[DayState]

    @property
    def percent(self) -> Fraction | None:
        """100·(1 − missed/held), exact; None when nothing was held."""
        return Fraction(100 * (self.held - self.missed), self.held) if self.held else None


def attended(records: Iterable[DayRecord]) -> Attended:
    """The sums over these days."""
    kept = list(records)
    return Attended(sum(one.held for one in kept), sum(one.missed for one in kept), Counter(one.state for one in kept))


def spread(values: Sequence[Fraction], gap: Fraction) -> list[Fraction]:
    """A position for the label of each of `values`, in their order: at least `gap` apart, moved as little as possible.

    Neighbours that would overlap form a block around the mean of their values; of equal values the first is highest.
    """
    blocks: list[list[int]] = []
    order = sorted(range(len(values)), key=lambda index: (values[index], -index))

    def bottom(block: list[int]) -> Fraction:
        middle = sum((values[index] for index in block), Fraction(0)) / len(block)
        return middle - gap * (len(block) - 1) / 2

    for index in order:
        blocks.append([index])
        while len(blocks) > 1 and bottom(blocks[-2]) + gap * len(blocks[-2]) > bottom(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    positions = list(values)
    for block in blocks:
        for step, index in enumerate(block):
            positions[index] = bottom(block) + gap * step
    return positions


VISIT = timedelta(minutes=30)  # looks that are nearer than this are one visit


def known_until(known: datetime, looked: datetime, now: datetime) -> datetime:
    """Up to which moment a diary counts as known at `now`: `known` while the visit lasts, then its latest look."""
    return looked if now - looked > VISIT else known
