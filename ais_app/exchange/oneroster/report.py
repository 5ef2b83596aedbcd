"""What an import did, or would do: added, changed, left alone, and what is worth knowing about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ais_app.exchange.engine import Note
from ais_app.exchange.slips import Slip


@dataclass
class Report:
    """Counts by what they are of. `codes` are the slips of new accounts; a dry run has none."""

    dry_run: bool
    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    codes: list[Slip] = field(default_factory=list)

    def add(self, what: str, number: int = 1) -> None:
        _count(self.added, what, number)

    def change(self, what: str, number: int = 1) -> None:
        _count(self.changed, what, number)

    def leave(self, what: str, number: int = 1) -> None:
        _count(self.left, what, number)

    @property
    def summary(self) -> str:
        """One line for each kind of outcome; a refused set has no report but its problems."""
        would = "Would be " if self.dry_run else ""
        lines = (("added", self.added), ("changed", self.changed), ("left alone", self.left))
        return "\n".join(f"{(would + name).capitalize()}: {_spelled(counts)}." for name, counts in lines)


def _count(counts: dict[str, int], what: str, number: int) -> None:
    if number:
        counts[what] = counts.get(what, 0) + number


def _spelled(counts: dict[str, int]) -> str:
    return ", ".join(f"{what} {number}" for what, number in counts.items()) or "nothing"
