"""What passes the gate: every route of the application is declared, and each attack is answered before its handler."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Route

from ais_app.access.addresses import NOT_FOUND
from ais_app.access.gate.answer_headers import AnswerHeaders
from ais_app.access.gate.asgi import Gate
from ais_app.access.gate.declared import Declared
from ais_app.help.topics import TOPICS
from ais_app.rights.rules import POLICY, Actor, Hat, Right, Role
from ais_app.room import OPEN, SIGNED_IN, Address
from ais_app.rooms import ROOMS

ADDRESSES = [one for room in ROOMS for one in room.addresses]
HOST = [(b"host", b"journal.example"), (b"origin", b"http://journal.example")]
GRANTED = [one for one in ADDRESSES if isinstance(one.who, Right)]
CLOSED = [one for one in ADDRESSES if one.who is not OPEN]
WITH_BODY = [one for one in ADDRESSES if one.largest_body]
WHO = {
    "/login": OPEN,
    "/look": OPEN,
    "/healthz": OPEN,
    "/readyz": OPEN,
    "/not-found": SIGNED_IN,
    "/logout": SIGNED_IN,
    "/password": SIGNED_IN,
    "/hat": SIGNED_IN,
    "/sessions/end-others": SIGNED_IN,
    "/journal/entries": Right.ENTER_MARKS,
    "/journal/list": Right.SEE_KEEPING,
    "/journal/[course]/sheet": Right.SEE_JOURNAL,
    "/diary/copy": Right.SEE_DIARY,
    "/diary/week": Right.SEE_DIARY,
    "/no-connection": OPEN,  # a page without anybody's data, which a device keeps
    "/operations/export": Right.SEE_OPERATIONS,
    "/metrics": OPEN,  # this machine itself, or a token (`Address.admits`); for anybody else an unknown address
    "/files/[file]": SIGNED_IN,  # who may have which file, its purpose says (ais_app/transfers/)
    "/exchange/sets": Right.SET_UP_SCHOOL,
    "/search": Right.USE_ACCOUNT,
    "/help": Right.USE_ACCOUNT,
    **{one.href: Right.USE_ACCOUNT for one in TOPICS},
    "/kit/file": Right.USE_ACCOUNT,  # on a server for tests only (tests/states/test_kit_state.py)
}
MONITORING = "the-token-of-the-monitoring"
FILES = Address("/files", Right.SEE_DIARY, largest_body=100, streamed=True)


def path_of(address: Address) -> str:
    return re.sub(r"\[[a-z]+\]", "a" * 16, address.path)


def called(addresses: Iterable[Address]) -> Any:
    return pytest.mark.parametrize("address", list(addresses), ids=lambda one: one.path)


def somebody(*roles: Role, must_change: bool = False) -> Actor:
    hat = Hat("hat", frozenset(roles), 1, "school", 1, "person", "UTC")
    return Actor(1, "account", "session", hat, "127.0.0.1", "web", must_change)


def who_may(address: Address) -> Actor:
    role = next(iter(POLICY[address.who])) if isinstance(address.who, Right) else Role.STUDENT
    return somebody(role)


class Behind:
    """The application behind the gate: it notes what reaches it, and reads the body to its end."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.pieces: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.paths.append(scope["path"])
        more = scope["method"] == "POST"
        while more:
            message = await receive()
            self.pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def asked(
    path: str,
    actor: Actor | None,
    *,
    method: str = "GET",
    pieces: tuple[bytes, ...] = (b"",),
    length: int | None = None,
    token: str = MONITORING,
) -> tuple[int, Behind]:
    """(status, what came through the gate) of a request whose body comes in `pieces`, with or without its `length`.

    `token`: what it knows of that of `/metrics`.
    """
    behind, statuses = Behind(), []

    async def actor_of_cookie(_cookie: str | None) -> Actor | None:
        return actor

    known = SecretStr(MONITORING)
    settings = SimpleNamespace(trusted_proxies=(), base_url="", metrics_token=known)
    services: Any = SimpleNamespace(sessions=SimpleNamespace(actor_of_cookie=actor_of_cookie), settings=settings)
    gate = Gate(behind, services, Declared([*ADDRESSES, FILES], []), lambda _actor: "/", AnswerHeaders(b""))
    headers = [
        *HOST,
        (b"authorization", f"Bearer {token}".encode()),
        *([(b"content-length", str(length).encode())] if length is not None else []),
    ]
    scope = {"type": "http", "path": path, "method": method, "headers": headers, "scheme": "http", "client": ("::1", 1)}
    waiting = list(pieces)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    asyncio.run(gate(scope, receive, send))
    return statuses[0], behind


def test_every_route_of_the_application_is_declared_by_a_room():
    from ais_app.ais_app import app, declared

    rooms = app.api_transformer[0]  # pyright: ignore[reportIndexIssue, reportOptionalSubscript] - a list of ours
    assert isinstance(rooms, Starlette)
    routes = [one for one in rooms.routes if isinstance(one, Route)]
    assert len(routes) == len(rooms.routes)
    for route in routes:
        address = declared().address(re.sub(r"\{[a-z]+\}", "a" * 16, route.path))
        assert address is not None, route.path
        assert bool(address.largest_body) >= ("POST" in (route.methods or ())), route.path
    assert {one.path.replace("[", "{").replace("]", "}") for one in ADDRESSES} == {one.path for one in routes}


def test_who_may_come_is_as_it_was_written_down_by_hand():
    assert {one.path: one.who for one in ADDRESSES} == WHO


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path", ["/ping", "/_upload", "/_health", "/_event", "/auth-codespace", "/nonsense", "/journal/x"]
)
def test_what_is_not_declared_does_not_pass(path, method):
    status, behind = asked(path, somebody(*Role), method=method)
    assert behind.paths == ([NOT_FOUND] if method == "GET" else [])
    assert asked(path, None, method=method)[1].paths == []
    assert status in (200, 404)


def test_figures_are_an_unknown_address_for_who_may_not_ask():
    for actor in (None, somebody(*Role)):
        assert asked("/metrics", actor)[1].paths == ["/metrics"]
        hidden, unknown = (asked(path, actor, token="wrong") for path in ("/metrics", "/nonsense"))
        assert (hidden[0], hidden[1].paths) == (unknown[0], unknown[1].paths)
        assert "/metrics" not in hidden[1].paths


@called(ADDRESSES)
def test_who_may_come_passes(address):
    method = "POST" if address.largest_body else "GET"
    length = 3 if address.streamed else None
    _status, behind = asked(path_of(address), who_may(address), method=method, pieces=(b"a=", b"1"), length=length)
    assert behind.paths == [path_of(address)]


@called(CLOSED)
def test_without_a_session_no_handler_is_reached(address):
    for method in ("GET", "HEAD", "POST"):
        status, behind = asked(path_of(address), None, method=method)
        assert (status in (303, 404), behind.paths) == (True, [])


@called(GRANTED)
def test_no_other_role_reaches_the_handler(address):
    for role in set(Role) - set(POLICY[address.who]):
        for method in ("GET", "POST"):
            assert path_of(address) not in asked(path_of(address), somebody(role), method=method)[1].paths, role


@called(GRANTED)
def test_a_right_is_nothing_before_the_password_is_ones_own(address):
    actor = somebody(*POLICY[address.who], must_change=True)
    for method in ("GET", "POST"):
        assert asked(path_of(address), actor, method=method)[1].paths == []


@called([one for one in ADDRESSES if not one.largest_body])
def test_an_address_without_a_body_is_only_read(address):
    assert asked(path_of(address), who_may(address), method="POST")[1].paths == []


@called([*WITH_BODY, FILES])
def test_a_body_that_says_that_it_is_too_large_is_not_read(address):
    length = address.largest_body + 1
    status, behind = asked(path_of(address), who_may(address), method="POST", pieces=(), length=length)
    assert (status, behind.paths) == (413, [])


@called(one for one in WITH_BODY if not one.streamed)
def test_a_body_that_becomes_too_large_ends_before_the_handler(address):
    pieces = (b"a" * address.largest_body, b"a")
    status, behind = asked(path_of(address), who_may(address), method="POST", pieces=pieces)
    assert (status, behind.paths) == (413, [])


@called(WITH_BODY)
def test_nobody_reads_the_body_of_who_may_not_come(address):
    for actor in (None, somebody()):
        if address.who is not OPEN and not (actor and address.who is SIGNED_IN):
            status, behind = asked(path_of(address), actor, method="POST", pieces=())
            assert (status in (303, 404), behind.paths) == (True, [])


def test_a_streamed_body_comes_in_its_pieces_and_must_say_its_length():
    actor = who_may(FILES)
    status, behind = asked("/files", actor, method="POST", pieces=(b"a" * 60, b"b" * 40), length=100)
    assert (status, behind.pieces) == (200, [b"a" * 60, b"b" * 40])
    assert asked("/files", actor, method="POST", pieces=())[0] == 411
