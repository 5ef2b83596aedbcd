"""What an import finds: problems, for which the whole set is refused, and notes, which only tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect: where it stands (row 1 is the head of the file, row 0 the file as a whole) and what is wrong."""

    file: str
    row: int
    column: str
    what: str

    def __str__(self) -> str:
        if not self.row:
            return f"{self.file}: {self.what}"
        return f"{self.file}, row {self.row}, {self.column or 'row'}: {self.what}"


class Note(Problem):
    """Something worth knowing that is no defect: what was left out, or read in another way than it stands."""


class ImportRefused(Exception):  # noqa: N818 - reads as the answer it is
    """The set has defects; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)
