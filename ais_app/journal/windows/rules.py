"""Pure rules of when a lesson may be written: edit window, closed period, openings. No clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from ais_app.clock import SchoolMoment
from ais_app.journal.lessons.rules import DaySpan
from ais_app.school_settings.rules import Dated


class ColumnState(StrEnum):
    """Whether a column may be written today, and if not, why."""

    OPEN = "open"
    LOCKED = "locked"
    CLOSED = "closed"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class EditWindow:
    """How long after the lesson its records may be changed: `days` after the day of the lesson, by what the school had
    set on that day.
    """

    days: Dated[int]

    def last_day(self, lesson_day: date) -> date:
        return lesson_day + timedelta(days=self.days.at(lesson_day))

    def first_day(self, today: date) -> date:
        """No lesson before this day is in its window today."""
        return today - timedelta(days=max(self.days.all))


def column_state(day: date, today: date, window: EditWindow, *, period_closed: bool) -> ColumnState:
    """The state of a lesson's column on `today` (both in the school's zone)."""
    if period_closed:
        return ColumnState.CLOSED
    if day > today:
        return ColumnState.FUTURE
    return ColumnState.OPEN if today <= window.last_day(day) else ColumnState.LOCKED


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
