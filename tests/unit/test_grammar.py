"""The grid's grammar and the server's reading of a cell agree: one file of vectors for both (D-49)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ais_app.journal.grid import rules

VECTORS = json.loads((Path(__file__).parents[1] / "fixtures" / "grid_grammar.json").read_text(encoding="utf-8"))
GRAMMARS: dict[str, Any] = VECTORS["grammars"]


def read(grammar: str, text: str) -> str | None:
    """What the server makes of a text in a course of this grammar; codes that a person may not type are its own affair."""
    values = GRAMMARS[grammar]["values"]
    try:
        return rules.parse_cell(text, mark_one="1" in values, graded=bool(values)).text
    except rules.BadCell:
        return None


@pytest.mark.parametrize(("grammar", "text", "canonical"), VECTORS["read"])
def test_a_text_is_read_as_the_grid_reads_it(grammar: str, text: str, canonical: str | None):
    assert read(grammar, text) == canonical


@pytest.mark.parametrize(
    ("grammar", "written"),
    [
        (grammar, found["write"])
        for group in ("meet", "typed", "ended")
        for grammar, _shown, _keys, found in VECTORS[group]
        if "write" in found
    ]
    + [(grammar, found[way]) for grammar, _shown, _text, found in VECTORS["answers"] for way in found if found[way]],
)
def test_what_the_grid_writes_is_spelled_as_the_server_spells_it(grammar: str, written: str):
    assert read(grammar, written) == written
