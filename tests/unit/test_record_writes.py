"""Nothing writes to a table of the record but an operation's own methods, and the ledger is appended to by operations only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from ais_app.ledger.records import Composite
from ais_app.records import RECORDS

PACKAGE = Path(__file__).parents[2] / "ais_app"
WRITES = {"insert", "update", "delete"}
MODELS = {
    model.__name__
    for record in RECORDS.values()
    for model in (record.models if isinstance(record, Composite) else (record.model,))
}
# The rows of a cell and of the chain are written by hand, for speed; what they are is compared with the ledger all the
# same (`journal/grid/against_ledger.py`, `tests/unit/test_cells_against_ledger.py`).
CELLS = {"Cell", "Mark", "Attendance"}
BY_HAND = {
    "journal/grid/service/cells.py": CELLS,
    "journal/restoring.py": CELLS,
    "journal/restored_cells.py": CELLS,
    "setup/demo/bulk.py": {*CELLS, "Lesson", "Work", "Homework"},
}
# An epoch and a change of key are appended to the installation's chain by the operator, whatever state it is in.
APPENDING = {"ledger/service.py", "ledger/operation.py", "ledger/epochs.py", "ledger/renewing.py", "setup/demo/bulk.py"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def tables_in(tree: ast.Module) -> dict[str, str]:
    """{name in the module: model} of every `table(Model)` that it gives a name, also several at once."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            pairs = (
                zip(target.elts, value.elts, strict=False)
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
                else [(target, value)]
            )
            for name, call in pairs:
                model = _model_of(call)
                if model and isinstance(name, ast.Name):
                    found[name.id] = model
    return found


def _model_of(node: ast.expr) -> str:
    """Model of `table(Model)`; "" of anything else."""
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "table" and node.args
    argument = node.args[0] if called and isinstance(node, ast.Call) else None
    return argument.id if isinstance(argument, ast.Name) else ""


def written_in(tree: ast.Module) -> set[str]:
    """The models whose tables a module inserts into, updates or deletes from."""
    tables = tables_in(tree)
    written: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITES and node.args:
            first = node.args[0]
            written.add(tables.get(first.id, first.id) if isinstance(first, ast.Name) else _model_of(first))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            owner = node.func.value
            written.add(tables.get(owner.id, "") if isinstance(owner, ast.Name) else "")
    return written


def test_rows_of_the_record_are_written_by_operations_only():
    past = {
        file: sorted(models)
        for file, tree in sources()
        if not file.startswith("ledger/") and (models := (written_in(tree) & MODELS) - BY_HAND.get(file, set()))
    }
    assert past == {}


def test_the_ledger_is_appended_to_by_operations_only():
    past = set()
    for file, tree in sources():
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in {"append_entry", "append_all"} or (
                name == "append"
                and isinstance(called, ast.Attribute)
                and isinstance(called.value, ast.Name)
                and called.value.id in {"ledger", "service"}
            ):
                past.add(file)
    assert past - APPENDING == set()


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("_a = table(Lesson)\ninsert(_a).values(x=1)", {"Lesson"}),
        ("_a, _b = table(Cell), table(Mark)\nx.execute(update(_b).where(1))", {"Mark"}),
        ("delete(table(Remark))", {"Remark"}),
        ("_a = table(Lesson)\n_a.delete()", {"Lesson"}),
        ("_a = table(Lesson)\nselect(_a)", set()),
    ],
)
def test_a_write_is_recognised(source, written):
    assert written_in(ast.parse(source)) - {""} == written
