"""Reading a set: files, columns, references. Every defect is named by file, row and column; nothing is guessed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

LARGEST_FILE, MOST_ROWS, MOST_FILES = 50_000_000, 200_000, 64

# file: (columns that must be there, columns that must be filled)
FILES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "orgs": (("sourcedId", "name", "type"), ("sourcedId", "name")),
    "users": (
        ("sourcedId", "enabledUser", "orgSourcedIds", "role", "username", "givenName", "familyName"),
        ("sourcedId", "role", "username", "givenName", "familyName"),
    ),
    "classes": (("sourcedId", "title", "schoolSourcedId"), ("sourcedId", "title", "schoolSourcedId")),
    "enrollments": (
        ("sourcedId", "classSourcedId", "userSourcedId", "role"),
        ("sourcedId", "classSourcedId", "userSourcedId", "role"),
    ),
    "courses": (("sourcedId", "title"), ("sourcedId", "title")),
    "academicSessions": (("sourcedId", "title", "type", "startDate", "endDate"), ("sourcedId", "startDate", "endDate")),
}
REQUIRED = ("orgs", "users", "classes", "enrollments")
LARGEST_FIELD = {"username": 64, "familyName": 120, "givenName": 120, "middleName": 120, "title": 120, "name": 200}


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect: where it stands (row 1 is the head of the file) and what is wrong."""

    file: str
    row: int
    column: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}.csv, row {self.row}, {self.column or 'row'}: {self.what}"


class ImportRefused(Exception):  # noqa: N818 - reads as the answer it is
    """The set has defects; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: values by column, stripped; missing optional columns read as empty."""

    row: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def several(self, column: str) -> list[str]:
        return [part.strip() for part in self[column].split(",") if part.strip()]


@dataclass
class RosterSet:
    """The rows of each file by sourcedId."""

    files: dict[str, dict[str, Line]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> dict[str, Line]:
        return self.files.get(name, {})


def read(path: Path) -> RosterSet:
    """Read and check a folder or zip. Raises ImportRefused with every defect found."""
    problems: list[Problem] = []
    texts = _texts(path, problems)
    roster = RosterSet()
    for name in FILES:
        if name in texts:
            roster.files[name] = _rows(name, texts[name], problems)
        elif name in REQUIRED:
            problems.append(Problem(name, 0, "", "the file is missing"))
    _check_references(roster, problems)
    if problems:
        raise ImportRefused(problems)
    return roster


def _texts(path: Path, problems: list[Problem]) -> dict[str, str]:
    """{file name without .csv, in its canonical spelling: text}."""
    canonical = {name.lower(): name for name in FILES}
    found: dict[str, str] = {}
    for name, raw in _members(path, problems):
        known = canonical.get(Path(name).stem.lower())
        if known is None or Path(name).suffix.lower() != ".csv":
            continue
        if len(raw) > LARGEST_FILE:
            problems.append(Problem(known, 0, "", "the file is too large"))
            continue
        try:
            found[known] = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            problems.append(Problem(known, raw[: error.start].count(b"\n") + 1, "", "the text is not UTF-8"))
    return found


def _members(path: Path, problems: list[Problem]) -> list[tuple[str, bytes]]:
    if path.is_dir():
        return [(one.name, one.read_bytes()) for one in sorted(path.iterdir()) if one.is_file()]
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_FILES or any(one.file_size > LARGEST_FILE for one in members):
                problems.append(Problem(path.stem, 0, "", "the archive is too large"))
                return []
            return [(one.filename, archive.read(one)) for one in members]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        problems.append(Problem(path.stem, 0, "", "is neither a folder nor a readable zip"))
        return []


def _rows(name: str, text: str, problems: list[Problem]) -> dict[str, Line]:
    needed, filled = FILES[name]
    reader = csv.reader(io.StringIO(text.replace("\0", "\ufffd"), newline=""))
    head = [column.strip() for column in next(reader, [])]
    lost = [column for column in needed if column not in head]
    problems += [Problem(name, 1, column, "the column is missing") for column in lost]
    problems += [Problem(name, 1, column, "stands twice") for column in set(head) if head.count(column) > 1]
    if lost:
        return {}
    found: dict[str, Line] = {}
    for number, cells in enumerate(reader, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if number > MOST_ROWS:
            problems.append(Problem(name, number, "", "too many rows"))
            break
        if len(cells) > len(head):
            problems.append(Problem(name, number, "", "has more cells than the head"))
            continue
        line = Line(number, dict(zip(head, (cell.strip() for cell in cells), strict=False)))
        if line["status"].lower() == "tobedeleted":
            continue
        _check_line(name, line, filled, problems)
        if line["sourcedId"] in found:
            problems.append(Problem(name, number, "sourcedId", f"«{line['sourcedId']}» stands twice"))
        found[line["sourcedId"]] = line
    return found


def _check_line(name: str, line: Line, filled: tuple[str, ...], problems: list[Problem]) -> None:
    problems += [Problem(name, line.row, column, "is empty") for column in filled if not line[column]]
    problems += [
        Problem(name, line.row, column, "is too long or holds a control character")
        for column, longest in LARGEST_FIELD.items()
        if len(line[column]) > longest or "\ufffd" in line[column] or not line[column].isprintable()
    ]
    for column in ("beginDate", "endDate", "startDate"):
        if line[column] and parsed_date(line[column]) is None:
            problems.append(Problem(name, line.row, column, f"«{line[column]}» is not a date"))


def parsed_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _check_references(roster: RosterSet, problems: list[Problem]) -> None:
    def check(name: str, line: Line, column: str, target: str, value: str) -> None:
        if value and value not in roster[target]:
            problems.append(Problem(name, line.row, column, f"«{value}» is not in {target}.csv"))

    for line in roster["classes"].values():
        check("classes", line, "schoolSourcedId", "orgs", line["schoolSourcedId"])
        if "courses" in roster.files:
            check("classes", line, "courseSourcedId", "courses", line["courseSourcedId"])
    for line in roster["enrollments"].values():
        check("enrollments", line, "classSourcedId", "classes", line["classSourcedId"])
        check("enrollments", line, "userSourcedId", "users", line["userSourcedId"])
        if line["role"].lower() not in ("student", "teacher", "administrator", "proctor", "aide"):
            problems.append(Problem("enrollments", line.row, "role", f"«{line['role']}» is no role"))
    logins: dict[str, int] = {}
    for line in roster["users"].values():
        for org in line.several("orgSourcedIds"):
            check("users", line, "orgSourcedIds", "orgs", org)
        for agent in line.several("agentSourcedIds"):
            check("users", line, "agentSourcedIds", "users", agent)
        login = line["username"].casefold()
        if login and login in logins:
            problems.append(Problem("users", line.row, "username", f"stands in row {logins[login]} already"))
        logins[login] = line.row
