"""Value objects of schools and people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchoolRef:
    """A school for services: the integer stays inside, the uid names its ledger chain."""

    id: int
    uid: str
    zone: str
