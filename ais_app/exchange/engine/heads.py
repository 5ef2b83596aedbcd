"""The head of a file: its separator, its columns, and names in it that are not declared."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from ais_app.exchange.engine import codes
from ais_app.exchange.engine.declarations import DELIMITERS, Table
from ais_app.exchange.engine.findings import Findings, Note, Problem

# What spreadsheet programs write before the head: `sep=;`.
_SEPARATOR_LINE = re.compile(r"\A\"?sep=([,;\t|])\"?(?:[,;\t]*)(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_NEAR = 0.75
_LONGEST_NAME = 64
_LONGEST_HEAD = 20_000  # as far as the separator is looked for
_MOST_HINTS = 100


def separator(table: Table, text: str, notes: Findings[Note]) -> tuple[str, int]:
    """(separator, index of the first character of the head): as a line `sep=…` says, else as it fits the head."""
    line = _SEPARATOR_LINE.match(text)
    if line is not None:
        notes.append(Note.of(codes.SEPARATOR_SAID, table.file, separator=line[1]))
        return line[1], line.end()
    fitting = _fitting(table, text)
    if fitting != ",":
        notes.append(Note.of(codes.SEMICOLONS if fitting == ";" else codes.TABS, table.file, 1))
    return fitting, 0


def _fitting(table: Table, text: str) -> str:
    """The separator under which the head has most of the declared columns; a comma when none is better."""
    names = table.names()
    first = text[:_LONGEST_HEAD].partition("\n")[0].partition("\r")[0]

    def known(delimiter: str) -> int:
        return sum(part.strip().strip('"').casefold() in names for part in first.split(delimiter))

    return max(DELIMITERS, key=known)


def read_head(
    table: Table, cells: Sequence[str], problems: Findings[Problem], notes: Findings[Note]
) -> dict[str, int] | None:
    """{column: index}, with synonyms resolved; None, with problems, when columns are missing or named twice."""
    names = table.names()
    given = [names.get(cell.strip().casefold(), cell.strip()) for cell in cells]
    declared = {column.name for column in table.columns}
    if not declared.intersection(given):
        expected = [column.name for column in table.columns if column.required] or sorted(declared)
        problems.append(Problem.of(codes.HEAD_UNKNOWN, table.file, 1, columns=expected))
        return None
    counted: dict[str, int] = {}
    for name in filter(None, given):
        counted[name] = counted.get(name, 0) + 1
    twice = sorted(name for name, times in counted.items() if times > 1)
    problems += [Problem.of(codes.COLUMN_TWICE, table.file, 1, name) for name in twice]
    lost = [column.name for column in table.columns if column.required and column.name not in counted]
    problems += [Problem.of(codes.COLUMN_MISSING, table.file, 1, name) for name in lost]
    _name_unknown(table, counted, declared, notes)
    return None if lost or twice else {name: index for index, name in enumerate(given)}


def _name_unknown(table: Table, given: dict[str, int], declared: set[str], notes: Findings[Note]) -> None:
    """Note each column that is not declared, with the nearest declared one that is not in the head."""
    left = {name.casefold() for name in (*table.left_out, *table.silent)}
    unknown = [name for name in given if name not in declared and name.casefold() not in left]
    absent = {name.casefold(): name for name in sorted(declared) if name not in given}
    for number, name in enumerate(unknown):
        near: list[str] = []
        if number < _MOST_HINTS and len(name) <= _LONGEST_NAME:
            near = difflib.get_close_matches(name.casefold(), absent, n=1, cutoff=_NEAR)
        if near:
            notes.append(Note.of(codes.COLUMN_MISTYPED, table.file, 1, name, hint=absent[near[0]]))
        else:
            notes.append(Note.of(codes.COLUMN_UNKNOWN, table.file, 1, name))


def unread(table: Table, cells: Sequence[str]) -> dict[int, str]:
    """{index: name} of the columns of a head that are not read and are noted when filled; "" = without a name."""
    left = {name.casefold(): name for name in table.left_out if name.casefold() not in table.names()}
    names = {index: left.get(cell.strip().casefold(), "") for index, cell in enumerate(cells)}
    return {index: name for index, name in names.items() if name or not cells[index].strip()}
