"""Views that a browser may hold: who reads one is asked before his tag is looked at, and nobody gets another's (D-42)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date

import httpx
import pytest
from sqlalchemy import text

from tests import servers
from tests.wire.client import JOURNAL, cookie_of
from tests.wire.test_journal_attacks import answer_to, edit

TODAY = date(2026, 11, 23)
WEEK = "/diary/week"
SMALL = 400  # bytes of an answer «not changed», headers included


def sheet_of(world, course: str = "algebra") -> str:
    return f"/journal/{world.here.courses[course]}/sheet"


def asked(client: httpx.Client, address: str, tag: str = "") -> httpx.Response:
    return client.get(address, headers={"if-none-match": tag} if tag else {})


def size_of(answer: httpx.Response) -> int:
    return len(answer.content) + sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)


@contextmanager
def changed(world, statement: str, back: str, **values) -> Iterator[None]:
    """The database is other for a while; sessions are read anew."""

    def run(one: str) -> None:
        world.database.write(lambda uow: uow.execute(text(one), values))

    run(statement)
    try:
        yield
    finally:
        run(back)


@pytest.mark.parametrize(("login", "address"), [("teacher", sheet_of), ("mother", lambda _world: WEEK)])
def test_who_holds_a_view_is_told_so_in_a_few_bytes(world, login, address):
    client, at = world.fresh(login, personal="1"), address(world)
    first = asked(client, at)
    assert (first.status_code, first.headers["cache-control"]) == (200, "private, no-cache")
    assert first.headers["content-encoding"] == "gzip"
    again = asked(client, at, first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "private, no-cache"
    assert size_of(again) < SMALL
    assert asked(client, at, "W/" + first.headers["etag"] + ', "other"').status_code == 304
    assert asked(client, at, '"other"').status_code == 200


def test_a_tag_is_other_once_what_it_shows_is(world):
    teacher, mother = (world.fresh(login, personal="1") for login in ("teacher", "mother"))
    before = {client: asked(client, at).headers["etag"] for client, at in ((teacher, sheet_of(world)), (mother, WEEK))}
    answer_to(world.tab("teacher"), edit(world, ("anna", TODAY, "5", world.version("anna", "algebra", TODAY))))
    for client, at in ((teacher, sheet_of(world)), (mother, WEEK)):
        assert asked(client, at, before[client]).status_code == 200
    held = asked(teacher, sheet_of(world)).headers["etag"]
    anna = world.here.people["anna"].id
    rename = "UPDATE person SET family_name = :name WHERE id = :anna"
    with changed(world, rename, "UPDATE person SET family_name = 'Anna' WHERE id = :anna", name="Renamed", anna=anna):
        assert "Renamed" in asked(teacher, sheet_of(world), held).text
    assert asked(teacher, sheet_of(world), held).status_code == 304


def test_s47_a_shared_computer_holds_nothing(world):
    for login, address in (("teacher", sheet_of(world)), ("mother", WEEK), ("teacher", "/journal")):
        answer = world.fresh(login).get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), address
        assert "etag" not in answer.headers


def test_the_page_itself_is_held_on_an_own_device_with_its_policy(world):
    client = world.fresh("mother", personal="1")
    first = client.get("/diary")
    assert "default-src 'none'" in first.headers["content-security-policy"]
    again = asked(client, "/diary", first.headers["etag"])
    assert (again.status_code, again.content, again.headers["cache-control"]) == (304, b"", "private, no-cache")
    assert size_of(again) < SMALL
    assert client.post("/look", data={"theme": "dark"}).status_code == 303
    assert asked(client, "/diary", first.headers["etag"]).status_code == 200, "it looks otherwise now"


def test_two_accounts_never_share_a_tag(world):
    tags = {asked(world.fresh(login, personal="1"), sheet_of(world)).headers["etag"] for login in ("teacher", "deputy")}
    assert len(tags) == 2


@pytest.mark.parametrize("login", ["mother", "anna", "other-teacher", "other-deputy", "secretary"])
def test_s05_a_stolen_tag_of_a_sheet_opens_nothing(world, login):
    tag = asked(world.fresh("teacher", personal="1"), sheet_of(world)).headers["etag"]
    thief = world.fresh(login, personal="1")
    for said in ("", tag, "*"):
        answer = asked(thief, sheet_of(world), said)
        assert (answer.status_code, answer.content) == (404, b"")
        assert "etag" not in answer.headers


@pytest.mark.parametrize("login", ["stranger", "former", "boris", "teacher", "other-mother"])
def test_s05_a_stolen_tag_of_a_diary_opens_nothing(world, login):
    address = f"{WEEK}?child={world.here.people['anna'].uid}"
    tag = asked(world.fresh("mother", personal="1"), address).headers["etag"]
    thief = world.fresh(login, personal="1")
    before = world.count("security_event")
    for said in ("", tag):
        assert asked(thief, address, said).status_code == 404
    assert login == "teacher" or world.count("security_event") > before


def test_without_a_session_a_view_leads_to_the_sign_in_page(world):
    client = world.fresh("teacher", personal="1")
    tag = asked(client, sheet_of(world)).headers["etag"]
    cookie = cookie_of(client)
    assert client.post("/logout").status_code == 303
    for headers in ({}, {"if-none-match": tag}, {"if-none-match": tag, "cookie": cookie}):
        answer = httpx.get(world.url + sheet_of(world), headers=headers)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login")
    assert httpx.get(world.url + WEEK).status_code == 303


def test_s06_a_right_that_ended_ends_what_is_held(world):
    """A right is asked of the database at each request; of a role the registry knows at most three seconds ago."""
    client = world.fresh("double", personal="1")
    person = world.here.people["double"]
    assert client.post("/hat", data={"hat": f"guardian:{world.here.ref.uid}:{person.uid}"}).status_code == 303
    tag = asked(client, WEEK).headers["etag"]
    end = "UPDATE guardianship SET valid_to = '2026-11-23' WHERE guardian_id = :id"
    with changed(world, end, "UPDATE guardianship SET valid_to = NULL WHERE guardian_id = :id", id=person.id):
        assert asked(client, WEEK, tag).status_code == 404
    assert asked(client, WEEK, tag).status_code == 304


def test_a_blocked_account_reads_nothing(world):
    """From the next look of the registry on, which takes three seconds where another process has blocked it."""
    client = world.fresh("vera", personal="1")
    held = {"if-none-match": asked(client, WEEK).headers["etag"], "cookie": cookie_of(client)}
    block = "UPDATE account SET blocked_at = :at WHERE login = 'vera'"
    with changed(world, block, "UPDATE account SET blocked_at = NULL WHERE login = 'vera'", at="2026-11-23 08:00:00"):
        for process in world.processes:
            servers.wait_for(
                lambda url=process.url: httpx.get(url + WEEK, headers=held).status_code == 303, "nothing is read", 10
            )


def test_s68_what_an_inspector_holds_is_recorded_before_he_is_told_so(world):
    query = text("SELECT count(*) FROM operation WHERE kind = 'journal_viewed'")

    def recorded() -> int:
        return world.database.read(lambda one: one.execute(query).scalar_one())

    before = recorded()
    held = asked(world.fresh("inspector", personal="1"), sheet_of(world))
    assert (held.status_code, recorded()) == (200, before + 1)
    later = world.fresh("inspector", personal="1")
    assert asked(later, sheet_of(world), held.headers["etag"]).status_code == 304
    assert recorded() == before + 2, "of this session too"


def test_s50_asking_for_views_is_counted_like_events(world):
    client = world.fresh("deputy")
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda _time: client.get(WEEK).status_code, range(400)))
    assert set(answers) == {404, 429}, "a deputy has no diary: the cheapest question that there is"
    assert world.fresh("teacher").get(sheet_of(world)).status_code == 200


def test_what_cannot_be_an_address_is_answered_quietly(world):
    client = world.fresh("teacher")
    for address in ("/journal/x/sheet", "/journal/../sheet", f"/journal/{'a' * 16}/sheet", "/diary/week/x"):
        assert client.get(address).status_code == 404, address
    odd = f"{sheet_of(world)}?period={'%00' * 40}&lesson=%27&period=aaaaaaaaaaaaaaaa&x=1"
    assert client.get(odd).status_code == 200
    assert client.post(sheet_of(world)).status_code in (404, 405)


def test_the_socket_brings_no_sheet(world):
    tab = world.tab("teacher", f"/journal/{world.here.courses['algebra']}")
    tab.send(f"{JOURNAL}.open_page")
    wanted = tab.until(JOURNAL, "wanted")
    assert wanted["at"].startswith(sheet_of(world) + "?period=")
    assert not any("Boris" in str(update) for update in tab.updates() if "read" not in update)
