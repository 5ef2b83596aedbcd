"""Whether two exported sets say the same: row by row, whatever the random ids of their rows are called."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter, defaultdict
from pathlib import Path

OWN_SOURCE = "oneroster:ais"
# Every id that this product makes, also within longer ids and within lists in a cell; and the key of a row of a table.
UID = re.compile(r"(?<![a-z2-7])[a-z2-7]{16}(?![a-z2-7])")
KEY = re.compile(r"\b[a-z_]+#\d+\b")


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


def differences(one: Path, other: Path) -> list[str]:
    """What one set says and the other does not, in words; empty when they are equal."""
    return compared(told(one), told(other), UID)


def compared(one: list[str], other: list[str], ids: re.Pattern[str]) -> list[str]:
    """What differs between rows, whatever their ids are called."""
    # By text without ids first: it names what is lost; by ids, when only the ties between the rows differ.
    bare = [Counter(ids.sub("·", row) for row in rows) for rows in (one, other)]
    for before, after in (bare, [named(rows, ids) for rows in (one, other)]):
        found = [f"lost: {row}" for row in (before - after)] + [f"new: {row}" for row in (after - before)]
        if found:
            return found
    return []


def named(rows: list[str], ids: re.Pattern[str]) -> Counter[str]:
    """The rows with each id replaced by what all rows say of it: the same wherever they differ in ids only."""
    colours = {token: "" for row in rows for token in ids.findall(row)}
    while True:
        said: dict[str, list[str]] = defaultdict(list)
        plain = [_replaced(row, ids, colours) for row in rows]
        for row, text in zip(rows, plain, strict=True):
            for place, token in enumerate(ids.findall(row)):
                said[token].append(f"{place} {text}")
        finer = {token: _digest(colours[token], sorted(texts)) for token, texts in said.items()}
        if len(set(finer.values())) == len(set(colours.values())):
            return Counter(plain)
        colours = finer


def _replaced(row: str, ids: re.Pattern[str], colours: dict[str, str]) -> str:
    return ids.sub(lambda found: f"<{colours[found[0]]}>", row)


def _digest(colour: str, texts: list[str]) -> str:
    return hashlib.sha256("\n".join([colour, *texts]).encode()).hexdigest()[:12]
