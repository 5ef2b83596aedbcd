"""What was taken back is in no read: every selection of lessons and works asks whether they stand."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2] / "ais_app"
# Where a selection is right without the condition, and why.
WITHOUT = {
    "control/queries/keeping.py:keeping": "asked in `_of_the_days`",
    "control/queries/keeping.py:gaps": "asked in `_of_the_days`",
    "control/queries/keeping.py:_oldest": "asked in `_of_the_days`",
    "diary/queries/tasks.py:belongs": "a condition on a lesson that is selected elsewhere",
    "journal/lessons/queries/following.py:following_day": "asks it of the later lesson, which has another name there",
    "journal/lessons/queries/last_bell.py:last_bell": "lessons of the same day under another name, which it asks by itself",
    "journal/windows/queries/periods.py:in_closed_period": "a condition on a lesson that is selected elsewhere",
    "journal/windows/queries/openings.py:reaches_over_closing": "a condition on a lesson that is selected elsewhere",
    "journal/grid/against_ledger.py:_WORKS": "every row is compared with the ledger, taken back or not",
    "journal/grid/against_ledger.py:_ATTENDED": "the same; of attendance it asks by itself",
    "journal/grid/against_ledger.py:_unknown": "the same; of attendance it asks by itself",
    "history/queries/about.py:about_row": "what was taken back has its history too",
    "history/queries/about.py:_of_cells": "what was taken back has its history too",
    "history/queries/names.py:_lessons": "what was taken back is called as before in its history",
    "history/queries/names.py:_works": "what was taken back is called as before in its history",
    "journal/attendance/service.py:undo_reasons": "only the days; the absences are those of `_absences`, which asks",
    "journal/grid/service/undoing.py:_places": "the entries go through `write_entries`, which refuses what was taken back",
    "journal/lessons/service/undoing.py:_lessons": "only the uids; each lesson is asked for by `lesson_to_write`",
    "journal/windows/service/undoing.py:withdrawn": "only the uid; the lesson is asked for by `may_be_asked`",
    "journal/restoring.py:restore_records": "a school is empty only when nothing was ever kept in it",
    "journal/lessons/service/lessons.py:lesson_to_write": "looks at the row itself: whoever may write there hears that it was taken back",
    "journal/lessons/service/lessons.py:work_of": "the row itself too; its lesson is asked for by `lesson_to_write`",
    "journal/restored_cells.py:_places": "cells that an import writes or takes back, each as it was when the set was worked out",
    "setup/demo/keeping.py:Keeper._held": "a school that is being made; nobody has taken anything back",
    "setup/demo/large.py:all_parts": "a school that is being made; nobody has taken anything back",
}
STANDS = {"lesson": "LESSON_NOT_TAKEN_BACK", "work": "WORK_NOT_TAKEN_BACK"}


def selections() -> dict[str, tuple[set[str], str]]:
    """{file:function: (tables selected from, source)} of every statement over lessons or works in the product."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text()
        names = {
            name: table for table in STANDS for name in (f"_{table}", table) if f"table({table.title()})" in source
        }
        if not names:
            continue
        for place, node in places(ast.parse(source)):
            tables = {
                names[one.value.value.id]
                for one in ast.walk(node)
                if isinstance(one, ast.Attribute)
                and isinstance(one.value, ast.Attribute)
                and one.value.attr == "c"
                and isinstance(one.value.value, ast.Name)
                and one.value.value.id in names
            }
            calls = {
                one.func.id for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
            }
            if tables and "select" in calls:
                found[f"{path.relative_to(ROOT)}:{place}"] = (tables, ast.get_source_segment(source, node) or "")
    return found


def places(tree: ast.Module):
    """(name, node) of functions, of methods and of assignments at the top of a module."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{node.name}.{inner.name}", inner
        elif isinstance(node, ast.Assign):
            yield ast.unparse(node.targets[0]), node


def test_every_selection_asks_whether_what_it_reads_stands():
    wrong = {}
    for place, (tables, source) in selections().items():
        # What hangs on a lesson by its id comes from a read that has asked already; a lesson's own columns are not.
        missing = {STANDS[table] for table in tables if STANDS[table] not in source}
        if missing and place not in WITHOUT:
            wrong[place] = missing
    assert wrong == {}


def test_the_exceptions_are_there():
    assert WITHOUT.keys() <= selections().keys()


def test_a_selection_without_the_condition_is_found():
    found = selections()
    assert len(found) > 20
    tables, source = found["journal/lessons/queries/columns.py:_COLUMNS"]
    assert tables == {"lesson", "work"}
    assert "LESSON_NOT_TAKEN_BACK" in source
