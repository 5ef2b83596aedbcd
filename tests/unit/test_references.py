"""Whatever code, tests and documents refer to is in the clone: rules by their ids, decisions, pages, headings, files, tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.servers import ROOT

FOLDERS = ("ais_app", "alembic", "assets", "deploy", "docs", "tests", "tools")
KINDS = {".py", ".md", ".js", ".jsx", ".mjs", ".css", ".html", ".po", ".toml", ".yaml", ".service", ".conf"}
FOREIGN = ROOT / "tests" / "fixtures"  # what others have written has references of its own
MADE = ("_shipped", "external", "__pycache__")

DEFINITIONS = {  # where each family of ids is defined: a row or an item that begins with it
    "D": ("docs/rules.md", r"^- \*?\*?\*?(D-\d+)\b"),
    "S": ("docs/security.md", r"^\| (S-\d+) \|"),
    "P": ("docs/performance.md", r"^\| (P-\d+) \| (?!.*\| [0-9a-f]{7}\+? \|$)"),
    "P-X": ("docs/rules.md", r"^\| (P-[A-Z]{3}-\d+): "),
    "N": ("docs/rules.md", r"^\| (N-\d+): "),
}
ID = re.compile(r"(?<![\w/-])(?:[DSN]-\d{1,3}|P-(?:[A-Z]{3}-)?\d{1,3})(?![\w-])")
DECISION = re.compile(r"\bdecisions?[ /]+(\d{1,4})\b")
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
PAGE = re.compile(r"(?<![\w/.-])[\w./-]+\.md\b")
QUOTED = re.compile(r"`([^`\s]+)`")
NAMED = re.compile(r"`([\w./-]+\.py):\s+([A-Za-z_][\w.]*)[^`]*`")
CODE = re.compile(r"^[\w./-]+\.(?:py|js|jsx|mjs|html|css|json|txt|toml|md)$|^[\w.-]+/(?:[\w.-]+/)*$")
AFTER_BUILD = (".web/", "dist/", "var/", "ais_app/_shipped/", "reflex.lock/")  # made by building and running

Broken = Iterator[str]


@cache
def files() -> tuple[Path, ...]:
    """All texts of our own."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in KINDS]
    found = [path for path in found if "node_modules" not in path.parts]  # of others
    own = [path for path in found if FOREIGN not in path.parents and not set(MADE) & set(path.parts)]
    return tuple(sorted([*own, *ROOT.glob("*.md"), ROOT / "NOTICE", ROOT / "Makefile", ROOT / "pyproject.toml"]))


@cache
def pages() -> tuple[Path, ...]:
    return tuple(path for path in files() if path.suffix == ".md")


@cache
def defined(family: str) -> frozenset[str]:
    name, pattern = DEFINITIONS[family]
    return frozenset(re.findall(pattern, (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


def unknown_ids(_path: Path, text: str) -> Broken:
    for found in ID.findall(text):
        family = "P-X" if re.match(r"P-[A-Z]", found) else found[0]
        if found not in defined(family):
            yield found


def unknown_decisions(_path: Path, text: str) -> Broken:
    numbers = {path.name[:4] for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}
    yield from (found for found in DECISION.findall(text) if found.zfill(4) not in numbers)


def unknown_pages(path: Path, text: str) -> Broken:
    """Names of documents, with or without their folder."""
    for found in PAGE.findall(text):
        places = (ROOT, ROOT / "docs", path.parent, ROOT / "docs" / "decisions")
        if not any((place / found).is_file() for place in places):
            yield found


def broken_links(path: Path, text: str) -> Broken:
    """Links of a page: to files of the clone only, and to headings that are there."""
    for found in LINK.finditer(text):
        address = found[1] or found[2]
        name, _, anchor = address.partition("#")
        target = (path.parent / name).resolve() if name else path
        there = not re.match(r"\w+:", address) and target.is_relative_to(ROOT) and target.exists()
        if not there or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            yield address


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as they are made where repositories are read."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def unknown_files(path: Path, text: str) -> Broken:
    """Files and folders that a page names, wholly or as the end of a path. Decisions may name what they have replaced."""
    if path.suffix != ".md" or "decisions" in path.parts or path.name == "CHANGELOG.md":
        return
    for found in QUOTED.findall(text):
        name = found.partition(":")[0]
        if not CODE.match(name) or "/" not in name[1:] or name.startswith(AFTER_BUILD):
            continue
        if not (path.parent / name).exists() and not is_end_of_a_path(name):
            yield found


@cache
def is_end_of_a_path(name: str) -> bool:
    return (ROOT / name).exists() or any((ROOT / "ais_app").rglob(name))


@cache
def known_tests() -> frozenset[str]:
    """The names of all tests of the tree."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")]
    return frozenset(
        name for text in texts for name in re.findall(r"^\s*(?:async )?def (test_\w+)", text, re.MULTILINE)
    )


def unknown_tests(path: Path, text: str) -> Broken:
    if path.suffix == ".md":
        for found in QUOTED.findall(text):
            if re.fullmatch(r"test_\w+", found) and found not in known_tests():
                yield found


def unknown_names(path: Path, text: str) -> Broken:
    """`file.py: name` of a page: a function, class or method that stands in a file of this name."""
    if path.suffix != ".md" or "decisions" in path.parts or path.name == "CHANGELOG.md":
        return
    for name, member in NAMED.findall(text):
        texts = [one.read_text(encoding="utf-8") for one in (*ROOT.glob(name), *(ROOT / "ais_app").rglob(name))]
        if not any(all(re.search(rf"(?:def|class) {part}\b", one) for part in member.split(".")) for one in texts):
            yield f"{name}: {member}"


CHECKS = (unknown_ids, unknown_decisions, unknown_pages, broken_links, unknown_files, unknown_tests, unknown_names)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_reference_leads_to_something_in_the_clone(check: Callable[[Path, str], Broken]):
    chosen = pages() if check is broken_links else files()
    lost = [
        f"{path.relative_to(ROOT)}: {one}"
        for path in chosen
        if path != Path(__file__)
        for one in check(path, path.read_text(encoding="utf-8"))
    ]
    assert lost == []


def test_ids_are_defined_once_and_there_are_some_of_each_family():
    for family, least in {"D": 40, "S": 50, "P": 14, "P-X": 2}.items():
        name, pattern = DEFINITIONS[family]
        found = re.findall(pattern, (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert len(found) == len(set(found)) >= least, family


def test_decisions_say_what_called_for_them_what_holds_and_what_follows():
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for page in sorted(folder.glob("[0-9]*.md")):
        text = page.read_text(encoding="utf-8")
        assert [one for one in ("Context", "Decision", "Consequences") if f"**{one}.**" not in text] == [], page.name
        assert f"({page.name})" in index


@pytest.mark.parametrize(
    ("check", "text", "lost"),
    [
        (unknown_ids, "as D-999 says", "D-999"),
        (unknown_ids, "| S-99 |", "S-99"),
        (unknown_ids, "within P-99", "P-99"),
        (unknown_ids, "(P-XYZ-1)", "P-XYZ-1"),
        (unknown_ids, "N-1", "N-1"),
        (unknown_decisions, "see decision 9999", "9999"),
        (unknown_decisions, "(docs/decisions/0999)", "0999"),
        (unknown_pages, "the table of nowhere.md", "nowhere.md"),
        (broken_links, "[there](nowhere.md)", "nowhere.md"),
        (broken_links, "[there](security.md#no-such-heading)", "security.md#no-such-heading"),
        (broken_links, "[there](#no-such-heading)", "#no-such-heading"),
        (broken_links, "[there](../../elsewhere.md)", "../../elsewhere.md"),
        (broken_links, "[there](https://example.org/)", "https://example.org/"),
        (unknown_files, "`journal/no_such_file.py`", "journal/no_such_file.py"),
        (unknown_tests, "`test_nobody_wrote_this`", "test_nobody_wrote_this"),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(check: Callable[[Path, str], Broken], text: str, lost: str):
    assert list(check(ROOT / "docs" / "rules.md", text)) == [lost]
