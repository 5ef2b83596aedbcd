"""Pure rules of lessons: by when they are to be written down, and the days that a timetable makes. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ais_app.school_settings.rules import Dated


def is_held(day: date, ends: time | None, now: datetime) -> bool:
    """Whether a lesson of `day` is over at `now` (of the school): its day is, or its bell has rung for the end.

    Without bells it is over with its day. Its SQL twin is `lessons.queries.record.held`.
    """
    return day < now.date() or (day == now.date() and ends is not None and ends <= now.time())


def homework_written(text: str | None, nothing_set: bool | None) -> bool:
    """Whether it is written what is set at a lesson, be it «не задано». Its SQL twin: `record.HOMEWORK_WRITTEN`."""
    return bool(text) or bool(nothing_set)


def written_down(topic: str, text: str | None, nothing_set: bool | None) -> bool:
    """Whether topic and homework of a lesson are written. Its SQL twin: `record.WRITTEN_DOWN`."""
    return bool(topic) and homework_written(text, nothing_set)


@dataclass(frozen=True, slots=True)
class RecordTerms:
    """By when a lesson is to be written down, by what the school had set on its day; the edit window is the lock, this
    the duty.

    Source of the defaults: recommendations АП-147/07 of 15 February 2012: the topic on the day of the lesson, the
    homework not later than an hour after the last lesson of its students. Moments are in the school's zone, without it.
    """

    topic_days: Dated[int]
    homework_minutes: Dated[int]

    def topic_by(self, day: date) -> datetime:
        """The midnight before which the topic of a lesson of `day` is to be written."""
        return datetime.combine(day + timedelta(days=self.topic_days.at(day) + 1), time.min)

    def homework_by(self, day: date, last_bell: time | None) -> datetime:
        """Counted from the last bell of the students on that day; the end of the day where no bell is known."""
        if last_bell is None:
            return datetime.combine(day + timedelta(days=1), time.min)
        return datetime.combine(day, last_bell) + timedelta(minutes=self.homework_minutes.at(day))


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
