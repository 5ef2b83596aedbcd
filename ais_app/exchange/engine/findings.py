"""What an import finds: problems, for which the whole set is refused, and notes, which only inform.

A finding holds a declared code and its parameters. Its text is made where it is shown, by `str()`, in the language of
the installation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Self, TypeVar

from ais_app.i18n import _, catalogue, full_date, language, number

LONGEST_SHOWN = 80
MOST_KEPT = 2_000

Value = str | int | date | Sequence[str]


@dataclass(frozen=True, slots=True)
class Code:
    """A sentence of an import, declared once: `name` is for programs, `english` the text with its {parameters}.

    A text with {count} has its plural in `many`; it is declared by `counted`.
    """

    name: str
    english: str
    many: str = ""

    @classmethod
    def counted(cls, name: str, one: str, many: str) -> Self:
        return cls(name, one, many)

    def text(self, params: Mapping[str, Value]) -> str:
        """The sentence in the language of the installation."""
        shown = {name: _shown(value) for name, value in params.items()}
        count = params.get("count")
        if not self.many or not isinstance(count, int):
            return _(self.english).format(**shown)
        return catalogue(language()).ngettext(self.english, self.many, count).format(**shown)


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect: what is wrong, and where (row 1 is the head of the file, row 0 the file as a whole).

    Numbers among the parameters are grouped as the language does it; a row that is named is a text.
    """

    code: Code
    params: Mapping[str, Value] = field(default_factory=dict)
    file: str = ""
    row: int = 0
    column: str = ""

    @classmethod
    def of(cls, code: Code, file: str, row: int = 0, column: str = "", /, **params: Value) -> Self:
        return cls(code, params, file, row, column)

    def __str__(self) -> str:
        """The text for a person: «users.csv, row 2, username: this login is taken»."""
        what, file = self.code.text(self.params), _printable(self.file)
        if not self.row:
            return f"{file}: {what}"
        row = _("row {row}").format(row=self.row)
        return f"{file}, {row}, {_printable(self.column)}: {what}" if self.column else f"{file}, {row}: {what}"


class Note(Problem):
    """Something worth knowing that is no defect: what was left out, or taken otherwise than it is written."""


Found = TypeVar("Found", bound=Problem)


class Findings(Generic[Found]):
    """What was found, in order: the first ones are kept, all are counted. Its length is how many there were."""

    def __init__(self, found: Iterable[Found] = (), most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: list[Found] = []
        self.counts: Counter[Code] = Counter()
        self.extend(found)

    def append(self, finding: Found) -> None:
        self.counts[finding.code] += 1
        if len(self._kept) < self._most:
            self._kept.append(finding)

    def extend(self, findings: Iterable[Found]) -> None:
        for finding in findings:
            self.append(finding)

    def __iadd__(self, findings: Iterable[Found]) -> Self:
        self.extend(findings)
        return self

    def __iter__(self) -> Iterator[Found]:
        return iter(self._kept)

    def __len__(self) -> int:
        return self.counts.total()


class ImportRefused(Exception):  # noqa: N818 - reads as the answer it is
    """The set has defects; nothing was written. `notes` is what was found beside them."""

    def __init__(self, problems: Iterable[Problem], notes: Iterable[Note] = ()) -> None:
        self.problems = problems if isinstance(problems, Findings) else Findings(problems)
        self.notes = notes if isinstance(notes, Findings) else Findings(notes)
        super().__init__(f"{len(self.problems)} problems")


def _shown(value: Value) -> str:
    if isinstance(value, int):
        return number(value)
    if isinstance(value, date):
        return full_date(value)
    text = _printable(value if isinstance(value, str) else ", ".join(value))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _printable(text: str) -> str:
    """A text of a file as it may be written to a terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
