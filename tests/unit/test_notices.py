"""Notices of what others have written: nothing is carried without one, or under a licence that does not fit."""

from __future__ import annotations

import json
import re
from importlib.metadata import distribution
from pathlib import Path

import pytest

from ais_app.exchange import slips
from tests.servers import ROOT
from tools import notices

PACKAGES = ROOT / ".web" / "node_modules"
LIBRARIES = Path(str(distribution("reflex").locate_file("")))
LISTED = {"name": "react", "version": "19.0.0", "identifier": "MIT", "text": "Permission is hereby granted"}
FONTS = sorted((ROOT / "assets" / "fonts").glob("*.woff2"))


def bundle(**changed: str) -> list[notices.Notice]:
    return notices.of_bundle([LISTED | changed], PACKAGES, LIBRARIES)


def test_a_package_of_the_bundle_is_named_with_its_licence_and_text():
    text = notices.spelled(bundle())
    assert "react 19.0.0 — MIT" in text
    assert "Permission is hereby granted" in text


@pytest.mark.parametrize("licence", ["", "GPL-3.0-only", "CC-BY-NC-4.0", "OFL-1.1", "SEE LICENSE IN LICENSE"])
def test_a_package_under_a_licence_that_does_not_fit_ends_the_build(licence):
    with pytest.raises(notices.NoNotice, match=r"react 19\.0\.0"):
        bundle(identifier=licence)


def test_a_package_without_a_text_ends_the_build():
    with pytest.raises(notices.NoNotice, match=r"react 19\.0\.0 \(no text\)"):
        bundle(text=" ")


def test_what_a_published_file_contains_is_named_too():
    known = json.loads(notices.INLINED.read_text(encoding="utf-8"))["plotly.js-basic-dist-min"]
    names = {one.name for one in bundle(name="plotly.js-basic-dist-min", version=known["version"])}
    assert {"@plotly/d3", "d3-format", "world-calendars"} <= names


def test_another_version_may_contain_others_and_ends_the_build():
    with pytest.raises(notices.NoNotice, match="make inlined"):
        bundle(name="plotly.js-basic-dist-min", version="99.0.0")


def test_a_text_that_several_share_stands_there_once():
    shared = [notices.Notice(name, "1", "MIT", "the same words\n") for name in ("one", "other")]
    text = notices.spelled([*shared, notices.Notice("third", "1", "ISC", "other words")])
    assert text.count("the same words") == 1
    assert "one 1, other 1 — MIT" in text


def test_every_font_of_the_pages_and_of_the_printed_slips_has_its_notice():
    fonts = {one.name: one.licence for one in notices.of_fonts(LIBRARIES)}
    styles = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "assets" / "css").glob("*.css"))
    faces = re.findall(r'@font-face\{font-family:"([^"]+)"[^}]*?/fonts/([\w.-]+)', styles)
    assert {file for _family, file in faces} == {path.name for path in FONTS}
    assert {family for family, _file in faces} | {slips.FONT} <= set(fonts)
    assert set(fonts.values()) == {"OFL-1.1"}


def test_every_package_of_fonts_that_the_product_asks_for_has_its_notice():
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    asked = [line.partition("==")[0] for line in lock.splitlines() if line.startswith("fontpkg-")]
    assert len(notices.of_fonts(LIBRARIES)) == len(asked) + 1  # and the one of the pages
