"""Attacks on accounts, downloads and addresses over HTTP; and what is left of a right that ended."""

from __future__ import annotations

from datetime import date

import httpx
import pytest
from sqlalchemy import text

from ais_app.db.columns import new_uid
from tests.builders import PASSWORD
from tests.wire.client import DIARY, JOURNAL, ROOT, Tab, cookie_of, sign_in

COPY = "/diary/copy"


@pytest.fixture(autouse=True)
def _forgiven(world):
    yield
    world.forgive()


def test_s22_the_present_password_is_guessed_no_faster_than_at_the_door(world):
    client = world.fresh("director")
    new = {"new": "kettle-harbour-91", "repeated": "kettle-harbour-91"}
    for attempt in range(5):
        assert client.post("/password", data=new | {"present": f"wrong-{attempt}"}).status_code == 400
    assert client.post("/password", data=new | {"present": PASSWORD}).status_code == 400, "the pause is for it too"
    world.forgive()
    assert sign_in(world.url, "director", PASSWORD)


def test_s24_nothing_secret_travels_in_an_address_and_no_get_changes_anything(world):
    client = world.fresh("director")
    before = cookie_of(client)
    for path in (
        f"/login?login=director&password={PASSWORD}",
        f"/password?present={PASSWORD}&new=kettle-harbour-91&repeated=kettle-harbour-91",
        "/logout",
        "/hat?hat=x",
        "/sessions/end-others",
        "/look?theme=dark",
    ):
        answer = client.get(path)
        assert PASSWORD not in answer.text
        assert PASSWORD not in answer.headers.get("location", "")
    assert cookie_of(client) == before
    assert client.get("/").status_code == 200
    assert sign_in(world.url, "director", PASSWORD)


def test_s25_a_session_chosen_by_another_is_not_taken_over(world):
    """Fixation: the cookie that was there before signing in is worth nothing afterwards."""
    planted = "x" * 43
    client = httpx.Client(base_url=world.url, headers={"origin": world.url}, cookies={"ais_session": planted})
    client.post("/login", data={"login": "mother", "password": PASSWORD})
    answer = httpx.get(world.url + "/diary", headers={"cookie": f"ais_session={planted}"})
    assert answer.headers["location"].startswith("/login")


@pytest.mark.parametrize("login", ["teacher", "mother", "deputy"])
def test_s25_no_page_of_a_session_is_kept_by_a_browser(world, login):
    client = world.client(login)
    for path in ("/", "/diary", "/journal", "/progress", "/password", "/nonsense", COPY):
        assert client.get(path).headers["cache-control"] == "no-store", path


@pytest.fixture(scope="module")
def remarked(world) -> None:
    """A remark to Anna and one to Boris, by which their diaries can be told apart."""
    insertion = text(
        "INSERT INTO remark (uid, lesson_id, student_id, author_id, text, created_at) "
        "SELECT :uid, lesson.id, :student, :author, :text, '2026-11-23 08:00:00' FROM lesson WHERE lesson.uid = :lesson"
    )
    people, lesson = world.here.people, world.here.lesson("history", date(2026, 11, 23))
    for student in ("anna", "boris"):
        values = {"uid": new_uid(), "student": people[student].id, "author": people["historian"].id}
        values |= {"text": f"Remark-to-{student}", "lesson": lesson}
        world.database.write(lambda uow, values=values: uow.execute(insertion, values))


@pytest.mark.usefixtures("remarked")
def test_s47_the_copy_of_the_diary_opens_for_its_family_only(world):
    mother = world.fresh("mother", personal="1")
    page = mother.get(COPY)
    assert page.status_code == 200
    assert "Remark-to-anna" in page.text
    assert "Remark-to-boris" not in page.text
    assert httpx.get(world.url + COPY).status_code == 303
    for login in ("teacher", "historian", "deputy", "director", "inspector", "former"):
        assert world.fresh(login, personal="1").get(COPY).status_code == 404, login
    stranger = world.fresh("stranger", personal="1").get(f"{COPY}?child={world.here.people['anna'].uid}")
    assert "Remark-to-anna" not in stranger.text
    assert "Remark-to-boris" in stranger.text


def test_s47_nothing_of_the_diary_stays_on_a_shared_computer(world):
    assert world.fresh("mother").get(COPY).status_code == 404


@pytest.mark.usefixtures("remarked")
def test_s05_a_chosen_child_of_others_is_not_kept_as_one_s_own(world):
    """The copy shows the child last opened: choosing a foreign one must not put it there."""
    client = world.fresh("mother", personal="1")
    tab = world.tab_of(client, "/diary")
    tab.open(f"{DIARY}.open_page")
    tab.call(f"{DIARY}.choose_child", {"raw": {"child": world.here.people["boris"].uid}})
    page = client.get(COPY)
    assert page.status_code == 200
    assert "Remark-to-boris" not in page.text
    assert "Remark-to-anna" in page.text


def test_s06_a_right_that_ended_ends_every_way_to_the_child(world):
    """An open tab, a page, the copy, the progress: from the next request on there is nothing."""
    client = world.fresh("double", personal="1")
    person = world.here.people["double"].uid
    assert client.post("/hat", data={"hat": f"guardian:{world.here.ref.uid}:{person}"}).status_code == 303
    tab = world.tab_of(client, "/diary")
    tab.send(f"{DIARY}.open_page")
    assert tab.until(DIARY, "status") == "ready"
    change = "UPDATE guardianship SET valid_to = :day WHERE guardian_id = :guardian"
    guardian = world.here.people["double"].id

    def end(day: str | None) -> None:
        world.database.write(lambda uow: uow.execute(text(change), {"day": day, "guardian": guardian}))

    end("2026-11-23")
    try:
        said = "".join(
            str(tab.call(f"{DIARY}.{name}", {"raw": raw}))
            for name, raw in (
                ("turn", {"by": -1}),
                ("choose_day", {"day": "2026-11-23"}),
                ("choose_child", {"child": world.here.people["vera"].uid}),
            )
        )
        assert "Algebra" not in said
        assert client.get(COPY).status_code == 404
        assert client.get("/diary/week").status_code == 404
        fresh = world.tab_of(client, "/diary")
        fresh.send(f"{DIARY}.open_page")
        assert fresh.until(DIARY, "status") == "nobody"
    finally:
        end(None)


def test_s11_another_school_is_not_there_for_anybody(world):
    course = world.there.courses["algebra"]
    for login in ("teacher", "historian", "deputy", "director", "school_admin", "inspector"):
        tab = world.tab(login, f"/journal/{course}")
        tab.send(f"{JOURNAL}.open_page")
        assert tab.until(JOURNAL, "status") == "missing", login
    tab = world.tab("mother", "/diary")
    tab.open(f"{DIARY}.open_page")
    said = str(tab.call(f"{DIARY}.choose_child", {"raw": {"child": world.there.people["anna"].uid}}))
    assert "Algebra" not in said


@pytest.mark.parametrize("login", [None, "teacher", "school_admin"])
def test_s61_the_upload_address_of_the_framework_takes_nothing(world, login):
    client = world.fresh(login) if login else httpx.Client(base_url=world.url, headers={"origin": world.url})
    for path in ("/_upload", "/_upload/", "/_upload/x.html", "/uploaded_files/x"):
        file = ("x.html", b"<script>alert(1)</script>" * 10_000, "text/html")
        answer = client.post(path, files={"files": file}, headers={"connection": "close"})  # it is not read to its end
        assert answer.status_code in (404, 405, 413), path
        assert client.get(path).status_code in (303, 404), path
    assert [one for one in (world.server.log.parent / "uploads").rglob("*") if one.is_file()] == []


def test_s58_a_token_in_use_or_made_up_opens_no_other_state(world):
    """Long, odd and foreign tokens: each gets a state of its own session, or none."""
    victims = world.tabs_of(world.client("mother"), "/diary")
    for victim in victims:
        victim.open(f"{DIARY}.open_page")
    taken = [victim.token for victim in victims]
    for token in (*taken, "x" * 4000, "../../etc/passwd", "a_b", "%00", "", "*", f"{taken[0]}_{ROOT}"):
        for process in world.processes:
            thief = Tab(process.url, world.client("anna"), "/", token=token)
            said = str(thief.call(f"{ROOT}.hydrate"))
            assert "Mother" not in said
            thief.close()
    for victim in victims:
        victim.send(f"{DIARY}.turn", {"raw": {"by": 0}})
        assert victim.shown(DIARY)["days"]
