"""Conventions that no linter knows: every handler has its right, every setting its line, every page its guard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def handlers(tmp_path_factory):
    import os

    os.environ.setdefault("AIS_DATA_DIR", str(tmp_path_factory.mktemp("services")))
    from reflex_base.registry import RegistrationContext

    import ais_app.ais_app  # noqa: F401 - registers every handler

    return RegistrationContext.get().event_handlers


def test_s55_every_handler_of_ours_has_a_right(handlers):
    from ais_app.access.policy import permission_of

    ours = {
        name: one.handler for name, one in handlers.items() if "ais_app___" in name and not name.endswith(".setvar")
    }
    assert len(ours) > 10
    assert [name for name, handler in ours.items() if permission_of(handler.fn) is None] == []


def test_no_state_asks_for_the_actor_or_parses_by_itself():
    """`@allow` does both before the handler runs; a second way would be one that can be forgotten."""
    asking = re.compile(r"\bactor_of\(|\bactor_of_cookie\(|\bmodel_validate|\bparse\(|@rx\.event\b")
    states = [path for path in (ROOT / "ais_app").rglob("*.py") if path.stem == "state" or path.parent.name == "state"]
    assert len(states) > 6
    assert [
        (path.name, found[0]) for path in states for found in [asking.search(path.read_text(encoding="utf-8"))] if found
    ] == []


def test_every_page_has_a_guard_and_a_section_a_page():
    from ais_app.ais_app import PAGES
    from ais_app.web import menu

    routes = {page.route for page in PAGES}
    assert all(page.right for page in PAGES)
    assert {section.href for section in menu.sections()} <= routes


def test_shared_state_and_client_storage_are_not_used():
    forbidden = ("SharedState", "rx.LocalStorage", "rx.Cookie", "rx.upload(", "event_processor.enqueue")
    for path in (ROOT / "ais_app").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert [word for word in forbidden if word in text] == [], path


def test_a_test_id_names_one_place():
    """A field's id is its name: a card called like it once made a browser test look at the page before."""
    places: dict[str, set[str]] = {}
    for path in (ROOT / "ais_app").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(
            r'"data-testid": "([a-z-]*[a-z])"|text_field\(\s*[^"\n]*"[^"\n]*"\)?,\s*"([a-z-]+)"', text
        ):
            places.setdefault(name[0] or name[1], set()).add(str(path.relative_to(ROOT)))
    assert {"due", "to-write-down"} <= places.keys()
    assert {name: files for name, files in places.items() if len(files) > 1} == {}
