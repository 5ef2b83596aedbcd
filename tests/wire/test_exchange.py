"""Sets over the wire: who may send and fetch, how much, from where; and the command beside a running server."""

from __future__ import annotations

import io
import re
import zipfile

import httpx
import pytest
from sqlalchemy import text

from ais_app.exchange.files import LARGEST
from ais_app.room import LARGEST_FORM
from tests import servers
from tests.unit.sets import SET12
from tests.wire.client import cookie_of
from tests.wire.test_http_attacks import raw
from tests.wire.test_server_commands import ais, folder_of

OTHERS = ("teacher", "deputy", "director", "secretary", "inspector", "mother", "anna")


@pytest.fixture(scope="module")
def packed() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(SET12.glob("*.csv")):
            archive.write(path, path.name)
    return target.getvalue()


def send(world, login: str, body: bytes, **headers: str) -> httpx.Response:
    named = {"origin": world.url, "x-file-name": "set.zip", "content-type": "application/octet-stream"}
    cookie = {"cookie": cookie_of(world.client(login))} if login else {}
    return httpx.post(f"{world.url}/exchange/sets", content=body, headers=named | cookie | headers, timeout=30)


def fetch(world, login: str, address: str) -> int:
    cookie = {"cookie": cookie_of(world.client(login))} if login else {}
    return httpx.get(f"{world.url}{address}", headers=cookie, timeout=30).status_code


def jobs(world) -> list[tuple[str, str, str]]:
    query = text("SELECT uid, kind, state FROM job ORDER BY id")
    return [tuple(row) for row in world.database.read(lambda one: one.execute(query).all())]


def kept(world) -> list[str]:
    return [uid for (uid,) in world.database.read(lambda one: one.execute(text("SELECT uid FROM stored_file")).all())]


def file_of(world, job: str) -> str:
    query = text("SELECT file FROM job WHERE uid = :job")
    return "/files/" + world.database.read(lambda one: one.execute(query, {"job": job}).scalar_one())


@pytest.mark.parametrize("login", ["", *OTHERS])
def test_nobody_else_sends_a_set(world, packed, login):
    world.forgive()
    before = jobs(world), kept(world)
    assert send(world, login, packed).status_code in (303, 401, 403, 404)
    assert (jobs(world), kept(world)) == before


def test_a_set_from_another_site_is_not_taken(world, packed):
    before = jobs(world), kept(world)
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://[", "host": "evil.example"},
    ):
        assert send(world, "school_admin", packed, **headers).status_code == 403
    assert (jobs(world), kept(world)) == before


def test_a_set_that_is_too_large_or_empty_leaves_nothing(world):
    before = jobs(world), kept(world)
    head = (
        f"POST /exchange/sets HTTP/1.1\r\nHost: {world.server.host}\r\nOrigin: {world.url}\r\n"
        f"Cookie: {cookie_of(world.client('school_admin'))}\r\nContent-Length: {LARGEST + LARGEST_FORM + 1}\r\n\r\n"
    )
    assert b" 413 " in raw(world, head, b"PK").partition(b"\r\n")[0]
    assert send(world, "school_admin", b"").status_code in (411, 422)
    assert (jobs(world), kept(world)) == before


def test_a_sent_set_is_checked_and_its_report_is_its_schools_own(world, packed):
    world.forgive()
    answer = send(world, "school_admin", packed, **{"x-file-name": "%D0%BD%D0%B0%D0%B1%D0%BE%D1%80.zip"})
    assert answer.status_code == 200
    job = answer.json()["job"]
    servers.wait_for(lambda: (job, "set_check", "failed") in jobs(world), "its check: it is of another school", 60)
    for login in ("other-school_admin", *OTHERS, ""):
        for uid in kept(world):
            assert fetch(world, login, f"/files/{uid}") in (303, 401, 403, 404)


def test_what_is_no_archive_is_refused_with_a_sentence(world):
    world.forgive()
    before = jobs(world), kept(world)
    answer = send(world, "school_admin", b"no archive at all")
    assert (answer.status_code, bool(answer.json()["error"])) == (422, True)
    assert (jobs(world), kept(world)) == before


def test_a_report_is_its_schools_own(world):
    world.forgive()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("unknown.csv", "a,b\r\n")
    job = send(world, "school_admin", target.getvalue()).json()["job"]
    servers.wait_for(lambda: (job, "set_check", "done") in jobs(world), "its check", 60)
    assert fetch(world, "school_admin", file_of(world, job)) == 200
    assert fetch(world, "other-school_admin", file_of(world, job)) == 404


def test_the_command_imports_and_takes_back_beside_running_servers(world, tmp_path):
    """While somebody reads, by the socket of the server; the page of the installation is as before."""
    world.forgive()
    folder, url = folder_of(world.server), world.server.database_url
    query = text("SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM account), (SELECT count(*) FROM course)")

    def held() -> tuple[int, ...]:
        return tuple(world.database.read(lambda one: one.execute(query).one()))

    before = held()
    done = ais(folder, url, "import", "oneroster", SET12, "--codes", tmp_path / "codes.tsv", **world.environment)
    assert (done.returncode, len((tmp_path / "codes.tsv").read_text(encoding="utf-8").splitlines())) == (0, 9), done
    assert held()[0] == before[0] + 10
    world.pages_are_served()
    run = world.database.read(lambda one: one.execute(text("SELECT uid FROM import_run")).scalar_one())
    back = ais(folder, url, "import", "undo", run, **world.environment)
    assert (back.returncode, bool(re.search(r"\d+", back.stdout))) == (0, True), back
    assert held() == before
