"""Homework of a day against the norm of the grade: how much there is, and when to warn. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ais_app.diary.settings import LOAD_WARNING, LOADS
from ais_app.school_settings.queries import SettingValues


@dataclass(frozen=True, slots=True)
class LoadNorms:
    """What a school has set: minutes a day of each grade, and from which part of them on it warns."""

    values: SettingValues

    def norm(self, grade: int, day: date) -> int:
        """Minutes of homework at most on a day, all subjects together; grades below 1 count as 1."""
        setting = next(setting for first, setting in reversed(LOADS) if first <= max(grade, 1))
        return self.values.at(setting, day)

    def load(self, minutes: int, grade: int, day: date) -> Load:
        """The homework set for a day, of so many minutes."""
        return Load(minutes, self.norm(grade, day), self.values.at(LOAD_WARNING, day))


@dataclass(frozen=True, slots=True)
class Load:
    """The homework set on a day: expected minutes of all subjects, the norm of the grade, and the part of it (percent)
    beyond which the day is heavy.
    """

    minutes: int
    norm: int
    warns_beyond: int

    @property
    def percent(self) -> int:
        """How much of the norm it takes, at most 100, for the bar."""
        return min(100, self.minutes * 100 // self.norm)

    @property
    def heavy(self) -> bool:
        """More than the part of the norm from which the school is warned."""
        return self.minutes * 100 > self.norm * self.warns_beyond
