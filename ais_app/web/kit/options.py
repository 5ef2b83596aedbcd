"""What conditions of a list are chosen from, and those that stand, as values of a state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OptionItem:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ConditionItem:
    """A condition that stands: its name in the address, and both parts of its words."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ChipItem:
    """One of a few parts of a list, with the number of its rows."""

    value: str
    label: str
    count: int
