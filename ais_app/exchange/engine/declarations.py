"""What a format declares about itself: its tables, their columns, and how much of anything is read at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds. All but VERBATIM are one line, and are read without the spaces around them."""

    TEXT = "text"
    VERBATIM = "verbatim"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    WHOLE = "whole"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `required` in the head, `filled` in each row, `refers` to the key of a table.

    `several`: a cell holds values separated by commas. `choices` are compared without case; an empty cell of a
    column that need not be filled is always allowed. What a `loose` column refers to may be outside the set.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    filled: bool = False
    longest: int = 255
    several: bool = False
    refers: str = ""
    loose: bool = False
    choices: frozenset[str] = frozenset()
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file of a set, found by its name without suffix in any case. Rows are known by their `key` column.

    Without a key column in the head rows are known by their number. The columns in `left_out` are not read, which is
    noted where they are filled; those in `silent` are not read and hold nothing that would be lost.
    """

    name: str
    columns: tuple[Column, ...]
    key: str = ""
    required: bool = False
    left_out: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    def names(self) -> Mapping[str, str]:
        """{spelling in lower case: name} of every column and its synonyms."""
        return {
            spelling.casefold(): column.name for column in self.columns for spelling in (column.name, *column.synonyms)
        }


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most, whatever a file says about itself (S-44). Sizes in bytes, unpacked; text in characters.

    `depth` is how many folders may lie around the files of a set.
    """

    members: int = 64
    file: int = 200_000_000
    together: int = 500_000_000
    ratio: int = 200
    rows: int = 1_000_000
    row: int = 2_000_000
    cell: int = 100_000
    depth: int = 5


LIMITS = Limits()
DELIMITERS = (",", ";", "\t")
