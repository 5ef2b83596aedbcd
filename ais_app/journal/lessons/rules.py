"""Pure rules of lessons: by when they are to be written down, and the days that a timetable makes. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


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


def lesson_days(span: DaySpan, slots: Sequence[Slot], holidays: Sequence[DaySpan]) -> list[tuple[date, int, str]]:
    """Days, numbers and rooms of the lessons that `slots` make in `span`, without holidays, in order."""
    by_weekday: dict[int, list[Slot]] = {}
    for slot in slots:
        by_weekday.setdefault(slot.weekday, []).append(slot)
    found = []
    day = span.first
    while day <= span.last:
        if not any(day in holiday for holiday in holidays):
            found += [
                (day, slot.number, slot.room)
                for slot in sorted(by_weekday.get(day.isoweekday(), []), key=lambda slot: slot.number)
            ]
        day += timedelta(days=1)
    return found
