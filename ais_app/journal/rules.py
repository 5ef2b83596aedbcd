"""Pure rules of the journal: what a cell may hold, exact means, edit windows and locks. No clock, no database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction

from ais_app.clock import SchoolMoment

LONGEST_CELL = 16
MOST_MARKS_IN_A_CELL = 3
LONGEST_COMMENT = 500

ABSENT, LATE = "н", "о"
REASONS = ("б", "у")
MARKS = {"5": 500, "4": 400, "3": 300, "2": 200}
MARK_ONE = {"1": 100}
EXEMPT, PASSING = "осв", ("зач", "незач")
UNCOUNTED = (*PASSING, EXEMPT)


class BadCell(ValueError):  # noqa: N818 - a value, not a crash
    """A text that a cell cannot hold."""


@dataclass(frozen=True, slots=True)
class MarkValue:
    """One mark as entered; `hundredths` is what it counts as, None when it does not enter a mean."""

    code: str
    hundredths: int | None


@dataclass(frozen=True, slots=True)
class CellValue:
    """Everything a cell holds: marks in their order and attendance of the lesson."""

    marks: tuple[MarkValue, ...] = ()
    attendance: str = ""
    reason: str = ""
    minutes: int | None = None

    @property
    def text(self) -> str:
        """The canonical spelling, which `parse_cell` reads back: «5/4», «н», «б», «о15», «о/4», empty."""
        parts: list[str] = []
        if self.attendance == LATE:
            parts.append(LATE + (str(self.minutes) if self.minutes else ""))
        elif self.attendance:
            parts.append(self.reason or self.attendance)
        return "/".join([*parts, *(mark.code for mark in self.marks)])


def parse_cell(text: str, *, mark_one: bool, graded: bool = True) -> CellValue:
    """Read the text of a cell: marks separated by «/», «н», «о» with minutes, reasons «б» and «у».

    Full-width digits and other compatibility spellings are normalised (NFKC), Latin look-alikes are not guessed.
    A mark beside «н» is allowed (a work handed in later). Raises BadCell.
    """
    if len(text) > LONGEST_CELL:
        raise BadCell(text)
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if not plain:
        return CellValue()
    allowed = MARKS | MARK_ONE if mark_one else MARKS
    marks: list[MarkValue] = []
    attendance, reason, minutes = "", "", None
    for part in plain.split("/"):
        if part in allowed and graded:
            marks.append(MarkValue(part, allowed[part]))
        elif part in UNCOUNTED:
            marks.append(MarkValue(part, None))
        elif attendance:
            raise BadCell(text)
        elif part == ABSENT:
            attendance = ABSENT
        elif part in REASONS:
            attendance, reason = ABSENT, part
        elif part[:1] == LATE and (len(part) == 1 or _is_minutes(part[1:])):
            attendance, minutes = LATE, int(part[1:]) if len(part) > 1 else None
        else:
            raise BadCell(text)
    if len(marks) > MOST_MARKS_IN_A_CELL:
        raise BadCell(text)
    return CellValue(tuple(marks), attendance, reason, minutes)


def _is_minutes(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 45


def continued(before: Sequence[MarkValue], after: Sequence[MarkValue]) -> list[int | None]:
    """For each mark of `after` which mark of `before` (its place) it still is; None = a new one.

    Places of `before` that are not named are marks that stood there and do so no more.
    """
    left = list(range(len(before)))
    found: list[int | None] = []
    for mark in after:
        same = next((place for place in left if before[place].code == mark.code), None)
        if same is not None:
            left.remove(same)
        found.append(same)
    return found


def is_correction(before: str, after: str) -> bool:
    """Whether something that stood in a cell (as its texts say) stands there no more.

    What is only added corrects nothing, nor does the reason of an absence that was not known before («н» → «б»).
    """
    left = after.split("/")
    for part in filter(None, before.split("/")):
        same = next((one for one in left if one == part or (part == ABSENT and one in REASONS)), None)
        if same is None:
            return True
        left.remove(same)
    return False


@dataclass(frozen=True, slots=True)
class CorrectionTerm:
    """For how long a mark may be corrected without a reason: so many hours since it was written."""

    hours: int

    def is_over(self, written: datetime, now: datetime) -> bool:
        return now - written >= timedelta(hours=self.hours)


@dataclass(frozen=True, slots=True)
class WeightedMark:
    """A mark that counts: its value in hundredths and the weight of its work."""

    hundredths: int
    weight: int


def weighted_mean(marks: Iterable[WeightedMark]) -> Fraction | None:
    """Σ(value·weight) / Σweight, exact; None when nothing counts."""
    total = weight = 0
    for mark in marks:
        total += mark.hundredths * mark.weight
        weight += mark.weight
    return Fraction(total, 100 * weight) if weight else None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least exact means that earn a «5», «4» and «3»; below the last it is a «2»."""

    five: Fraction = Fraction(9, 2)
    four: Fraction = Fraction(7, 2)
    three: Fraction = Fraction(5, 2)

    def least_for(self, mark: int) -> Fraction:
        """The least mean for `mark` (5, 4 or 3)."""
        return {5: self.five, 4: self.four, 3: self.three}[mark]

    def earned(self, mean: Fraction | None) -> int | None:
        """The mark (5 to 2) that an exact mean earns; None when nothing counts. A threshold is reached by equality."""
        if mean is None:
            return None
        return next((mark for mark in (5, 4, 3) if mean >= self.least_for(mark)), 2)

    def lies_between(self, mean: Fraction, shown: Fraction) -> bool:
        """Whether `mean` is below a threshold that `shown` reaches."""
        return any(mean < least <= shown for least in (self.five, self.four, self.three))


USUAL_THRESHOLDS = Thresholds()


def shown_mean(mean: Fraction | None, thresholds: Thresholds = USUAL_THRESHOLDS) -> str:
    """A mean for the eye: two decimals, half up, decimal comma. Never compare this, compare the fraction.

    A mean below a threshold that rounding would lift to it is cut instead: 4,499 is shown as 4,49 (D-53).
    """
    if mean is None:
        return ""
    hundredths = (200 * mean.numerator + mean.denominator) // (2 * mean.denominator)  # half up, exact
    if thresholds.lies_between(mean, Fraction(hundredths, 100)):
        hundredths = 100 * mean.numerator // mean.denominator
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02}"


class ColumnState(StrEnum):
    """Whether a column may be written today, and if not, why."""

    OPEN = "open"
    LOCKED = "locked"
    CLOSED = "closed"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class EditWindow:
    """How long after the lesson its records may be changed: `days` after the day of the lesson."""

    days: int

    def last_day(self, lesson_day: date) -> date:
        return lesson_day + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class RecordTerms:
    """By when a lesson is to be written down, by settings of the school; the edit window is the lock, this the duty.

    Source of the defaults: recommendations АП-147/07 of 15 February 2012: the topic on the day of the lesson, the
    homework not later than an hour after the last lesson of its students. Moments are in the school's zone, without it.
    """

    topic_days: int
    homework_minutes: int

    def topic_by(self, day: date) -> datetime:
        """The midnight before which the topic of a lesson of `day` is to be written."""
        return datetime.combine(day + timedelta(days=self.topic_days + 1), time.min)

    def homework_by(self, day: date, last_bell: time | None) -> datetime:
        """Counted from the last bell of the students on that day; the end of the day where no bell is known."""
        if last_bell is None:
            return datetime.combine(day + timedelta(days=1), time.min)
        return datetime.combine(day, last_bell) + timedelta(minutes=self.homework_minutes)


def column_state(day: date, today: date, window: EditWindow, *, period_closed: bool) -> ColumnState:
    """The state of a lesson's column on `today` (both in the school's zone)."""
    if period_closed:
        return ColumnState.CLOSED
    if day > today:
        return ColumnState.FUTURE
    return ColumnState.OPEN if today <= window.last_day(day) else ColumnState.LOCKED


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly meeting of a course: weekday 1 (Monday) to 7, lesson number, room."""

    weekday: int
    number: int
    room: str


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Opening:
    """Days that may be written until a moment although their window is over: for everybody, or for one `pupil` (uid).

    `over_closed_period`: it reaches into a closed period too.
    """

    uid: str
    days: DaySpan
    until: datetime
    pupil: str = ""
    over_closed_period: bool = False

    def covers(self, state: ColumnState, day: date, pupil: str) -> bool:
        """Whether this is about a lesson of `day` in `state`; `pupil` is empty for what concerns the whole lesson."""
        shut = state is ColumnState.LOCKED or (state is ColumnState.CLOSED and self.over_closed_period)
        return shut and day in self.days and self.pupil in ("", pupil)


def admitting(
    openings: Iterable[Opening], state: ColumnState, day: date, at: SchoolMoment, pupil: str = ""
) -> Opening | None:
    """The opening by which a lesson in `state` may be written at this very moment: the one that lasts longest."""
    lasting = [one for one in openings if at.now < one.until and day <= at.day and one.covers(state, day, pupil)]
    return max(lasting, key=lambda one: one.until, default=None)


def ended(
    openings: Iterable[Opening], state: ColumnState, day: date, at: SchoolMoment, pupil: str = ""
) -> Opening | None:
    """The last opening that covered a lesson and is over."""
    over = [one for one in openings if one.until <= at.now and one.covers(state, day, pupil)]
    return max(over, key=lambda one: one.until, default=None)


def lesson_days(span: DaySpan, slots: Sequence[Slot], holidays: Sequence[DaySpan]) -> list[tuple[date, int, str]]:
    """Days, numbers and rooms of the lessons that `slots` make in `span`, without holidays, in order."""
    by_weekday: dict[int, list[Slot]] = {}
    for slot in slots:
        by_weekday.setdefault(slot.weekday, []).append(slot)
    found: list[tuple[date, int, str]] = []
    day = span.first
    while day <= span.last:
        if not any(day in holiday for holiday in holidays):
            found += [
                (day, slot.number, slot.room)
                for slot in sorted(by_weekday.get(day.isoweekday(), []), key=lambda slot: slot.number)
            ]
        day += timedelta(days=1)
    return found
