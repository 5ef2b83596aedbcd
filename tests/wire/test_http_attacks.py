"""Every route under hostile requests: methods, headers, paths and bodies; the raw socket where a client would tidy up."""

from __future__ import annotations

import itertools
import re
import socket
from contextlib import closing

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests import servers
from tests.builders import PASSWORD
from tests.hostile import NAUGHTY
from tests.wire.client import cookie_of

ROUTES = (
    "/",
    "/login",
    "/logout",
    "/password",
    "/hat",
    "/sessions/end-others",
    "/look",
    "/diary",
    "/diary/copy",
    "/journal",
    "/journal/entries",
    "/progress",
    "/integrity",
    "/healthz",
    "/readyz",
    "/_event",
    "/_event/",
    "/_upload",
    "/sw.js",
    "/assets/x",
    "/nonsense",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X")


def raw(world, head: str | bytes, body: bytes = b"", seconds: float = 10) -> bytes:
    """Send bytes as they are; returns what the server says until it closes or pauses."""
    host, port = world.server.host.split(":")
    with closing(socket.create_connection((host, int(port)), timeout=seconds)) as connection:
        connection.sendall(head if isinstance(head, bytes) else head.encode("latin-1"))
        try:
            connection.sendall(body)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        except (ConnectionError, TimeoutError):
            pass
        return answer


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(found[1]) if found else 0


@pytest.fixture(autouse=True)
def _still_serving(world):
    """Whatever the test sent: others are served, and the log tells of no crash."""
    logged = world.log()
    yield
    world.forgive()
    world.pages_are_served()
    said = logged()
    assert "Traceback" not in said, said
    assert "rror" not in re.sub(r"error=\w+Refused|error_id=\w+", "", said), said


@pytest.mark.parametrize("login", [None, "mother", "teacher"])
def test_s48_no_method_but_the_route_s_own_does_anything(world, login):
    cookie = f"Cookie: {cookie_of(world.fresh(login))}\r\n" if login else ""  # its own: requests are counted
    for route, method in itertools.product(ROUTES, METHODS):
        answer = raw(
            world,
            f"{method} {route} HTTP/1.1\r\nHost: {world.server.host}\r\n{cookie}"
            f"Origin: http://evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        )
        allowed = (200, 303, 304, 404) if method in ("GET", "HEAD") else (400, 403, 404, 405, 501)
        assert status(answer) in allowed, (method, route, answer[:200])


@pytest.mark.parametrize(
    "path",
    [
        "/assets/%2e%2e/journal/",
        "/assets/../journal/",
        "/css/..%2fdiary/index.html",
        "/js/%2e%2e/index.html",
        "/fonts/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%5c..%5cindex.html",
        "/assets//index.html",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/index.html",
        "/journal/index.html",
        "/.git/config",
        "/diary/%00",
        "//diary",
        "http://evil.example/diary",
    ],
)
def test_s47_no_way_around_the_gate_by_the_spelling_of_a_path(world, path):
    answer = raw(world, f"GET {path} HTTP/1.1\r\nHost: {world.server.host}\r\nConnection: close\r\n\r\n")
    assert status(answer) in (303, 404)
    assert b"<script" not in answer
    assert b"root:" not in answer


HEADERS = {
    "an origin that is no address": "Origin: http://[\r\n",
    "an origin of nobody": "Origin: null\r\n",
    "two origins": "Origin: http://evil.example\r\nOrigin: null\r\n",
    "a length that is no number": "Content-Length: x\r\n",
    "a negative length": "Content-Length: -1\r\n",
    "two lengths": "Content-Length: 0\r\nContent-Length: 5\r\n",
    "length and chunks": "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
    "a referer that is no address": "Origin: {own}\r\nReferer: http://[\r\nContent-Length: 3\r\n",
    "a form without a boundary": "Origin: {own}\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\n",
    "a broken form": "Origin: {own}\r\nContent-Type: multipart/form-data; boundary=a\r\nContent-Length: 3\r\n",
    "an unknown alphabet": "Origin: {own}\r\nContent-Type: text/plain; charset=utf-99\r\nContent-Length: 3\r\n",
    "a long cookie": "Origin: {own}\r\nCookie: a=" + "x" * 30_000 + "\r\nContent-Length: 3\r\n",
    "an odd cookie": 'Origin: {own}\r\nCookie: =;;;a="\xff; ais_session=\x80; ais_look=%00|x\r\nContent-Length: 3\r\n',
    "a forged network": "Origin: {own}\r\nX-Forwarded-For: \xff,,,%\r\nContent-Length: 3\r\n",
    "no host": "Origin: {own}\r\nContent-Length: 3\r\n",
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("path", ["/login", "/look", "/password", "/hat", "/logout", "/sessions/end-others"])
def test_broken_headers_are_refused_and_crash_nothing(world, name, path):
    host = "" if name == "no host" else f"Host: {world.server.host}\r\n"
    sent = HEADERS[name].replace("{own}", world.url)
    answer = raw(
        world,
        f"POST {path} HTTP/1.1\r\n{host}Connection: close\r\n{sent}\r\n" + ("0\r\n\r\n" if "chunks" in name else "abc"),
    )
    assert 300 <= status(answer) < 500, answer[:300]


@pytest.mark.parametrize("host", ["[", "a b", "\xff", "evil.example:99999", ""])
def test_s24_the_host_header_is_in_no_address_that_is_given_out(world, host):
    for path in ("/", "/diary", "/login", "/nonsense"):
        answer = raw(world, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
        assert status(answer) in (200, 303, 400), answer[:200]
        assert b"evil" not in answer


@pytest.mark.parametrize("path", ["/login", "/look"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_s50_a_body_without_an_end_is_refused_early(world, path, kind):
    """No length is declared: the gate counts for itself, before a form is parsed or a file is spooled."""
    host, port = world.server.host.split(":")
    first = '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' if "multipart" in kind else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {world.server.host}\r\nOrigin: {world.url}\r\nContent-Type: {kind}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    sent = 0
    with closing(socket.create_connection((host, int(port)), timeout=10)) as connection:
        connection.sendall(head.encode())
        chunks = itertools.chain([first.encode() or b"a"], itertools.repeat(b"a" * 16384))
        connection.setblocking(False)
        answer = b""
        for chunk in chunks:
            connection.settimeout(10)
            try:
                connection.sendall(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            except ConnectionError:
                break
            sent += len(chunk)
            connection.settimeout(0.05)
            try:
                answer += connection.recv(65536)
            except TimeoutError:
                continue
            except ConnectionError:
                break
            if answer:
                break
    assert status(answer) == 413
    assert sent < 1_000_000


@pytest.mark.parametrize("path", ["/login", "/look", "/password", "/hat"])
def test_forms_take_every_naughty_string(world, path):
    client = world.fresh("inspector")
    for start in range(0, len(NAUGHTY), 12):
        naughty = "\0".join(NAUGHTY[start : start + 12])
        form = dict.fromkeys(("next", "theme", "present", "new", "repeated", "hat", "vision"), naughty)
        answer = client.post(path, data={**form, "login": f"\0{start}", "password": naughty})
        assert answer.status_code in (303, 400, 401, 404, 413)
        assert "<script" not in answer.text


def test_s40_sql_in_every_parameter_finds_nothing(world):
    """Addresses, filters, years: nothing of a request becomes SQL, and only uids are looked up at all."""
    teacher, quoted = world.client("teacher"), "%27%20OR%201%3D1%20--"
    course = world.here.courses["algebra"]
    for path in (
        f"/journal/{quoted}",
        f"/journal/{course}{quoted}",
        f"/diary?child={quoted}",
        f"/journal?year={quoted}",
    ):
        assert teacher.get(path).status_code in (200, 404)
    assert teacher.get(f"/journal/{quoted}").status_code == 404


def test_no_answer_names_the_program_that_gave_it(world):
    cookie = f"Cookie: {cookie_of(world.client('mother'))}\r\n"
    upgrade = (
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n"
    )
    requests = [
        *(
            f"GET {path} HTTP/1.1\r\nHost: x\r\n{cookie}Connection: close\r\n\r\n"
            for path in (*ROUTES, "/css/tokens.css")
        ),
        "POST /login HTTP/1.1\r\nHost: x\r\nOrigin: http://y\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "nonsense\r\n\r\n",
        f"GET /_event/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n{upgrade}\r\n",
        f"GET /elsewhere HTTP/1.1\r\nHost: x\r\n{upgrade}\r\n",
    ]
    for request in requests:
        head = raw(world, request, seconds=2).partition(b"\r\n\r\n")[0].lower()
        assert head.startswith(b"http/1.1"), request
        assert b"granian" not in head, request
        assert not re.search(rb"\r\nserver: *[^\r\s]", head), (request, head)


def test_s48_a_page_in_clear_does_not_speak_for_the_https_site(world, tmp_path):
    """Behind a proxy that brings https: the scheme is part of where a page comes from, for forms and for sockets."""
    settings = world.environment | {"AIS_BASE_URL": "https://school.example"}
    with servers.running(tmp_path, world.server.database_url, **settings) as server:
        clear, own = f"http://{server.host}", f"https://{server.host}"
        form = {"login": "mother", "password": PASSWORD}
        assert httpx.post(f"{server.url}/login", data=form, headers={"origin": clear}).status_code == 403
        answer = httpx.post(f"{server.url}/login", data=form, headers={"origin": own})
        assert answer.status_code == 303
        cookie = "; ".join(one.partition(";")[0] for one in answer.headers.get_list("set-cookie"))
        assert "__Host-ais_session=" in cookie
        assert "__Host-ais_device=" in cookie
        address = f"{server.url.replace('http', 'ws', 1)}/_event/?token=x&EIO=4&transport=websocket"
        with pytest.raises(InvalidStatus):
            connect(address, additional_headers={"Cookie": cookie}, origin=Origin(clear), legacy=True)
        connect(address, additional_headers={"Cookie": cookie}, origin=Origin(own), legacy=True).close()
