"""Files over the wire: what is sent to the page of exchange, and what is downloaded."""

from __future__ import annotations

import io
import json
import socket
import zipfile
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from tests import servers
from tests.wire.client import cookie_of

LOGIN = "school_admin"


def archive(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, content in members or (("manifest.csv", b"propertyName,value\r\n"),):
            packed.writestr(name, content)
    return target.getvalue()


def folder(world) -> Path:
    return world.server.log.parent / "files"


def lying(world) -> list[Path]:
    return [one for one in folder(world).rglob("*") if one.is_file() and one.name != ".lock"]


def reserved(world) -> int:
    query = text("SELECT count(*) FROM stored_file WHERE sha256 = ''")
    return world.database.read(lambda one: one.execute(query).scalar_one())


def send(client, content: bytes, name: str = "set.zip", **headers: str):
    return client.post("/exchange/sets", content=content, headers={"x-file-name": name, **headers})


def kept(world, answer) -> dict[str, str]:
    """The uid under which a set is kept that was sent, and its name: what its check was asked for."""
    query = text("SELECT payload FROM job WHERE uid = :job")
    return json.loads(world.database.read(lambda one: one.execute(query, answer.json()).scalar_one()))


def partly(world, client, length: int, body: bytes) -> socket.socket:
    """An upload that says so many bytes and has sent these."""
    host, port = world.server.host.split(":")
    connection = socket.create_connection((host, int(port)), timeout=15)
    head = (
        f"POST /exchange/sets HTTP/1.1\r\nhost: {world.server.host}\r\norigin: {world.url}\r\n"
        f"cookie: {cookie_of(client)}\r\ncontent-length: {length}\r\nx-file-name: a.zip\r\n\r\n"
    )
    connection.sendall(head.encode() + body)
    return connection


@pytest.fixture(autouse=True)
def _nothing_stored(world):
    """Every test begins with an empty store, and leaves no upload on its way and no crash in the log."""
    logged = world.log()
    world.database.write(lambda uow: uow.execute(text("DELETE FROM stored_file")))
    for one in lying(world):
        one.unlink()
    yield
    servers.wait_for(lambda: reserved(world) == 0, "reservations given back", 30)
    assert "Traceback" not in logged()


def test_s46_what_is_no_set_is_refused_and_leaves_nothing(world):
    client = world.client(LOGIN)
    bodies = (
        b"<?php echo 1; ?>",
        rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
        b"\xff\xd8\xff\xe0" + archive(),
        archive() + b"<script>alert(1)</script>",
        b"%PDF-1.7\n%%EOF\n",
        archive()[:-5],
    )
    for body in bodies:
        answer = send(client, body, "invalid.jpg.php", **{"content-type": "application/zip"})
        assert answer.status_code == 422, body
        assert answer.json()["error"]
    assert send(client, b"").status_code == 422
    assert (lying(world), world.count("stored_file")) == ([], 0)


def test_s46_a_length_that_lies_fills_nothing(world):
    client = world.client(LOGIN)
    with closing(partly(world, client, 5 * 1024**3, b"PK\x03\x04")) as connection:
        assert connection.recv(64).startswith(b"HTTP/1.1 413")
    assert (lying(world), world.count("stored_file")) == ([], 0)
    chunked = client.post("/exchange/sets", content=(one for one in (b"PK\x03\x04", bytes(1000))))
    assert chunked.status_code == 411


def test_s46_a_cancelled_upload_leaves_nothing(world):
    client = world.client(LOGIN)
    connection = partly(world, client, 50_000_000, b"PK\x03\x04" + bytes(2_000_000))
    servers.wait_for(lambda: reserved(world) == 1, "a reservation")
    connection.close()
    servers.wait_for(lambda: reserved(world) == 0 and not lying(world), "nothing is left")


def test_s46_uploads_of_an_account_at_once_are_bounded(world):
    client = world.client(LOGIN)
    slow = [partly(world, client, 1_000_000, b"PK") for _number in range(3)]
    servers.wait_for(lambda: reserved(world) == 3, "three on their way")
    assert send(client, archive()).status_code == 422
    for one in slow:
        one.close()
    servers.wait_for(lambda: reserved(world) == 0, "nobody on his way")
    assert send(client, archive()).status_code == 200


def test_s76_a_name_of_a_path_is_only_shown(world):
    client = world.client(LOGIN)
    sent = send(client, archive(), "..%2F..%2F%D1%88%D0%BA%D0%BE%D0%BB%D0%B0%E2%80%AE.php")
    assert kept(world, sent)["name"] == "школа.zip"
    stored = [one.relative_to(folder(world)) for one in lying(world)]
    assert [len("".join(one.parts)) for one in stored if "incoming" not in one.parts] == [64]
    answer = client.get(f"/files/{kept(world, sent)['file']}")
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"_____.zip\"; filename*=UTF-8''%D1%88%D0%BA%D0%BE%D0%BB%D0%B0.zip"
    )


def test_s47_a_file_is_for_whom_the_right_reaches_and_for_nobody_after_sign_out(world):
    client, content = world.fresh(LOGIN), archive()
    uid = kept(world, send(client, content))["file"]
    answer = client.get(f"/files/{uid}")
    assert (answer.status_code, answer.content) == (200, content)
    said = answer.headers
    assert (said["content-type"], said["x-content-type-options"]) == ("application/zip", "nosniff")
    assert (said["cache-control"], int(said["content-length"])) == ("no-store", len(content))
    query = text("SELECT count(*) FROM operation WHERE kind = 'file_downloaded'")
    before = world.database.read(lambda one: one.execute(query).scalar_one())
    head = client.head(f"/files/{uid}")
    assert (head.status_code, head.content) == (200, b"")
    assert client.get(f"/files/{uid}", headers={"range": "bytes=0-3"}).content == content
    assert world.database.read(lambda one: one.execute(query).scalar_one()) == before + 1
    for login in ("teacher", "mother", "secretary", "other-school_admin"):
        assert world.client(login).get(f"/files/{uid}").status_code == 404, login
    cookie = cookie_of(client)
    client.post("/logout")
    gone = httpx.get(f"{world.url}/files/{uid}", headers={"cookie": cookie}, follow_redirects=False)
    assert (gone.status_code, gone.headers["location"].partition("?")[0]) == (303, "/login")
    assert httpx.get(f"{world.url}/files/{uid}", follow_redirects=False).status_code == 303


def test_s61_no_address_of_files_leads_into_the_folder(world):
    client = world.client(LOGIN)
    send(client, archive())
    (one,) = [found for found in lying(world) if "incoming" not in found.parts]
    inside = one.relative_to(folder(world)).as_posix()
    for path in (
        f"/files/{inside}",
        f"/files/{inside.replace('/', '')}",
        "/files/",
        "/files/.lock",
        "/files/%2e%2e%2fais.sqlite3",
    ):
        assert client.get(path, follow_redirects=False).status_code in (303, 404), path
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.request(method, "/files/aaaaaaaaaaaaaaaa").status_code == 404, method


def test_s48_another_site_sends_nothing(world):
    client = world.client(LOGIN)
    assert send(client, archive(), origin="https://evil.example").status_code == 403
    assert world.client("teacher").post("/exchange/sets", content=archive()).status_code == 404
    assert world.count("stored_file") == 0


def test_a_form_is_taken_like_the_file_itself(world):
    client = world.client(LOGIN)
    answer = client.post("/exchange/sets", files={"set": ("набор.zip", archive(), "application/zip")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/exchange")
    names = world.database.read(lambda one: one.execute(text("SELECT name FROM stored_file")).scalars().all())
    assert "набор.zip" in names
    for broken in (b"--x\r\n", b"rubbish"):
        refused = client.post(
            "/exchange/sets", content=broken, headers={"content-type": "multipart/form-data; boundary=x"}
        )
        assert refused.status_code == 422
    assert (
        client.post("/exchange/sets", content=b"x", headers={"content-type": "multipart/form-data"}).status_code == 422
    )


def test_a_set_is_checked_and_its_report_downloaded(world):
    client = world.client(LOGIN)
    send(client, archive())
    query = text("SELECT uid FROM stored_file WHERE purpose = 'set_report'")
    report = lambda: world.database.read(lambda one: one.execute(query).scalar())  # noqa: E731
    servers.wait_for(report, "a report", 60)
    answer = client.get(f"/files/{report()}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
