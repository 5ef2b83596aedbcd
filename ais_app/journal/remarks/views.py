"""The remarks of a cell's panel in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ais_app.i18n import moment_in_words
from ais_app.journal.remarks.queries import RemarkLine


@dataclass(frozen=True, slots=True)
class RemarkItem:
    """A remark in words; `about`: author and moment; `own` = this reader wrote it and may take it back."""

    uid: str
    text: str
    about: str
    own: bool


def remark_items(rows: Sequence[RemarkLine], zone: str) -> list[RemarkItem]:
    return [
        RemarkItem(one.uid, one.text, f"{one.author}, {moment_in_words(one.moment, zone)}", one.own) for one in rows
    ]
