"""The codes of a cell are spelled in one table: the browser has them from it, and no other file writes one out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ais_app.journal.grid import codes
from tools import browser_codes

PACKAGE = Path(__file__).parents[2] / "ais_app"
TABLE = {Path(codes.__file__), browser_codes.SCRIPT}
WORDS = {code.text for code in codes.CODES if code.text.isalpha()}
LETTERS = {word for word in WORDS if len(word) == 1}
LONG = WORDS - LETTERS
TRANSLATED = {"_", "p_", "ngettext", "forms"}  # what is said to people may name a code
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
LITERAL = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`|/[^/\n]+/")


def spells_a_code(text: str) -> bool:
    """Whether a word of a literal is a code, or all its Russian letters are one-letter codes, such as in `[бу]`."""
    words = re.findall(r"[а-яё]+", text.casefold())
    return bool(words) and (not LONG.isdisjoint(words) or set("".join(words)) <= LETTERS)


def literals_of_python(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    said: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):  # a docstring
            said.add(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATED:
            said.update(node.args)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
            yield node.lineno, node.value


def literals_of_javascript(source: str) -> Iterator[tuple[int, str]]:
    code = COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), source)
    for found in LITERAL.finditer(code):
        yield code.count("\n", 0, found.start()) + 1, found.group()


def test_the_browser_has_the_codes_of_the_table():
    written = browser_codes.SCRIPT.read_text(encoding="utf-8")
    assert written == browser_codes.script(), "write it anew: python -m tools.browser_codes"


def test_no_other_file_spells_a_code():
    readers = {".py": literals_of_python, ".js": literals_of_javascript, ".jsx": literals_of_javascript}
    found = [
        f"{path.relative_to(PACKAGE)}:{line} {literal}"
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in readers and path not in TABLE
        for line, literal in readers[path.suffix](path.read_text(encoding="utf-8"))
        if spells_a_code(literal)
    ]
    assert found == []


def test_a_spelled_code_is_found():
    python = '"""«н»"""\nstate = {"б": 1}\npattern = rf"^[ун]{size}$"\nsaid = _("Type «н».")\nname = "Анна"\n'
    javascript = '// "н"\nconst a = part === "о"; /* "н" */\nif (/^о\\d|осв/.test(a)) b = `незач`;\nconst c = /[0-9]|зач|осв/, word = "нота";\n'
    assert [line for line, text in literals_of_python(python) if spells_a_code(text)] == [2, 3]
    assert [line for line, text in literals_of_javascript(javascript) if spells_a_code(text)] == [2, 3, 3, 4]
