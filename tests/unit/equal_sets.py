"""Whether two exported sets say the same: row by row, whatever the random ids of their rows are called."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter, defaultdict
from pathlib import Path

OWN_SOURCE = "oneroster:ais"
# Every id that this product makes: also within longer ids and within lists in a cell.
_ID = re.compile(r"(?<![a-z2-7])[a-z2-7]{16}(?![a-z2-7])")


def table(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / f"{file}.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def told(folder: Path) -> list[str]:
    """The rows of a set as text, without the names that moving gives: those under which it stood where it comes from."""
    rows = []
    for path in sorted(folder.glob("*.csv")):
        for row in table(folder, path.stem):
            if path.stem != "aisSources" or row["source"] != OWN_SOURCE:
                cells = ", ".join(f"{column}={value}" for column, value in row.items() if value)
                rows.append(f"{path.stem}: {cells}")
    return rows


def named(rows: list[str]) -> Counter[str]:
    """The rows with each id replaced by what all rows say of it: the same for two sets that differ in ids only."""
    colours = {token: "" for row in rows for token in _ID.findall(row)}
    while True:
        said: dict[str, list[str]] = defaultdict(list)
        plain = [_replaced(row, colours) for row in rows]
        for row, text in zip(rows, plain, strict=True):
            for place, token in enumerate(_ID.findall(row)):
                said[token].append(f"{place} {text}")
        finer = {token: _digest(colours[token], sorted(texts)) for token, texts in said.items()}
        if len(set(finer.values())) == len(set(colours.values())):
            return Counter(plain)
        colours = finer


def _replaced(row: str, colours: dict[str, str]) -> str:
    return _ID.sub(lambda found: f"<{colours[found[0]]}>", row)


def _digest(colour: str, texts: list[str]) -> str:
    return hashlib.sha256("\n".join([colour, *texts]).encode()).hexdigest()[:12]


def differences(one: Path, other: Path) -> list[str]:
    """What one set says and the other does not, in words; empty when they are equal."""
    first, second = named(told(one)), named(told(other))
    if first == second:
        return []
    # By text without ids first: it names what is lost; by ids, when only the ties between the rows differ.
    bare = [Counter(_ID.sub("·", row) for row in told(folder)) for folder in (one, other)]
    for before, after in (bare, (first, second)):
        found = [f"lost: {row}" for row in (before - after)] + [f"new: {row}" for row in (after - before)]
        if found:
            return found
    raise AssertionError
