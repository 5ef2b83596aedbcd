"""The table of attacks in docs/security.md cannot rot: a line for each id, and every test it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = [*range(1, 15), *range(20, 28), *range(30, 39), *range(40, 44), 47, 48, 50, 52, *range(55, 67), 73, 74]


def lines() -> dict[int, tuple[str, list[str]]]:
    """{number of the attack: (rule, names of its tests)}."""
    found: dict[int, tuple[str, list[str]]] = {}
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines():
        if row := re.fullmatch(r"\| S-(\d\d) \| (.+) \| ?(.*) ?\|", line):
            assert int(row[1]) not in found, line
            found[int(row[1])] = row[2], re.findall(r"`(test_\w+…?)`", row[3])
    return found


def all_tests() -> set[str]:
    """The names of all tests of the tree."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for text in texts for name in re.findall(r"^(?:async )?def (test_\w+)", text, re.MULTILINE)}


def is_there(name: str, present: set[str]) -> bool:
    if name.endswith("…"):
        return any(one.startswith(name[:-1]) for one in present)
    return name in present


@pytest.mark.parametrize("number", NEEDED)
def test_every_attack_has_a_rule_and_a_test_named_by_its_id_or_a_reason(number):
    rule, named = lines()[number]
    if rule.startswith("no surface today: "):
        assert named == []
        assert len(rule) > 30
    else:
        assert any(f"_s{number:02}_" in name for name in named), (number, named)


def test_every_test_that_the_document_names_is_in_the_tree():
    present = all_tests()
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert {name for name in re.findall(r"`(test_\w+…?)`", text) if not is_there(name, present)} == set()
    assert [name for name in re.findall(r"`(tests/[\w/.]+)`", text) if not (ROOT / name).exists()] == []


def test_every_id_that_a_test_is_named_by_has_a_line():
    numbers = {int(number) for name in all_tests() for number in re.findall(r"_s(\d\d)(?=_)", name)}
    assert numbers - lines().keys() == set()
