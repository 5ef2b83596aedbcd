"""The codes of a cell for the browser: `python -m tools.browser_codes` writes them from their one table."""

from __future__ import annotations

import json
from pathlib import Path

from ais_app.journal.grid.codes import KEYS
from ais_app.journal.grid.rules import ABSENT, LATE, REASONS, UNCOUNTED

SCRIPT = Path(__file__).parents[1] / "ais_app" / "journal" / "grid" / "table" / "codes.js"


def script() -> str:
    """The text of `codes.js`: the codes that are no marks by what they are, and what is pressed to write each."""
    written_by = {KEYS[code]: code for code in (ABSENT, *REASONS, LATE, *UNCOUNTED)}
    found = {"ABSENT": ABSENT, "LATE": LATE, "REASONS": REASONS, "UNCOUNTED": UNCOUNTED, "WRITTEN_BY": written_by}
    lines = [f"export const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in found.items()]
    return "\n".join(
        ["// Written by tools/browser_codes.py from the one table of codes, ais_app/journal/grid/codes.py.", *lines, ""]
    )


if __name__ == "__main__":
    SCRIPT.write_text(script(), encoding="utf-8")
