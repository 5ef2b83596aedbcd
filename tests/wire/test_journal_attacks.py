"""Attacks on marks and diaries over the wire: a foreign row is never read and never written."""

from __future__ import annotations

import json
from datetime import date

import pytest

from ais_app.db.columns import new_uid
from tests.wire.client import DIARY, JOURNAL, NOTICE, SHELL, completed

TODAY = date(2026, 11, 23)


def edit(world, *cells, course="algebra", school=None, **more):
    """The payload of the grid's event: cells as (student login, day, text, version)."""
    school = school or world.here
    entered = [
        [school.people[login].uid, school.work(course, day), text, version] for login, day, text, version in cells
    ]
    return {"raw": {"ops": [[new_uid(), school.courses[course], entered]], **more}}


def answer_to(tab, payload):
    """The patch that answers the one operation of an event."""
    tab.send(f"{JOURNAL}.enter", payload)
    return completed(tab.until(JOURNAL, "answer")["patches"][0], payload["raw"]["ops"][0][2])


@pytest.fixture
def unchanged(world):
    """Whatever the test does, no mark, attendance or journal operation is added."""
    tables = ("mark", "attendance", "cell")
    before = [world.count(table) for table in tables]
    yield
    assert [world.count(table) for table in tables] == before


def test_a_teacher_enters_and_the_answer_is_small(world):
    tab = world.tab("teacher")
    payload = edit(world, ("vera", TODAY, "5", 0))
    patch = answer_to(tab, payload)
    assert patch["op"] == payload["raw"]["ops"][0][0]
    assert patch["cells"][0][2:4] == ["5", 1]
    assert len(json.dumps(patch)) < 400


def test_s01_a_replayed_save_in_a_foreign_course_is_refused(world, unchanged):
    patch = answer_to(world.tab("teacher"), edit(world, ("anna", TODAY, "5", 0), course="history"))
    assert patch["error"]
    assert "cells" not in patch


def test_s02_a_student_who_left_is_refused_and_the_whole_batch_with_him(world, unchanged):
    patch = answer_to(world.tab("teacher"), edit(world, ("anna", TODAY, "5", 0), ("gleb", TODAY, "5", 0)))
    assert [cell[2] for cell in patch["refused"]] == ["denied"]


def test_s03_a_column_of_another_subject_is_refused(world, unchanged):
    payload = edit(world, ("anna", TODAY, "5", 0))
    payload["raw"]["ops"][0][2][0][1] = world.here.work("history", TODAY)
    assert answer_to(world.tab("teacher"), payload)["refused"][0][2] == "denied"


@pytest.mark.parametrize("extra", ["author", "weight", "school_id", "is_final", "created_at"])
def test_s04_unknown_fields_are_refused(world, unchanged, extra):
    assert answer_to(world.tab("teacher"), edit(world, ("anna", TODAY, "5", 0), course="algebra", **{extra: 1}))[
        "error"
    ]


def notices(updates) -> list[str]:
    """What the person was told in the line at the bottom."""
    deltas = [update.get("delta", {}).get(NOTICE, {}) for update in updates]
    return [delta["notice_rx_state_"] for delta in deltas if "notice_rx_state_" in delta]


def test_s05_a_guardian_gets_no_foreign_child(world):
    tab = world.tab("mother", "/diary")
    tab.open(f"{DIARY}.open_page")
    foreign, absent = (
        tab.call(f"{DIARY}.choose_child", {"raw": {"child": uid}})
        for uid in (world.here.people["boris"].uid, new_uid())
    )
    for updates in (foreign, absent):
        text = json.dumps(updates, ensure_ascii=False)
        assert "Algebra" not in text
        assert "Boris" not in text
    assert notices(foreign) == notices(absent) != []


def test_s06_a_guardian_whose_access_ended_sees_nothing(world):
    tab = world.tab("former", "/diary")
    tab.send(f"{DIARY}.open_page")
    assert tab.until(DIARY, "status") == "nobody"


@pytest.mark.parametrize("login", ["anna", "mother", "director", "deputy", "school_admin", "secretary", "inspector"])
def test_s07_nobody_but_a_teacher_writes_marks(world, unchanged, login):
    patch = answer_to(world.tab(login), edit(world, ("anna", TODAY, "5", 0)))
    assert patch["error"]


def test_s08_a_class_teacher_reads_all_subjects_and_edits_none(world, unchanged):
    tab = world.tab("historian", f"/journal/{world.here.courses['algebra']}")
    tab.send(f"{JOURNAL}.open_page")
    assert tab.shown(JOURNAL)["sheet"]["may"] == {"marks": False, "reasons": False}
    tab.updates()
    assert answer_to(tab, edit(world, ("anna", TODAY, "5", 0)))["refused"][0][2] == "denied"


def test_s11_another_school_does_not_exist(world):
    tab = world.tab("other-deputy", f"/journal/{world.here.courses['algebra']}")
    tab.send(f"{JOURNAL}.open_page")
    assert tab.until(JOURNAL, "status") == "missing"
    text = json.dumps(tab.updates(), ensure_ascii=False)
    assert "Anna" not in text


def test_s32_two_teachers_in_one_cell_see_both_values(world):
    day = date(2026, 11, 20)
    first, second = world.tab("teacher"), world.tab("teacher")
    assert "refused" not in answer_to(first, edit(world, ("boris", day, "4", 0)))
    stale = answer_to(second, edit(world, ("boris", day, "2", 0)))["refused"][0]
    assert (stale[2], stale[4], stale[5]) == ("stale", "4", 1)
    assert stale[6].startswith("Teacher")


def test_s32_a_repeated_operation_is_written_once(world):
    day, tab = date(2026, 11, 19), world.tab("teacher")
    payload = edit(world, ("boris", day, "4", 0))
    operations = world.count("operation")
    first, again = answer_to(tab, payload), answer_to(tab, payload)
    assert first["cells"] == again["cells"]
    assert world.count("operation") == operations + 1


@pytest.mark.parametrize(
    "text", ["NaN", "1e309", "-1", "5.0000001", "٥", "5\x00", "55", None, 5, ["5"], {"a": 1}, "x" * 5000]
)
def test_s37_nonsense_is_refused(world, unchanged, text):
    patch = answer_to(world.tab("teacher"), edit(world, ("anna", TODAY, text, 0)))
    assert patch.get("error") or patch["refused"]


def test_s57_the_state_of_a_parents_page_holds_nothing_foreign(world):
    tab = world.tab("mother", "/diary")
    tab.send("reflex___state____state.hydrate")
    tab.send(f"{SHELL}.open_page")
    tab.send(f"{DIARY}.open_page")
    text = json.dumps(tab.updates(), ensure_ascii=False)
    assert "Algebra" in text
    for foreign in ("Boris", "Vera", "Gleb", "Stranger", "password", "token_hash", "$2b$"):
        assert foreign not in text
