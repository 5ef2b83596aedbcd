"""The manifest of a set: its version, its origin, and which files are in it whole, in part, or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ais_app.exchange.engine import Findings, Line, Note, Problem, Sheet
from ais_app.exchange.engine.codes import NO_CHOICE
from ais_app.exchange.oneroster import codes

OWN_SYSTEM = "ais"
VERSIONS = ("1.1", "1.2")
SOURCE = "oneroster"
OWN_SOURCE = f"{SOURCE}:{OWN_SYSTEM}"
FILE = "manifest.csv"
MODES = ("absent", "bulk", "delta")
# What every export of ours has, whatever the school: these columns, and ids of our form in these files.
OWN_COLUMNS: Mapping[str, str] = {
    "orgs": "metadata.ais.zone",
    "academicSessions": "metadata.ais.scheme",
    "classes": "metadata.ais.group",
    "users": "metadata.ais.guardians",
    "roles": "metadata.ais.role",
    "enrollments": "metadata.ais.note",
}
OWN_IDS = ("orgs", "users")
_UID = re.compile(r"[a-z2-7]{16}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """`absent` names files (in lower case) that do not count even if they are there; `bulk` those that must be.

    `own`: the set is an export of АИС; `proven` decides that, since its name alone proves nothing.
    """

    version: str = ""
    system: str = ""
    absent: frozenset[str] = frozenset()
    bulk: frozenset[str] = frozenset()
    own: bool = False

    @property
    def claims_own(self) -> bool:
        return self.system == OWN_SYSTEM

    @property
    def source(self) -> str:
        """The name under which ids of this set are remembered, different for each system: two may have a school «1»."""
        if self.own:
            return OWN_SOURCE
        if self.system in ("", "absent"):
            return SOURCE
        return f"{SOURCE}:{hashlib.sha256(self.system.encode()).hexdigest()[:12]}"


def interpret(sheet: Sheet | None, problems: Findings[Problem], notes: Findings[Note]) -> Manifest:
    """The manifest of a set; a set without one counts as bulk. Deltas and foreign versions are problems.

    A blank value counts as not given, which is noted.
    """
    if sheet is None or not sheet.whole:
        return Manifest()
    notes += [sheet.note(line, "value", codes.BLANK_VALUE, name=key) for key, line in sheet if not line["value"]]
    values = {key.casefold(): (line["value"], line) for key, line in sheet if line["value"]}
    version, line = values.get("oneroster.version", ("", None))
    if line is None:
        if "oneroster.version" not in map(str.casefold, sheet.lines):
            problems.append(Problem.of(codes.VERSION_MISSING, FILE, versions=VERSIONS))
    elif version not in VERSIONS:
        problems.append(sheet.problem(line, "value", codes.VERSION_UNKNOWN, version=version, versions=VERSIONS))
    modes = {key.removeprefix("file."): value for key, value in values.items() if key.startswith("file.")}
    for name, (mode, line) in modes.items():
        _check_mode(name, mode, line, problems)
    return Manifest(
        version=version,
        system=values.get("source.systemcode", ("", None))[0],
        absent=frozenset(name for name, (mode, _line) in modes.items() if mode.casefold() == "absent"),
        bulk=frozenset(name for name, (mode, _line) in modes.items() if mode.casefold() == "bulk"),
    )


def proven(claimed: Manifest, sheets: Mapping[str, Sheet], notes: Findings[Note]) -> Manifest:
    """The manifest with `own` set when the set names АИС as its system and has the columns and ids of our exports.

    A set that only names it is read like that of any other system, which is noted; its ids are remembered apart.
    """
    broken = [name for name in OWN_COLUMNS if sheets[name].present and not sheets[name].whole]
    lost = [name for name in OWN_COLUMNS if not sheets[name].present and name.casefold() in claimed.bulk]
    if not claimed.claims_own or broken or lost:  # a broken or lost file is a problem already
        return claimed
    missing = [f"{name}.csv: {column}" for name, column in OWN_COLUMNS.items() if column not in sheets[name].columns]
    foreign = [f"{name}.csv: {key}" for name in OWN_IDS for key, _line in sheets[name] if not _UID.fullmatch(key)]
    if not missing and not foreign:
        return replace(claimed, own=True)
    notes.append(Note.of(codes.NOT_OWN, FILE, why=(missing or foreign)[:3]))
    return claimed


def _check_mode(name: str, mode: str, line: Line, problems: Findings[Problem]) -> None:
    if mode.casefold() == "delta":
        problems.append(Problem.of(codes.DELTA, FILE, line.row, "value", name=name))
    elif mode.casefold() not in MODES:
        problems.append(Problem.of(NO_CHOICE, FILE, line.row, "value", value=mode, choices=MODES))
