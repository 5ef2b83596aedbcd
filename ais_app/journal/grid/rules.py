"""Pure rules of a cell: what it may hold, how it is spelled, what corrects it. No clock, no database."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from ais_app.journal.grid.codes import Sort, of, values_of

LONGEST_CELL = 16
MOST_MARKS_IN_A_CELL = 3
LONGEST_COMMENT = 500
(ABSENT,), (LATE,), (EXEMPT,) = of(Sort.ABSENT), of(Sort.LATE), of(Sort.EXEMPT)
REASONS, PASSING = of(Sort.REASON), of(Sort.RESULT)
ILL, EXCUSED = REASONS
MARKS, MARK_ONE = values_of(Sort.MARK), values_of(Sort.LOW_MARK)
UNCOUNTED = (*PASSING, EXEMPT)
Comment = TypeVar("Comment", bound=str | None)


class BadCell(ValueError):  # noqa: N818 - a value, not a crash
    """A text that a cell cannot hold."""


@dataclass(frozen=True, slots=True)
class MarkValue:
    """One mark as entered; `hundredths` is what it counts as, None when it does not enter a mean."""

    code: str
    hundredths: int | None


@dataclass(frozen=True, slots=True)
class CellValue:
    """Everything a cell holds: marks in their order and attendance of the lesson."""

    marks: tuple[MarkValue, ...] = ()
    attendance: str = ""
    reason: str = ""
    minutes: int | None = None

    @property
    def text(self) -> str:
        """The canonical spelling, which `parse_cell` reads back: «5/4», «н», «б», «о15», «о/4», empty."""
        parts: list[str] = []
        if self.attendance == LATE:
            parts.append(LATE + (str(self.minutes) if self.minutes else ""))
        elif self.attendance:
            parts.append(self.reason or self.attendance)
        return "/".join([*parts, *(mark.code for mark in self.marks)])


def parse_cell(text: str, *, mark_one: bool, graded: bool = True) -> CellValue:
    """Read the text of a cell: marks separated by «/», «н», «о» with minutes, reasons «б» and «у».

    Full-width digits and other compatibility spellings are normalised (NFKC), Latin look-alikes are not guessed.
    A mark beside «н» is allowed (a work handed in later). Raises BadCell.
    """
    if len(text) > LONGEST_CELL:
        raise BadCell(text)
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if not plain:
        return CellValue()
    allowed = MARKS | MARK_ONE if mark_one else MARKS
    marks: list[MarkValue] = []
    attendance, reason, minutes = "", "", None
    for part in plain.split("/"):
        if part in allowed and graded:
            marks.append(MarkValue(part, allowed[part]))
        elif part in UNCOUNTED:
            marks.append(MarkValue(part, None))
        elif attendance:
            raise BadCell(text)
        elif part == ABSENT:
            attendance = ABSENT
        elif part in REASONS:
            attendance, reason = ABSENT, part
        elif part[:1] == LATE and (len(part) == 1 or _is_minutes(part[1:])):
            attendance, minutes = LATE, int(part[1:]) if len(part) > 1 else None
        else:
            raise BadCell(text)
    if len(marks) > MOST_MARKS_IN_A_CELL:
        raise BadCell(text)
    return CellValue(tuple(marks), attendance, reason, minutes)


def _is_minutes(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 45


def continued(before: Sequence[MarkValue], after: Sequence[MarkValue]) -> list[int | None]:
    """For each mark of `after` the ordinal (from 0) of the mark of `before` that it still is; None = a new mark.

    Ordinals of `before` that are not in the answer are those of marks that were taken away.
    """
    left = list(range(len(before)))
    found: list[int | None] = []
    for mark in after:
        same = next((ordinal for ordinal in left if before[ordinal].code == mark.code), None)
        if same is not None:
            left.remove(same)
        found.append(same)
    return found


def carried(
    before: Sequence[MarkValue], comments: Sequence[Comment], after: Sequence[MarkValue]
) -> list[Comment | str]:
    """The comment of each mark of `after` when none is given: a mark that stays keeps its own, one that takes another's
    place has that one's.
    """
    kept = continued(before, after)
    left = {ordinal: comment for ordinal, comment in enumerate(comments) if ordinal not in kept}
    return [comments[same] if same is not None else left.get(ordinal, "") for ordinal, same in enumerate(kept)]


def is_correction(before: str, after: str) -> bool:
    """Whether something of the text `before` of a cell is missing in its text `after`.

    What is only added corrects nothing, nor does the reason of an absence that was not known before («н» → «б»).
    """
    left = after.split("/")
    for part in filter(None, before.split("/")):
        same = next((one for one in left if one == part or (part == ABSENT and one in REASONS)), None)
        if same is None:
            return True
        left.remove(same)
    return False


@dataclass(frozen=True, slots=True)
class CorrectionTerm:
    """For how long after it was written a mark may be corrected without a reason (P-JRN-7)."""

    hours: int

    def is_over(self, written: datetime, now: datetime) -> bool:
        return now - written >= timedelta(hours=self.hours)
