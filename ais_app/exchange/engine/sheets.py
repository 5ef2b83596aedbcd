"""Parsing one table: head, rows and cells against its declaration. Every defect is named; nothing is guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from ais_app.db.columns import nfc
from ais_app.exchange.engine.declarations import DELIMITERS, LIMITS, Column, Kind, Limits, Table
from ais_app.exchange.engine.decoding import decode
from ais_app.exchange.engine.findings import Note, Problem
from ais_app.exchange.engine.formulas import begins_formula, unescape

_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
# Control characters, line and paragraph separators, invisible marks of direction, the sign of a lost character.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffd]")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `row` counts as a spreadsheet does, the head being 1. Columns that are not there read as empty."""

    row: int
    _cells: tuple[str, ...]
    _at: Mapping[str, int]

    def __getitem__(self, column: str) -> str:
        place = self._at.get(column)
        return self._cells[place] if place is not None and place < len(self._cells) else ""

    def several(self, column: str) -> list[str]:
        return [part.strip() for part in self[column].split(",") if part.strip()]

    def day(self, column: str) -> date | None:
        return parsed_date(self[column])

    def moment(self, column: str) -> datetime | None:
        return parsed_moment(self[column])

    def flag(self, column: str, *, empty: bool) -> bool:
        """The truth of a cell that was checked; `empty` is what an empty one says."""
        return _FLAGS.get(self[column].casefold(), empty)

    def whole(self, column: str, empty: int) -> int:
        return int(self[column]) if self[column] else empty


@dataclass
class Sheet:
    """The rows of a table by key, in the order of the file; `present` = the file was there."""

    table: Table
    present: bool = False
    lines: dict[str, Line] = field(default_factory=dict)
    columns: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[tuple[str, Line]]:
        return iter(self.lines.items())

    def __contains__(self, key: object) -> bool:
        return key in self.lines

    def __getitem__(self, key: str) -> Line:
        return self.lines[key]

    def __len__(self) -> int:
        return len(self.lines)

    def get(self, key: str) -> Line | None:
        return self.lines.get(key)

    def problem(self, line: Line, column: str, what: str) -> Problem:
        return Problem(self.table.file, line.row, column, what)

    def note(self, line: Line, column: str, what: str) -> Note:
        return Note(self.table.file, line.row, column, what)


def parsed_date(text: str) -> date | None:
    """A date, or the date of a moment; None when it is neither."""
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text).date()
    except ValueError:
        return None


def parsed_moment(text: str) -> datetime | None:
    """A moment with its zone (UTC where none is given); None when it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def parse(table: Table, raw: bytes, problems: list[Problem], notes: list[Note], limits: Limits = LIMITS) -> Sheet:
    """The rows of a file. Problems: encoding, head, width, duplicates, empty and unreadable cells, too many rows."""
    sheet = Sheet(table, present=True)
    text = decode(table.file, raw, problems)
    if text is None:
        return sheet
    delimiter = _delimiter(table, text)
    csv.field_size_limit(limits.cell)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        head = _head(table, next(reader, []), problems)
        if head is None:
            return sheet
        if delimiter != ",":
            notes.append(Note(table.file, 1, "", f"the columns are separated by {delimiter!r}"))
        sheet.columns = frozenset(head)
        number = 1
        body = _Body(sheet, head, problems, notes)
        for number, cells in enumerate(reader, 2):
            if number > limits.rows:
                problems.append(Problem(table.file, number, "", f"more than {limits.rows:,} rows are not read"))
                break
            if len(problems) > limits.problems:
                problems.append(Problem(table.file, number, "", "too many problems: the rest of the set was not read"))
                break
            body.take(number, cells)
    except csv.Error as error:
        problems.append(Problem(table.file, number + 1, "", _said(error, limits)))
    return sheet


def check_references(sheets: Mapping[str, Sheet], problems: list[Problem], *, weak: frozenset[str]) -> None:
    """Name every cell that refers to a row that is not there.

    Tables in `weak` may be absent or empty: then what refers to them is not checked.
    """
    for sheet in sheets.values():
        for column in sheet.table.columns:
            target = sheets.get(column.refers) if column.refers else None
            if target is None or column.name not in sheet.columns:
                continue
            if column.refers in weak and not target.lines:
                continue
            problems += [
                sheet.problem(line, column.name, f"«{value}» is not in {target.table.file}")
                for line in sheet.lines.values()
                for value in (line.several(column.name) if column.several else [line[column.name]])
                if value and value not in target.lines
            ]


def _delimiter(table: Table, text: str) -> str:
    """The separator under which the head has most of the declared columns; a comma when none is better."""
    names = table.names()
    first = text.partition("\n")[0].partition("\r")[0]

    def known(delimiter: str) -> int:
        return sum(part.strip().strip('"').casefold() in names for part in first.split(delimiter))

    return max(DELIMITERS, key=known)


def _head(table: Table, cells: list[str], problems: list[Problem]) -> dict[str, int] | None:
    """{column: place}, with synonyms resolved; None when required columns are missing."""
    names = table.names()
    given = [names.get(cell.strip().casefold(), cell.strip()) for cell in cells]
    twice = sorted({name for name in given if name and given.count(name) > 1})
    problems += [Problem(table.file, 1, name, "stands twice in the head") for name in twice]
    lost = [column.name for column in table.columns if column.required and column.name not in given]
    problems += [Problem(table.file, 1, name, "the column is missing") for name in lost]
    return None if lost or twice else {name: place for place, name in enumerate(given)}


def _said(error: csv.Error, limits: Limits) -> str:
    text = str(error)
    if "field limit" in text:
        return f"a cell is longer than {limits.cell:,} characters"
    if "unexpected end" in text:
        return "a quotation mark is opened and never closed"
    return f"the row cannot be read: {text}"


class _Body:
    """Takes the rows of one file: checks each cell by its declaration, keeps the row under its key."""

    def __init__(self, sheet: Sheet, head: dict[str, int], problems: list[Problem], notes: list[Note]) -> None:
        self._sheet, self._head, self._problems, self._notes = sheet, head, problems, notes
        declared = {column.name: column for column in sheet.table.columns}
        self._checked = [(place, declared[name]) for name, place in head.items() if name in declared]
        self._at = {column.name: place for place, (_place, column) in enumerate(self._checked)}
        key = sheet.table.key
        self._key = self._at.get(key) if key else None
        self._seen: dict[str, str] = {}  # ids and dates stand in many rows: each text is kept once

    def take(self, number: int, cells: list[str]) -> None:
        if not any(map(str.strip, cells)):
            return
        file = self._sheet.table.file
        width = len(self._head)
        if len(cells) > width and any(map(str.strip, cells[width:])):
            self._problems.append(Problem(file, number, "", "has more cells than the head"))
            return
        values = []
        for place, column in self._checked:
            value = unescape(cells[place]) if place < len(cells) else ""
            if column.kind is not Kind.VERBATIM:
                value = value.replace("\u00a0", " ").strip()
            if column.kind is Kind.TEXT and not column.refers and column.name != self._sheet.table.key:
                value = nfc(value)  # names are; ids, and what refers to them, stay as they are spelled
            values.append(self._seen.setdefault(value, value))
            what = self._wrong(column, value)
            if what:
                self._problems.append(Problem(file, number, column.name, what))
            elif column.kind is Kind.TEXT and begins_formula(value):
                self._notes.append(Note(file, number, column.name, "looks like a formula: it is kept as plain text"))
        key = values[self._key] if self._key is not None else str(number)
        if not key:
            return
        if key in self._sheet.lines:
            first = self._sheet.lines[key].row
            self._problems.append(
                Problem(file, number, self._sheet.table.key, f"«{key}» stands twice, first in row {first}")
            )
            return
        self._sheet.lines[key] = Line(number, tuple(values), self._at)

    @staticmethod
    def _wrong(column: Column, value: str) -> str:
        """What is wrong with a cell, or nothing."""
        if not value:
            return "is empty" if column.filled else ""
        if column.kind is Kind.VERBATIM:
            return "holds a NUL character" if "\0" in value else ""
        if len(value) > column.longest and not column.several:
            return f"is longer than {column.longest} characters"
        if _UNSEEN.search(value):
            return "holds an invisible or control character"
        if column.choices and value.casefold() not in column.choices:
            return f"«{value}» is none of: {', '.join(sorted(column.choices))}"
        readable = _READABLE.get(column.kind)
        return "" if readable is None or readable[0](value) else f"«{value}» is not {readable[1]}"


def _is_whole(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10


def _is_number(text: str) -> bool:
    try:
        return text.isascii() and Decimal(text).is_finite() and Decimal(text).copy_abs() < 10**9
    except InvalidOperation:
        return False


_READABLE: dict[Kind, tuple[Callable[[str], object], str]] = {
    Kind.DATE: (lambda text: parsed_date(text) is not None, "a date (YYYY-MM-DD)"),
    Kind.MOMENT: (lambda text: parsed_moment(text) is not None, "a moment (ISO 8601)"),
    Kind.FLAG: (lambda text: text.casefold() in _FLAGS, "true or false"),
    Kind.WHOLE: (_is_whole, "a whole number"),
    Kind.NUMBER: (_is_number, "a number"),
}
