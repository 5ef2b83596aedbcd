"""docs/glossary.md has every table, right, role, kind of operation and page, each at one place and in one meaning."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.servers import ROOT

TABLE = r'__tablename__ = "(\w+)"'
VALUE = r'^    [A-Z_]+ = "(\w+)"$'
KINDS = (
    r'\bKind\(\s*"(\w+)"',
    r'ledger\.append\(\s*[\w., ]+, "(\w+)"',
    r'^KIND = "(\w+)"$',
)
ADDRESS = r'\bPage\(\s*"(/[\w/\[\]]*)",'


@cache
def sources() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "ais_app").rglob("*.py")))


@cache
def glossary() -> str:
    return (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def found(pattern: str) -> set[str]:
    return {name for text in sources() for name in re.findall(pattern, text, re.MULTILINE)}


def values(enumeration: str) -> set[str]:
    bodies = [re.search(rf"^class {enumeration}\(StrEnum\):\n(.*?)(?=^\S)", text, re.M | re.S) for text in sources()]
    return {name for body in bodies if body for name in re.findall(VALUE, body[1], re.MULTILINE)}


def missing(names: set[str]) -> set[str]:
    return names - set(re.findall(r"`([^`]+)`", glossary()))


@pytest.mark.parametrize(
    ("names", "least"),
    [
        (found(TABLE), 40),
        (values("Right"), 15),
        (values("Role"), 10),
        (values("Scope"), 6),
        (set().union(*(found(pattern) for pattern in KINDS)), 40),
        (found(ADDRESS), 7),
    ],
    ids=["tables", "rights", "roles", "scopes", "kinds", "pages"],
)
def test_every_term_has_its_row(names: set[str], least: int):
    assert len(names) >= least
    assert missing(names) == set()


def test_a_term_without_a_row_is_found():
    assert missing({"course", "not_in_the_glossary"}) == {"not_in_the_glossary"}


def test_a_word_of_the_code_means_one_thing():
    """The second column of tables with a meaning: no word heads two rows."""
    rows = [line.split("|")[1:-1] for line in glossary().splitlines() if line.startswith("| ") and "---" not in line]
    words = [word.strip(" `") for row in rows if len(row) == 3 for word in row[1].split(",") if "[" not in word]
    words = [word for word in words if word not in ("In the code", "Address")]
    repeated = {word for word in words if words.count(word) > 1}
    assert repeated == set()
