"""Parsing one table: head, rows and cells against its declaration. Every defect is named; nothing is guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from ais_app.exchange.engine import codes
from ais_app.exchange.engine.declarations import DELIMITERS, LIMITS, Column, Kind, Limits, Table
from ais_app.exchange.engine.decoding import decode
from ais_app.exchange.engine.findings import Code, Note, Problem, Value
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

    def problem(self, line: Line, column: str, code: Code, /, **params: Value) -> Problem:
        return Problem(code, params, self.table.file, line.row, column)

    def note(self, line: Line, column: str, code: Code, /, **params: Value) -> Note:
        return Note(code, params, self.table.file, line.row, column)


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
            notes.append(Note.of(codes.SEMICOLONS if delimiter == ";" else codes.TABS, table.file, 1))
        sheet.columns = frozenset(head)
        number = 1
        body = _Body(sheet, head, problems, notes)
        for number, cells in enumerate(reader, 2):
            if number > limits.rows:
                problems.append(Problem.of(codes.TOO_MANY_ROWS, table.file, number, most=limits.rows))
                break
            if len(problems) > limits.problems:
                problems.append(Problem.of(codes.TOO_MANY_PROBLEMS, table.file, number))
                break
            body.take(number, cells)
    except csv.Error as error:
        problems.append(_unreadable(table, number + 1, error, limits))
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
                sheet.problem(line, column.name, codes.NO_REFERENCE, value=value, file=target.table.file)
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
    problems += [Problem.of(codes.COLUMN_TWICE, table.file, 1, name) for name in twice]
    lost = [column.name for column in table.columns if column.required and column.name not in given]
    problems += [Problem.of(codes.COLUMN_MISSING, table.file, 1, name) for name in lost]
    return None if lost or twice else {name: place for place, name in enumerate(given)}


def _unreadable(table: Table, row: int, error: csv.Error, limits: Limits) -> Problem:
    text = str(error)
    if "field limit" in text:
        return Problem.of(codes.CELL_TOO_LONG, table.file, row, most=limits.cell)
    if "unexpected end" in text:
        return Problem.of(codes.QUOTE_NOT_CLOSED, table.file, row)
    return Problem.of(codes.TEXT_BEHIND_QUOTE if "expected after" in text else codes.ROW_UNREADABLE, table.file, row)


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
            self._problems.append(Problem.of(codes.TOO_MANY_CELLS, file, number))
            return
        values = []
        for place, column in self._checked:
            value = unescape(cells[place]) if place < len(cells) else ""
            if column.kind is not Kind.VERBATIM:
                value = value.replace("\u00a0", " ").strip()
            values.append(self._seen.setdefault(value, value))
            wrong = _wrong(column, value)
            if wrong is not None:
                code, params = wrong
                self._problems.append(Problem(code, params, file, number, column.name))
            elif column.kind is Kind.TEXT and begins_formula(value):
                self._notes.append(Note.of(codes.FORMULA, file, number, column.name))
        key = values[self._key] if self._key is not None else str(number)
        if not key:
            return
        if key in self._sheet.lines:
            first = str(self._sheet.lines[key].row)
            self._problems.append(
                Problem.of(codes.KEY_TWICE, file, number, self._sheet.table.key, key=key, first=first)
            )
            return
        self._sheet.lines[key] = Line(number, tuple(values), self._at)


def _wrong(column: Column, value: str) -> tuple[Code, dict[str, Value]] | None:
    """What is wrong with a cell, or nothing."""
    if not value:
        return (codes.EMPTY, {}) if column.filled else None
    if column.kind is Kind.VERBATIM:
        return (codes.HOLDS_NUL, {}) if "\0" in value else None
    if len(value) > column.longest and not column.several:
        return codes.TOO_LONG, {"most": column.longest}
    if _UNSEEN.search(value):
        return codes.INVISIBLE, {}
    if column.choices and value.casefold() not in column.choices:
        return codes.NO_CHOICE, {"value": value, "choices": sorted(column.choices)}
    readable = _READABLE.get(column.kind)
    return None if readable is None or readable[0](value) else (readable[1], {"value": value})


def _is_whole(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10


def _is_number(text: str) -> bool:
    try:
        return text.isascii() and Decimal(text).is_finite() and Decimal(text).copy_abs() < 10**9
    except InvalidOperation:
        return False


_READABLE: dict[Kind, tuple[Callable[[str], object], Code]] = {
    Kind.DATE: (lambda text: parsed_date(text) is not None, codes.NO_DATE),
    Kind.MOMENT: (lambda text: parsed_moment(text) is not None, codes.NO_MOMENT),
    Kind.FLAG: (lambda text: text.casefold() in _FLAGS, codes.NO_FLAG),
    Kind.WHOLE: (_is_whole, codes.NO_WHOLE),
    Kind.NUMBER: (_is_number, codes.NO_NUMBER),
}
