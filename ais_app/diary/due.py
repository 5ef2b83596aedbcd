"""When homework is due that has no next lesson yet: at the next meeting of the timetable. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Meeting:
    """A course meets on a weekday (1 = Monday), from `first` on and before `until`."""

    weekday: int
    first: date
    until: date | None

    def is_on(self, day: date) -> bool:
        return day.isoweekday() == self.weekday and self.first <= day and (self.until is None or day < self.until)


def next_meeting(after: date, last: date, meetings: Sequence[Meeting], holidays: Container[date]) -> date | None:
    """The first day after `after`, up to `last`, on which the course meets; None when there is none."""
    day = after + timedelta(days=1)
    while meetings and day <= last:
        if day not in holidays and any(meeting.is_on(day) for meeting in meetings):
            return day
        day += timedelta(days=1)
    return None
