"""The contracts of imports cover every room and all files of the same names, whatever is added: patterns, no lists of modules."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import grimp
import pytest

from ais_app.rooms import NAMES
from tools.contracts import RoomsContract

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
UNSEEN = {
    "rules",
    "models",
    "queries",
    "service",
    "kinds",
    "payloads",
    "errors",
    "views",
    "channel",
    "routes",
    "events",
}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("ais_app", include_external_packages=True)


def named_in_rooms(graph, *names: str) -> set[str]:
    """Every module of a room that has one of these names, or lies in a folder that has."""
    return {
        module for module in graph.modules if module.startswith("ais_app.") and set(module.split(".")[2:]) & set(names)
    }


def contract(kind: str, excused: str) -> dict:
    return next(one for one in CONTRACTS if one["type"] == kind and excused in one)


def test_every_room_has_its_place_in_the_order(graph):
    """import-linter itself refuses a room that no layer names, as long as the contract is exhaustive."""
    order = contract("rooms", "exhaustive")
    assert order["exhaustive"]
    assert order["containers"] == ["ais_app"]
    rooms = {module for module in graph.find_children("ais_app") if graph.find_children(module)}
    placed = RoomsContract("", {}, {"containers": order["containers"]}).contract_options["layers"]
    assert [name for layer in placed for name in layer.split(" | ")] == [
        *("ais_app", "cli", *NAMES[:0:-1]),
        *("web", "live", NAMES[0]),
    ]
    assert {f"ais_app.{name}" for name in order["exhaustive_ignores"]} & rooms == set()


def test_a_file_that_shows_nothing_is_never_excused_from_reflex(graph):
    excused = contract("forbidden", "ignore_imports")
    assert excused["source_modules"] == ["ais_app"]
    assert "reflex" in excused["forbidden_modules"]
    sources = {line.partition(" -> ")[0] for line in excused["ignore_imports"]}
    free = {module for source in sources for module in graph.find_matching_modules(source)}
    assert "ais_app.journal.grid.state" in free
    assert free & named_in_rooms(graph, *UNSEEN) == set()


@pytest.mark.parametrize("name", ["rules", "models", "queries", "service"])
def test_every_file_of_a_name_is_a_source_of_its_contract(graph, name):
    patterns = [one for each in CONTRACTS for one in each.get("source_modules", ()) if one.endswith(f".{name}")]
    assert patterns == [f"ais_app.**.{name}"]
    matched = set(graph.find_matching_modules(patterns[0]))
    covered = matched | {inner for module in matched for inner in graph.find_descendants(module)}
    assert named_in_rooms(graph, name)
    assert named_in_rooms(graph, name) - covered == set()


def test_no_contract_lists_modules_by_hand():
    named = [one for each in CONTRACTS for key in ("source_modules", "forbidden_modules") for one in each.get(key, ())]
    assert [one for one in named if one.count(".") > 1 and "*" not in one] == []


def test_all_javascript_of_ours_is_checked():
    known = json.loads((ROOT / "jsconfig.json").read_text(encoding="utf-8"))
    checked = {path for pattern in known["include"] for path in ROOT.glob(pattern)}
    ours = {
        path
        for folder in ("ais_app", "assets", "tests", "tools", "deploy")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".js", ".jsx", ".mjs", ".cjs", ".ts"} and not {"node_modules", "external"} & set(path.parts)
    }
    assert len(ours) > 25
    assert ours - checked == set()
    assert known["compilerOptions"]["checkJs"]
    assert known["compilerOptions"]["strictNullChecks"]


def test_reads_of_the_journal_return_rows():
    """What a person reads is made in `views.py`: a read neither asks for a text nor writes a date in words."""
    words = re.compile(r"ais_app\.i18n|\b(?:_|ngettext|p_)\(")
    journal = ROOT / "ais_app" / "journal"
    reads = [*journal.glob("*/queries.py"), *journal.glob("*/queries/*.py")]
    assert len(reads) > 20
    assert [str(path.relative_to(journal)) for path in reads if words.search(path.read_text(encoding="utf-8"))] == []
