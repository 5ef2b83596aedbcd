"""Reading a set: manifest, files, references, and what the rows mean together. Every defect is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ais_app.exchange.engine import ImportRefused, Note, Problem, Sheet, check_references, gather, parse
from ais_app.exchange.engine.declarations import LIMITS, Limits
from ais_app.exchange.oneroster import files, manifest
from ais_app.exchange.oneroster.meaning import understand
from ais_app.exchange.oneroster.roster import Roster


def read(path: Path, today: date, limits: Limits = LIMITS) -> Roster:
    """Read and check a folder or zip; nobody is born after `today`. Raises ImportRefused with every defect found."""
    problems: list[Problem] = []
    roster = _sheets(path, problems, limits)
    if problems:  # what the rows mean together is asked only of rows that can be read
        check_references(roster.sheets, problems, weak=files.WEAK)
        raise ImportRefused(problems)
    check_references(roster.sheets, problems, weak=files.WEAK)
    if not problems:
        understand(roster, today, problems)
    if problems:
        raise ImportRefused(problems)
    return roster


def _sheets(path: Path, problems: list[Problem], limits: Limits) -> Roster:
    notes: list[Note] = []
    names = {table.name.casefold() for table in (*files.TABLES, files.MANIFEST)}
    tolerated = {name.casefold() for name in files.LEFT_OUT}
    found = gather(path, names | tolerated, problems, notes, limits)
    raw = found.pop("manifest", None)
    said = manifest.understand(None if raw is None else parse(files.MANIFEST, raw, problems, notes, limits), problems)
    sheets: dict[str, Sheet] = {}
    for table in files.TABLES:
        name = table.name.casefold()
        content = found.pop(name, None)
        if content is not None and name in said.absent:
            notes.append(Note(table.file, 0, "", "the manifest says that this file is absent: it was not read"))
            content = None
        if content is not None and table in files.OWN and not said.own:
            notes.append(Note(table.file, 0, "", "marks are taken only from exports of АИС: it was not read"))
            content = None
        if content is not None:
            sheets[table.name] = parse(table, content, problems, notes, limits)
            continue
        sheets[table.name] = Sheet(table)
        if table.required or (name in said.bulk and (said.own or table not in files.GRADEBOOK)):
            problems.append(Problem(table.file, 0, "", "the file is missing"))
    notes += [Note(f"{name}.csv", 0, "", "nothing of this file is taken") for name in sorted(found)]
    _check_roles_somewhere(sheets, problems)
    return Roster(said, sheets, notes)


def _check_roles_somewhere(sheets: dict[str, Sheet], problems: list[Problem]) -> None:
    users, roles = sheets["users"], sheets["roles"]
    if not roles.present and users.columns and "role" not in users.columns:
        problems.append(Problem("users.csv", 1, "role", "the column is missing, and there is no roles.csv (1.2)"))
