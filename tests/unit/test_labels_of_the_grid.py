"""The texts of the grid: one under each key, and each is shown with what its placeholders name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ais_app.journal.grid.table.labels import labels, merged
from ais_app.journal.grid.table.waiting import labels_of_waiting

FOLDER = Path(__file__).parents[2] / "ais_app" / "journal" / "grid" / "table"
UNREAD = ("bad", "reason")  # what `whyUnread` answers
DYNAMIC = {
    "texts[why]": UNREAD,
    "texts[`${why}Of`]": tuple(f"{name}Of" for name in UNREAD),
    "texts[whyUnread(text, grammar)]": UNREAD,
    "texts[effect.say]": (*UNREAD, "lost", "nothingToAdd"),
}
FILLS = re.compile(r"\b(phrase|plural)\(")
NAMED = re.compile(r"\b(?:labels|texts)\.(\w+)")


def arguments(source: str, start: int) -> tuple[list[str], int]:
    """The arguments of the call whose opening bracket is before `start`, and where it ends."""
    depth, said, begins = 1, [], start
    for at in range(start, len(source)):
        sign = source[at]
        depth += (sign in "([{") - (sign in ")]}")
        if (sign == "," and depth == 1) or depth == 0:
            said.append(source[begins:at].strip())
            begins = at + 1
        if depth == 0:
            return said, at
    raise ValueError(source[start : start + 80])


def keys_in(expression: str) -> set[str]:
    dynamic = {key for spelled, keys in DYNAMIC.items() if spelled in expression for key in keys}
    return dynamic | set(NAMED.findall(expression))


def shown(source: str) -> Iterator[tuple[str, set[str]]]:
    """(key, what it is filled with) of every text that a script shows; plural ones have their count."""
    inside: list[tuple[int, int]] = []
    for call in FILLS.finditer(source):
        if source[max(0, call.start() - 9) : call.start()].endswith("function "):
            continue
        said, _end = arguments(source, call.end())
        if call[1] == "plural":
            first, given = said[1], {"count"}
            inside.append((call.end(), call.end() + len(said[0]) + 1 + len(first) + 1))
        else:
            first, given = said[0], {pair.split(":")[0].strip() for pair in arguments(said[1] + "}", 1)[0] if pair}
            inside.append((call.end(), call.end() + len(first)))
        yield from ((key, given) for key in keys_in(first) if key != "lang")
    for name in NAMED.finditer(source):
        if not any(begins <= name.start() <= ends for begins, ends in inside):
            yield name[1], set()


def placeholders(text: Any) -> set[str]:
    if isinstance(text, dict):
        return set().union(*(placeholders(one) for one in text.values()))
    return set(re.findall(r"{(\w+)}", text)) if isinstance(text, str) else set()


SCRIPTS = sorted([*FOLDER.glob("*.js"), *FOLDER.glob("*.jsx")])


def test_a_key_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="reasonOf"):
        merged({"reasonOf": "one"}, {"other": "x"}, {"reasonOf": "two"})


def test_every_part_of_the_texts_has_keys_of_its_own():
    assert labels()["reasonOf"] != labels()["correctionOf"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_text_is_shown_with_a_placeholder_that_nothing_fills(path):
    texts = labels_of_waiting() if path.name == "waiting.jsx" else labels()
    for key, given in shown(path.read_text(encoding="utf-8")):
        assert key in texts, key
        assert placeholders(texts[key]) <= given, f"{path.name}: {key} is shown with {given}"


def test_every_way_to_say_what_was_not_read_is_told_by_name():
    """`DYNAMIC` above names all that is looked up by a computed key."""
    found = {
        spelled
        for path in SCRIPTS
        for spelled in re.findall(r"\b(?:labels|texts)\[(?:[^\[\]])+\]", path.read_text(encoding="utf-8"))
    }
    assert found == set(DYNAMIC)
    said = {name for path in SCRIPTS for name in re.findall(r'say: "(\w+)"', path.read_text(encoding="utf-8"))}
    assert said | set(UNREAD) == set(DYNAMIC["texts[effect.say]"])
