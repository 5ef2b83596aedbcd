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
from ais_app.exchange.engine import codes
from ais_app.exchange.engine.declarations import LIMITS, Column, Kind, Limits, Table
from ais_app.exchange.engine.decoding import decode
from ais_app.exchange.engine.findings import Code, Findings, Note, Problem, Value
from ais_app.exchange.engine.heads import read_head, separator, unread
from ais_app.formulas import begins_formula, unescape

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
        index = self._at.get(column)
        return self._cells[index] if index is not None and index < len(self._cells) else ""

    def changed(self, column: str, value: str) -> Line:
        """The row with another value in a column. Raises KeyError for a column that is not there."""
        index = self._at[column]
        return Line(self.row, (*self._cells[:index], value, *self._cells[index + 1 :]), self._at)

    def several(self, column: str) -> list[str]:
        return [part.strip() for part in self[column].split(",") if part.strip()]

    def day(self, column: str) -> date | None:
        return parsed_date(self[column])

    def moment(self, column: str) -> datetime | None:
        return parsed_moment(self[column])

    def flag(self, column: str, *, empty: bool) -> bool:
        """A flag that was checked; `empty` is the value of an empty cell."""
        return _FLAGS.get(self[column].casefold(), empty)

    def whole(self, column: str, empty: int) -> int:
        return int(self[column]) if self[column] else empty


@dataclass
class Sheet:
    """The rows of a table by key, in the order of the file; `present` = the file was there, `whole` = read to its end.

    `refused` holds the keys of rows with too many cells, which are not in `lines`.
    """

    table: Table
    present: bool = False
    whole: bool = False
    lines: dict[str, Line] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
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
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def parse(
    table: Table, raw: bytes, problems: Findings[Problem], notes: Findings[Note], limits: Limits = LIMITS
) -> Sheet:
    """The rows of a file. Problems: encoding, head, width, duplicates, empty and unreadable cells, too many rows.

    A file that cannot be read to its end gives one problem for that, and is not `whole`.
    """
    sheet = Sheet(table, present=True)
    text = decode(table.file, raw, problems)
    if text is None:
        return sheet
    delimiter, begin = separator(table, text, notes)
    csv.field_size_limit(limits.cell)
    lines = _Lines(text, begin, limits.row)
    number = 0
    try:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        cells = lines.of_next_row(reader) or []
        head = read_head(table, cells, problems, notes)
        if head is None:
            return sheet
        sheet.columns = frozenset(head)
        number = 1
        body = _Body(sheet, head, len(cells), unread(table, cells), problems, notes)
        while (cells := lines.of_next_row(reader)) is not None:
            number += 1
            if number > limits.rows:
                problems.append(Problem.of(codes.TOO_MANY_ROWS, table.file, number, most=limits.rows))
                return sheet
            body.take(number, cells)
        body.say_unread()
        sheet.whole = True
    except csv.Error as error:
        problems.append(_unreadable(table, number + 1, error, limits))
    return sheet


class _RowTooLong(csv.Error):
    """One row, over however many lines, is longer than a row may be."""


class _Lines:
    """The lines of a text for `csv.reader`, which may take several for one row; limits the characters of a row."""

    def __init__(self, text: str, begin: int, longest: int) -> None:
        self._lines = io.StringIO(text, newline="")
        self._lines.seek(begin)
        self._longest, self._left = longest, longest

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._left -= len(line)
        if self._left < 0:
            raise _RowTooLong
        return line

    def of_next_row(self, reader: Iterator[list[str]]) -> list[str] | None:
        self._left = self._longest
        return next(reader, None)


def check_references(
    sheets: Mapping[str, Sheet], problems: Findings[Problem], notes: Findings[Note], *, weak: frozenset[str]
) -> None:
    """Name every cell that refers to a row that is not there.

    Tables in `weak` may be absent or empty: then what refers to them is not checked, nor is what refers to a file that
    could not be read or is missing. What a loose column refers to may be elsewhere: a note.
    """
    for sheet in sheets.values():
        for column in sheet.table.columns:
            target = sheets.get(column.refers) if column.refers else None
            if target is None or column.name not in sheet.columns or (column.refers in weak and not target.lines):
                continue
            if target.whole:
                _check_column(sheet, column, target, problems, notes)
            elif not target.present and not target.table.required and any(_values(sheet, column)):
                wrong = codes.NO_FILE_REFERRED
                problems.append(Problem.of(wrong, sheet.table.file, 1, column.name, file=target.table.file))


def _check_column(
    sheet: Sheet, column: Column, target: Sheet, problems: Findings[Problem], notes: Findings[Note]
) -> None:
    for line, value in _values(sheet, column):
        if value in target.lines or value in target.refused:
            continue
        if column.loose:
            notes.append(sheet.note(line, column.name, codes.OUTSIDE_SET, value=value))
        else:
            said = {"value": value, "file": target.table.file}
            problems.append(sheet.problem(line, column.name, codes.NO_REFERENCE, **said))


def _values(sheet: Sheet, column: Column) -> Iterator[tuple[Line, str]]:
    """Each value of a column that refers to something, with its row."""
    for line in sheet.lines.values():
        for value in line.several(column.name) if column.several else (line[column.name],):
            if value:
                yield line, value


def _unreadable(table: Table, row: int, error: csv.Error, limits: Limits) -> Problem:
    text = str(error)
    if isinstance(error, _RowTooLong):
        return Problem.of(codes.ROW_TOO_LONG, table.file, row, most=limits.row)
    if "field limit" in text:
        return Problem.of(codes.CELL_TOO_LONG, table.file, row, most=limits.cell)
    if "unexpected end" in text:
        return Problem.of(codes.QUOTE_NOT_CLOSED, table.file, row)
    return Problem.of(codes.TEXT_BEHIND_QUOTE if "expected after" in text else codes.ROW_UNREADABLE, table.file, row)


class _Body:
    """Takes the rows of one file: checks each cell by its declaration, keeps the row under its key."""

    def __init__(
        self,
        sheet: Sheet,
        head: dict[str, int],
        width: int,
        unread: dict[int, str],
        problems: Findings[Problem],
        notes: Findings[Note],
    ) -> None:
        self._sheet, self._width, self._problems, self._notes = sheet, width, problems, notes
        declared = {column.name: column for column in sheet.table.columns}
        self._checked = [(index, declared[name]) for name, index in head.items() if name in declared]
        self._at = {column.name: index for index, (_index, column) in enumerate(self._checked)}
        key = sheet.table.key
        self._key = self._at.get(key) if key else None
        self._seen: dict[str, str] = {}  # ids and dates occur in many rows: each text is kept once
        self._unread, self._filled = unread, set[int]()

    def take(self, number: int, cells: list[str]) -> None:
        if not any(map(str.strip, cells)):
            return
        file, width = self._sheet.table.file, self._width
        values = [self._value(column, cells, index) for index, column in self._checked]
        key = values[self._key] if self._key is not None else str(number)
        if len(cells) > width and any(map(str.strip, cells[width:])):
            self._problems.append(Problem.of(codes.TOO_MANY_CELLS, file, number))
            self._sheet.refused.add(key)
            return
        for value, (_index, column) in zip(values, self._checked, strict=True):
            wrong = _wrong(column, value)
            if wrong is not None:
                code, params = wrong
                self._problems.append(Problem(code, params, file, number, column.name))
            elif column.kind is Kind.TEXT and begins_formula(value):
                self._notes.append(Note.of(codes.FORMULA, file, number, column.name))
        if self._unread:
            self._look_beside(cells)
        if not key:
            return
        if key in self._sheet.lines:
            first = str(self._sheet.lines[key].row)
            self._problems.append(
                Problem.of(codes.KEY_TWICE, file, number, self._sheet.table.key, key=key, first=first)
            )
            return
        self._sheet.lines[key] = Line(number, tuple(values), self._at)

    def say_unread(self) -> None:
        """Note which columns are filled and not read."""
        file = self._sheet.table.file
        named = sorted({self._unread[index] for index in self._filled if self._unread[index]})
        if named:
            self._notes.append(Note.of(codes.COLUMNS_LEFT, file, columns=named))
        nameless = [str(index + 1) for index in sorted(self._filled) if not self._unread[index]]
        if nameless:
            self._notes.append(Note.of(codes.COLUMNS_NAMELESS, file, columns=nameless))

    def _look_beside(self, cells: list[str]) -> None:
        self._filled |= {index for index, cell in enumerate(cells) if index in self._unread and cell.strip()}

    def _value(self, column: Column, cells: list[str], index: int) -> str:
        value = unescape(cells[index]) if index < len(cells) else ""
        if column.kind is not Kind.VERBATIM:
            value = value.replace("\u00a0", " ").strip()
        if column.kind is Kind.TEXT and not column.refers and column.name != self._sheet.table.key:
            value = nfc(value)  # names are; ids, and what refers to them, stay as they are spelled
        return self._seen.setdefault(value, value)


def _wrong(column: Column, value: str) -> tuple[Code, dict[str, Value]] | None:
    """(code, its parameters) of what is wrong with a cell, or None."""
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
