"""docs/faults.md names tests that exist; every other line says plainly that its feature is not built."""

from __future__ import annotations

import re

from tests.servers import ROOT


def test_every_fault_of_the_table_has_its_test():
    known = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    }
    table = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8").partition("|---|")[2].partition("\n## ")[0]
    rows = [row for row in table.splitlines()[1:] if row.startswith("|")]
    assert len(rows) > 20
    for row in rows:
        tests = re.findall(r"`(test_\w+)`", row.split("|")[3])
        assert tests or "not built" in row, row
        assert set(tests) <= known, row
