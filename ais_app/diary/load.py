"""Homework of a day against the norm of the grade: how much there is, and when to warn. Pure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

# SanPiN norms by grade on homework: grades from …: minutes a day at most.
_FROM_GRADE = (1, 2, 4, 6, 9)
_MINUTES = (60, 90, 120, 150, 210)
WARN_PERCENT = 85


def norm(grade: int) -> int:
    """Minutes of homework a day at most, all subjects together; grades below 1 count as 1."""
    return _MINUTES[bisect_right(_FROM_GRADE, max(grade, 1)) - 1]


@dataclass(frozen=True, slots=True)
class Load:
    """The homework set on a day: expected minutes of all subjects, and the norm of the grade."""

    minutes: int
    norm: int

    @property
    def percent(self) -> int:
        """How much of the norm it takes, at most 100, for the bar."""
        return min(100, self.minutes * 100 // self.norm)

    @property
    def heavy(self) -> bool:
        """More than 85 % of the norm."""
        return self.minutes * 100 > self.norm * WARN_PERCENT
