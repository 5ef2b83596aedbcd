"""The codes of a cell: one table of what it can hold, what that counts as, how it is coloured, what it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ais_app.i18n import _


class Sort(StrEnum):
    """What a code is. A low mark is there only where the school allows it, a result where no marks are given."""

    MARK = "mark"
    LOW_MARK = "low_mark"
    ABSENT = "absent"
    REASON = "reason"
    LATE = "late"
    RESULT = "result"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Code:
    """`hundredths` is what it counts as in a mean; `chip` the class of its colour; `words` say what it means.

    `keys`: what is pressed to write it, where that is not its text.
    """

    text: str
    sort: Sort
    hundredths: int | None = None
    chip: str = ""
    words: Callable[[], str] | None = None
    keys: str = ""


CODES = (
    Code("5", Sort.MARK, 500, "mk5"),
    Code("4", Sort.MARK, 400, "mk4"),
    Code("3", Sort.MARK, 300, "mk3"),
    Code("2", Sort.MARK, 200, "mk2"),
    Code("1", Sort.LOW_MARK, 100, "mk2"),
    Code("н", Sort.ABSENT, chip="abs-n", words=lambda: _("absent")),
    Code("б", Sort.REASON, chip="abs", words=lambda: _("absent, ill")),
    Code("у", Sort.REASON, chip="abs", words=lambda: _("absent, excused")),
    Code("о", Sort.LATE, chip="abs-o", words=lambda: _("late")),
    Code("зач", Sort.RESULT, keys="з"),
    Code("незач", Sort.RESULT, keys="-"),
    Code("осв", Sort.EXEMPT, keys="ос"),
)


WORDS = {code.text: code.words for code in CODES if code.words is not None}
KEYS = {code.text: code.keys or code.text for code in CODES}


def of(*sorts: Sort) -> tuple[str, ...]:
    """The codes of these sorts, in the order of the table."""
    return tuple(code.text for code in CODES if code.sort in sorts)


def values_of(sort: Sort) -> dict[str, int]:
    """{mark: what it counts as} of a sort."""
    return {code.text: code.hundredths for code in CODES if code.sort is sort and code.hundredths is not None}
