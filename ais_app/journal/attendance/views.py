"""What the roll call shows, and what reasons of absence are called."""

from __future__ import annotations

from dataclasses import dataclass

from ais_app.i18n import _
from ais_app.journal.grid.rules import EXCUSED, ILL


@dataclass(frozen=True, slots=True)
class RollItem:
    student: str
    name: str
    code: str


def reason_names() -> dict[str, str]:
    """{reason of an absence: what it is called}, in the order in which they are offered."""
    return {ILL: _("illness"), EXCUSED: _("a good reason")}
