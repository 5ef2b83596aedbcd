"""When a journal lacks something. No database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

LESSONS_A_MARK = 2  # held for each mark that a student should have, before anybody has too few
SILENT_DAYS = 7
RECENT_DAYS = 14  # of lessons whose cells are looked at for the last entry; older ones can hardly be written any more


class Part(StrEnum):
    """A part of the list of journals."""

    ALL = ""
    DEBTS = "debts"
    TOPIC = "topic"
    HOMEWORK = "homework"
    MARKS = "marks"
    REQUESTS = "requests"
    SILENT = "silent"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Kept:
    """How a journal is kept in the present period.

    `held`, `topics`, `homework`: lessons that are over, those with a topic, those with a homework or «не задано».
    `few`: students with fewer marks than the school wants in such a period; `requests` that wait for an answer.
    `written`: when a cell of a recent lesson was written last, by the school's clock; `recorded`: the day of the last
    lesson with a topic.
    """

    held: int = 0
    topics: int = 0
    homework: int = 0
    few: int = 0
    requests: int = 0
    written: datetime | None = None
    recorded: date | None = None

    @property
    def no_topic(self) -> int:
        return self.held - self.topics

    @property
    def no_homework(self) -> int:
        return self.held - self.homework

    @property
    def has_debts(self) -> bool:
        return bool(self.no_topic or self.no_homework or self.few)

    @property
    def last(self) -> datetime | date | None:
        """The last entry; of a lesson that was written down only the day is known."""
        if self.written is None or (self.recorded is not None and self.recorded > self.written.date()):
            return self.recorded
        return self.written

    @property
    def last_day(self) -> date | None:
        return self.last.date() if isinstance(self.last, datetime) else self.last

    def is_silent(self, today: date) -> bool:
        """Lessons were held, and nothing was entered for a week."""
        return self.held > 0 and (self.last_day is None or self.last_day <= today - timedelta(days=SILENT_DAYS))

    def belongs_to(self, part: Part, today: date) -> bool:
        return {
            Part.ALL: True,
            Part.DEBTS: self.has_debts,
            Part.TOPIC: self.no_topic > 0,
            Part.HOMEWORK: self.no_homework > 0,
            Part.MARKS: self.few > 0,
            Part.REQUESTS: self.requests > 0,
            Part.SILENT: self.is_silent(today),
            Part.ORDER: not (self.has_debts or self.requests or self.is_silent(today)),
        }[part]

    @property
    def weight(self) -> tuple[int, int, int, int]:
        """By which journals with more debts come first: a missing topic outweighs a missing homework."""
        return self.no_topic, self.no_homework, self.few, self.requests
