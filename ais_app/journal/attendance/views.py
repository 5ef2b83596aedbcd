"""What the roll call shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RollItem:
    student: str
    name: str
    code: str
