"""What is large or long has a small twin in `make test`: a deep test alone would be run too seldom to be relied upon."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
Functions = dict[str, ast.FunctionDef | ast.AsyncFunctionDef]


def functions(tree: ast.Module) -> Functions:
    found = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {one.name: one for one in found if one.name.startswith("test_")}


def is_deep(node: ast.AST) -> bool:
    """`….mark.deep`, wherever it stands."""
    return isinstance(node, ast.Attribute) and node.attr == "deep" and getattr(node.value, "attr", "") == "mark"


def twin_of(test: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """What the mark of a deep test names: empty when it names nothing; None when the test is not deep."""
    for mark in test.decorator_list:
        if is_deep(mark):
            return ""
        if isinstance(mark, ast.Call) and is_deep(mark.func):
            named = {one.arg: one.value for one in mark.keywords}.get("twin")
            return str(named.value) if isinstance(named, ast.Constant) else ""
    return None


def complaints(sources: dict[str, str]) -> list[str]:
    """Deep tests without a twin that is there and is not deep itself; whatever else is marked deep cannot have one."""
    trees = {path: ast.parse(source) for path, source in sources.items()}
    tests = {f"{path}::{name}": one for path, tree in trees.items() for name, one in functions(tree).items()}
    twins = {name: twin for name, one in tests.items() if (twin := twin_of(one)) is not None}
    marks = sum(is_deep(node) for tree in trees.values() for node in ast.walk(tree))
    found = [f"{name}: no twin" for name, twin in twins.items() if twin not in tests]
    found += [f"{name}: its twin is deep too" for name, twin in twins.items() if twin in twins]
    return found if marks == len(twins) else [*found, "a mark that stands on no test"]


def sources() -> dict[str, str]:
    paths = sorted(path for path in TESTS.rglob("*.py") if path.name.startswith(("test_", "conftest")))
    return {str(path.relative_to(TESTS.parent)): path.read_text(encoding="utf-8") for path in paths}


def test_every_deep_test_has_a_small_twin():
    assert complaints(sources()) == []


def test_there_are_deep_tests_and_they_are_left_out_unless_asked_for(request):
    deep = [one for source in sources().values() for one in functions(ast.parse(source)).values() if twin_of(one)]
    assert len(deep) >= 2
    assert request.config.getini("addopts")[-2:] == ["-m", "not deep"]


SMALL = "def test_small(): ...\n"


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("@pytest.mark.deep(twin='a.py::test_small')", []),
        ("@pytest.mark.deep", ["a.py::test_large: no twin"]),
        ("@pytest.mark.deep()", ["a.py::test_large: no twin"]),
        ("@pytest.mark.deep(twin='a.py::test_smell')", ["a.py::test_large: no twin"]),
        ("@pytest.mark.deep(twin='a.py::test_large')", ["a.py::test_large: its twin is deep too"]),
        ("@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.deep)])", ["a mark that stands on no test"]),
        ("pytestmark = pytest.mark.deep\n", ["a mark that stands on no test"]),
        ("", []),
    ],
)
def test_what_is_complained_about(mark, said):
    assert complaints({"a.py": f"import pytest\n\n{SMALL}\n{mark}\ndef test_large(): ...\n"}) == said
