"""Reading a set: manifest, files, references, and the interpretation of its rows. Every defect is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ais_app.exchange.engine import (
    Findings,
    ImportRefused,
    Note,
    Problem,
    Sheet,
    Table,
    check_references,
    gather,
    parse,
)
from ais_app.exchange.engine.declarations import LIMITS, Limits
from ais_app.exchange.oneroster import codes, files, manifest
from ais_app.exchange.oneroster.interpretation import interpret
from ais_app.exchange.oneroster.local_days import Zones
from ais_app.exchange.oneroster.roster import Roster


def read(path: Path, today: date, zones_of: Callable[[str], Zones], limits: Limits = LIMITS) -> Roster:
    """Read and check a folder or zip; a birth date after `today` is a defect. Raises ImportRefused with every defect.

    `zones_of(source)`: the zones of the schools of a source.
    """
    problems, notes = Findings[Problem](), Findings[Note]()
    roster = _Set(path, problems, notes, limits).read()
    check_references(roster.sheets, problems, notes, weak=files.WEAK)
    if not problems:  # what the rows mean together is asked only of rows that can be read
        interpret(roster, today, zones_of(roster.manifest.source), problems)
    if problems:
        raise ImportRefused(problems, notes)
    return roster


class _Set:
    """Makes sheets of the files of one set."""

    def __init__(self, path: Path, problems: Findings[Problem], notes: Findings[Note], limits: Limits) -> None:
        self._problems, self._notes, self._limits = problems, notes, limits
        names = {table.name.casefold() for table in (*files.TABLES, files.MANIFEST)}
        tolerated = {name.casefold() for name in files.LEFT_OUT}
        self._contents = gather(path, names | tolerated, problems, notes, limits)

    def read(self) -> Roster:
        if self._problems and not self._contents:  # nothing of the folder or archive was read
            raise ImportRefused(self._problems, self._notes)
        claimed = manifest.interpret(self._manifest(), self._problems, self._notes)
        roster_files = [table for table in files.TABLES if table not in files.OWN]
        sheets = {table.name: self._sheet(table, claimed) for table in roster_files}
        proven = manifest.proven(claimed, sheets, self._notes)
        for table in files.OWN:
            if not proven.own and table.name.casefold() in self._contents:
                del self._contents[table.name.casefold()]
                self._notes.append(Note.of(codes.FOREIGN_MARKS, table.file))
                sheets[table.name] = Sheet(table)
            else:
                sheets[table.name] = self._sheet(table, proven)
        for name in files.LEFT_OUT:
            if name.casefold() in self._contents:
                self._notes.append(Note.of(codes.NOTHING_TAKEN, f"{name}.csv"))
        _check_roles_somewhere(sheets, self._problems)
        return Roster(proven, sheets, self._notes)

    def _manifest(self) -> Sheet | None:
        if "manifest" not in self._contents:
            return None
        return self._parsed(files.MANIFEST, self._contents.pop("manifest"))

    def _sheet(self, table: Table, declared: manifest.Manifest) -> Sheet:
        name = table.name.casefold()
        is_there = name in self._contents
        content = self._contents.pop(name, None)
        if is_there and name in declared.absent:
            self._notes.append(Note.of(codes.SAID_ABSENT, table.file))
            is_there = False
        if is_there:
            return self._parsed(table, content)
        if table.required or (name in declared.bulk and (declared.own or table not in files.GRADEBOOK)):
            self._problems.append(Problem.of(codes.FILE_MISSING, table.file))
        return Sheet(table)

    def _parsed(self, table: Table, content: bytes | None) -> Sheet:
        """The sheet of a file, without rows when the file could not be read, which is a problem already."""
        if content is None:
            return Sheet(table, present=True)
        return parse(table, content, self._problems, self._notes, self._limits)


def _check_roles_somewhere(sheets: dict[str, Sheet], problems: Findings[Problem]) -> None:
    users, roles = sheets["users"], sheets["roles"]
    if not roles.present and users.columns and "role" not in users.columns:
        problems.append(Problem.of(codes.NO_ROLES, "users.csv", 1, "role"))
