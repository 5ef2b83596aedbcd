"""The manifest of a set: its version, its origin, and which files are in it whole, in part, or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ais_app.exchange.engine import Line, Problem, Sheet

OWN_SYSTEM = "ais"
VERSIONS = ("1.1", "1.2")
SOURCE = "oneroster"
OWN_SOURCE = f"{SOURCE}:{OWN_SYSTEM}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`absent` names files (in lower case) that do not count even if they are there; `bulk` those that must be."""

    version: str = ""
    system: str = ""
    absent: frozenset[str] = frozenset()
    bulk: frozenset[str] = frozenset()

    @property
    def own(self) -> bool:
        """Whether the set is an export of АИС."""
        return self.system == OWN_SYSTEM

    @property
    def source(self) -> str:
        """The name under which ids of this set are remembered: two systems may both have a school «1»."""
        if self.own:
            return OWN_SOURCE
        if self.system in ("", "absent"):
            return SOURCE
        return f"{SOURCE}:{hashlib.sha256(self.system.encode()).hexdigest()[:12]}"


def understand(sheet: Sheet | None, problems: list[Problem]) -> Manifest:
    """The manifest of a set; a set without one counts as bulk. Deltas and foreign versions are problems."""
    if sheet is None:
        return Manifest()
    values = {key.casefold(): (line["value"], line) for key, line in sheet}
    version, line = values.get("oneroster.version", ("", None))
    if version not in VERSIONS:
        what = f"OneRoster {version or 'without a version'} is not read: only {' and '.join(VERSIONS)} are"
        problems.append(Problem("manifest.csv", line.row if line else 0, "value" if line else "", what))
    modes = {key.removeprefix("file."): found for key, found in values.items() if key.startswith("file.")}
    for name, (mode, line) in modes.items():
        _check_mode(name, mode, line, problems)
    return Manifest(
        version=version,
        system=values.get("source.systemcode", ("", None))[0],
        absent=frozenset(name for name, (mode, _line) in modes.items() if mode.casefold() == "absent"),
        bulk=frozenset(name for name, (mode, _line) in modes.items() if mode.casefold() == "bulk"),
    )


def _check_mode(name: str, mode: str, line: Line, problems: list[Problem]) -> None:
    if mode.casefold() == "delta":
        what = f"{name} is a delta: only whole (bulk) sets can be imported, because a delta rests on sets sent before"
        problems.append(Problem("manifest.csv", line.row, "value", what))
    elif mode.casefold() not in ("bulk", "absent"):
        problems.append(Problem("manifest.csv", line.row, "value", f"«{mode}» is none of: absent, bulk, delta"))
