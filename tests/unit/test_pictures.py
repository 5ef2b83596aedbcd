"""docs/pictures.md shows every picture that can be taken, no picture lies about unshown, and its young school can be made."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import text

from tools.pictures.schools import CHILDREN, PEOPLE, found_young
from tools.pictures.shots import SHOTS

DOCS = Path(__file__).parents[2] / "docs"


def test_every_page_and_state_that_is_photographed_is_shown():
    shown = re.findall(r"\(pictures/([\w-]+)\.png\)", (DOCS / "pictures.md").read_text(encoding="utf-8"))
    assert len(shown) == len(set(shown))
    assert set(shown) == {shot.name for shot in SHOTS}
    assert set(shown) == {picture.stem for picture in (DOCS / "pictures").glob("*.png")}


def test_the_young_school_is_made_by_the_services(database):
    database.write(found_young)
    people = database.read(lambda one: one.execute(text("SELECT count(*) FROM person")).scalar_one())
    assert people == len(PEOPLE) + len(CHILDREN)
