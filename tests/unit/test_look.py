"""docs/look.md shows every picture that can be taken, and no picture lies about unshown."""

from __future__ import annotations

import re
from pathlib import Path

from tools.pictures.shots import SHOTS

DOCS = Path(__file__).parents[2] / "docs"


def test_every_page_and_state_that_is_photographed_is_shown():
    shown = re.findall(r"\(pictures/([\w-]+)\.png\)", (DOCS / "look.md").read_text(encoding="utf-8"))
    assert len(shown) == len(set(shown))
    assert set(shown) == {shot.name for shot in SHOTS}
    assert set(shown) == {picture.stem for picture in (DOCS / "pictures").glob("*.png")}
