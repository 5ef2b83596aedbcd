"""Nothing stands in the product that nobody mentions: names of Python, exports of JavaScript, classes of the style sheets.

A name counts as used as soon as its word stands a second time anywhere, so what is found here is surely unused.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("ais_app", "assets", "alembic", "tests", "tools", "deploy")
MADE = {"node_modules", "external", "__pycache__", "fixtures"}
WORD = re.compile(r"[^\W\d](?:\w|-(?=\w))*")
FOREIGN = {"js-plotly-plot"}  # of plotly, which draws inside it


def files(*suffixes: str, under: tuple[str, ...] = FOLDERS) -> list[Path]:
    found = [path for folder in under for path in sorted((ROOT / folder).rglob("*")) if path.suffix in suffixes]
    return [path for path in found if not MADE & set(path.relative_to(ROOT).parts)]


@pytest.fixture(scope="module")
def mentioned() -> Counter[str]:
    sources = [*files(".py", ".js", ".jsx", ".mjs", ".html"), ROOT / "rxconfig.py", ROOT / "pyproject.toml"]
    return Counter(word for path in sources for word in re.findall(r"\w+", path.read_text(encoding="utf-8")))


def names_of(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        if not node.decorator_list or isinstance(node, ast.ClassDef):
            yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))


def is_ours(node: ast.ClassDef) -> bool:
    """Members of other classes may be what a library looks for, columns of a table, or a shape on the wire."""
    bases = [ast.unparse(base) for base in node.bases]
    return not bases or all(base.endswith("State") for base in bases)


def test_every_name_of_the_product_is_mentioned_again(mentioned: Counter[str]):
    unused: list[str] = []
    for path in files(".py", under=("ais_app",)):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and is_ours(node)]
        for node in [*tree.body, *(member for one in classes for member in one.body)]:
            unused += [
                f"{path.name}: {name}" for name in names_of(node) if mentioned[name] == 1 and not name.startswith("__")
            ]
    assert unused == []


def test_every_export_of_javascript_is_imported_or_named_by_a_page():
    sources = {path: path.read_text(encoding="utf-8") for path in files(".py", ".js", ".jsx", ".mjs")}
    exported = re.compile(r"^export (?:async )?(?:function|const|class) (\w+)", re.MULTILINE)
    unused = [
        f"{path.name}: {name}"
        for path in files(".js", ".jsx", under=("ais_app", "assets"))
        for name in exported.findall(sources[path])
        if not any(re.search(rf"\b{name}\b", text) for other, text in sources.items() if other != path)
    ]
    assert unused == []


def test_every_class_of_the_style_sheets_is_worn():
    sources = files(".py", ".js", ".jsx", ".html", under=("ais_app", "assets"))
    worn = {word for path in sources for word in WORD.findall(path.read_text(encoding="utf-8"))}
    unworn: list[str] = []
    for path in files(".css", under=("assets",)):
        sheet = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        classes = {
            name
            for selector in re.findall(r"([^{}]+)\{", sheet)
            for name in re.findall(r"\.([A-Za-z][\w-]*)", selector)
        }
        unworn += [f"{path.name}: {name}" for name in sorted(classes - worn - FOREIGN)]
    assert unworn == []
