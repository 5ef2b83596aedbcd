"""The request of a page that is being left: the grid's operations past the socket, with the same rights and limits (D-49)."""

from __future__ import annotations

from datetime import date

import pytest

from ais_app.db.columns import new_uid
from tests.builders import PASSWORD
from tests.wire.client import JOURNAL, completed, sign_in
from tests.wire.test_journal_attacks import edit

MONDAY, THURSDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 19), date(2026, 11, 18)
ENTRIES = "/journal/entries"


def marks(world) -> list[int]:
    return [world.count(table) for table in ("mark", "attendance", "cell")]


def left(world, login: str, body: dict):
    return sign_in(world.server.url, login, PASSWORD).post(ENTRIES, json=body)


def test_what_a_left_page_sends_is_written_once_whichever_way_comes_first(world):
    body = edit(world, ("vera", WEDNESDAY, "5", 0))["raw"]
    before = world.count("mark")
    answer = left(world, "teacher", body)
    assert answer.status_code == 200
    assert completed(answer.json()["patches"][0], body["ops"][0][2])["cells"][0][2:4] == ["5", 1]
    tab = world.tab("teacher")
    tab.send(f"{JOURNAL}.enter", {"raw": body})
    again = completed(tab.until(JOURNAL, "answer")["patches"][0], body["ops"][0][2])
    assert again["cells"][0][2:4] == ["5", 1]
    assert left(world, "teacher", body).json()["patches"][0].get("error") is None
    assert world.count("mark") == before + 1


@pytest.mark.parametrize("login", ["mother", "anna", "deputy", "inspector", "school_admin"])
def test_who_may_not_enter_marks_finds_nothing_there(world, login):
    before = marks(world)
    assert left(world, login, edit(world, ("anna", MONDAY, "5", 0))["raw"]).status_code == 404
    assert marks(world) == before


def test_a_foreign_course_is_refused_there_too(world):
    before = marks(world)
    answer = left(world, "teacher", edit(world, ("anna", MONDAY, "5", 0), course="history")["raw"])
    assert answer.json()["patches"][0]["error"]
    assert marks(world) == before


def test_without_a_session_or_from_another_site_nothing_is_written(world):
    before, body = marks(world), edit(world, ("anna", THURSDAY, "5", 0))["raw"]
    client = sign_in(world.server.url, "teacher", PASSWORD)
    assert client.post(ENTRIES, json=body, headers={"origin": "https://evil.example"}).status_code == 403
    client.cookies.clear()
    assert client.post(ENTRIES, json=body).status_code == 404
    assert marks(world) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[" * 5000,
        b'{"ops": []}',
        b'{"ops": [["x", "y", []]]}',
        b'{"ops": 5, "author": "x"}',
        b"\xff\xfe",
        b'{"ops": [["aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", [["aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "5\\u0000", 0]]]]}',
    ],
)
def test_another_shape_is_answered_and_changes_nothing(world, body):
    before = marks(world)
    client = sign_in(world.server.url, "teacher", PASSWORD)
    answer = client.post(ENTRIES, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert marks(world) == before


def test_an_event_or_request_carries_at_most_500_cells(world):
    before, course = marks(world), world.here.courses["algebra"]
    cells = [[world.here.people["anna"].uid, world.here.work("algebra", MONDAY), "5", 0]] * 300
    body = {"ops": [[new_uid(), course, cells], [new_uid(), course, cells]]}
    assert left(world, "teacher", body).status_code == 400
    tab = world.tab("teacher")
    tab.send(f"{JOURNAL}.enter", {"raw": body})
    assert all(patch["error"] for patch in tab.until(JOURNAL, "answer")["patches"])
    assert marks(world) == before


def test_s67_a_flood_of_requests_is_slowed_like_a_flood_of_events(world):
    """The same bucket as the session's frames: 100 at once, each charged by its cells."""
    client, course = sign_in(world.server.url, "teacher", PASSWORD), world.here.courses["history"]
    cells = [[new_uid(), new_uid(), "5", 0] for _cell in range(250)]
    answers = [client.post(ENTRIES, json={"ops": [[new_uid(), course, cells]]}).status_code for _request in range(30)]
    assert answers[0] == 200
    assert 429 in answers
