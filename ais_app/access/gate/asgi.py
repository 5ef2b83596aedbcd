"""The ASGI gate, outermost (D-16): who gets a page, a socket, a state tree at all; headers; limits."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.requests import Request

from ais_app.access import queries, service
from ais_app.access.addresses import NOT_FOUND, came_from, login_address, password_address
from ais_app.access.entry.routes import failed_page
from ais_app.access.gate.budget import Budgets, work_of
from ais_app.access.gate.socket_limits import OPENING_FRAMES, Line, TokenBucket
from ais_app.access.network import network_of, origin_of, scheme_of
from ais_app.db import UnitOfWork
from ais_app.house import House
from ais_app.live.intake import SENDER
from ais_app.rights.rules import Actor, Right
from ais_app.room import Address
from ais_app.web.appearance.html import dressed, plain

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

log = structlog.get_logger("gate")

SOCKET_PATH = "/_event"
FRESH_FILES = frozenset({"/favicon.svg", "/sw.js", "/manifest.webmanifest", "/notices.txt"})
OPEN_PATHS = FRESH_FILES | {"/login", "/look", "/healthz", "/readyz", "/robots.txt"}
OPEN_FOLDERS = ("/assets/", "/fonts/", "/css/", "/js/", "/icons/")
VERSIONED = ("/css/", "/js/", "/favicon.svg", "/manifest.webmanifest")
FILE_FOLDERS = ("/assets/", "/fonts/", "/css/", "/icons/")
# A file is no page: it needs no hashes of scripts, which would be a kilobyte on each of forty files.
FILE_POLICY = b"default-src 'none'; frame-ancestors 'none'"
LARGEST_BODY, BODY_SECONDS = 64 * 1024, 30
SOCKETS_OF_A_SESSION, SOCKETS_OF_A_NETWORK = 20, 2_000
REMEMBERED_SESSIONS = 5_000
TOO_MANY, REFUSED = 4429, 4403

NAMELESS = (b"server", b"")  # without one the server below us adds its own name
_SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)


def content_security_policy(script_hashes: Iterable[str]) -> bytes:
    """Own origin only; scripts by hash, no `unsafe-*` for them. Emotion needs inline styles."""
    scripts = " ".join(["'self'", *(f"'{one}'" for one in script_hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ).encode()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the bundle: its address pattern and the right that opens it."""

    pattern: re.Pattern[str]
    right: Right


def page(route: str, right: Right) -> Page:
    """`/journal/[course]` → a pattern over one path segment."""
    parts = ["[A-Za-z0-9_-]{1,64}" if part.startswith("[") else re.escape(part) for part in route.strip("/").split("/")]
    return Page(re.compile("/" + "/".join(parts) + "/?" if route != "/" else "/"), right)


class Gate:
    """Wraps the whole application. An anonymous visitor gets the login page and static files, nothing else."""

    def __init__(
        self,
        app: ASGIApp,
        house: House,
        pages: Iterable[Page],
        addresses: Iterable[Address],
        home_of: Callable[[Actor], str],
        policy: bytes,
    ) -> None:
        self._app, self._house = app, house
        self._pages = tuple(pages)
        self._addresses = {one.path: one for one in addresses}
        self._home_of = home_of
        self._policy = policy
        self._of_session: defaultdict[str, int] = defaultdict(int)
        self._of_network: defaultdict[str, int] = defaultdict(int)
        self._buckets: dict[str, TokenBucket] = {}
        self._budgets = Budgets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._guarded(self._socket, scope, receive, send)
        elif scope["type"] == "http":
            await self._guarded(self._http, scope, receive, self._with_headers(scope, send))
        else:
            await self._app(scope, receive, send)

    async def _guarded(self, serve: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """The last net of a request: the server would print the message of an error, which may hold names (S-52)."""
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await serve(scope, receive, sending)
        except Exception as error:
            if scope["type"] == "http" and not started:
                page = await failed_page(Request(scope), error)
                await page(scope, receive, send)
            else:
                log.exception("request_crashed", kind=scope["type"])

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        headers = _headers(scope)
        if method not in ("GET", "HEAD") and not same_origin(headers, self._scheme(scope)):
            await _answer(send, 403, b"")
            return
        if _is_open(path):
            await self._with_whole_body(scope, receive, send)
            return
        actor = await self._house.sessions.actor_of_cookie(headers.get("cookie"))
        address = self._addresses.get(path)
        if address is not None and actor is not None:
            await self._with_whole_body(scope, receive, send, actor if address.counted else None)
        elif (
            address is not None and address.button and method == "POST"
        ):  # a button of a page whose session has ended meanwhile
            await _redirect(send, "/login" if path == "/logout" else login_address(came_from(headers)))
        elif method not in ("GET", "HEAD"):
            await _answer(send, 404, b"")
        elif actor is None:
            await _redirect(send, login_address(_address_of(scope)))
        elif actor.must_change_password:
            await _redirect(send, password_address(_address_of(scope)))
        elif path == "/" and self._home_of(actor) != "/":
            await _redirect(send, self._home_of(actor))
        elif self._may_open(actor, path):  # with its slash: the static files would redirect to it
            slashed = path if path.endswith("/") else path + "/"
            look = await self._house.read(actor, queries.look)
            await self._app(
                plain(scope, slashed), receive, dressed(send, look, zipped="gzip" in headers.get("accept-encoding", ""))
            )
        else:  # unknown and foreign look the same (D-4)
            await self._app({**scope, "path": NOT_FOUND, "raw_path": NOT_FOUND.encode()}, receive, send)

    async def _with_whole_body(self, scope: Scope, receive: Receive, send: Send, worker: Actor | None = None) -> None:
        """Go on with the request once its body is here: a small one, however it is sent, within a time.

        What a `worker` asks for counts like an event of his socket (S-67).
        """
        if scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read(receive)
        except TimeoutError:
            await _answer(send, 408, b"")
            return
        if body is None:
            await _answer(send, 413, b"")
            return
        if worker is None:
            await self._app(scope, _replayed(body, receive), send)
        else:
            await self._within_budget(worker, body, scope, _replayed(body, receive), send)

    async def _within_budget(self, actor: Actor, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that brings work, or answer 429 when its session or account has enough outstanding."""
        work, bucket = work_of(body.decode("latin-1")), self._bucket_of(actor.session_uid)
        tab = self._budgets.open(actor.account_uid, actor.session_uid)
        try:
            if not (bucket.take() and tab.take(work)):
                await _answer(send, 429, b"")
                return
            bucket.spend(work.frames - 1)
            try:
                await self._app(scope, receive, send)
            finally:
                tab.release(work)
        finally:
            tab.close()

    def _may_open(self, actor: Actor, path: str) -> bool:
        return any(one.pattern.fullmatch(path) and actor.may(one.right) for one in self._pages)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        network = network_of(scope, self._house.settings.trusted_proxies)
        actor = None
        if scope["path"].rstrip("/") == SOCKET_PATH and same_origin(headers, self._scheme(scope), required=True):
            actor = await self._house.sessions.actor_of_cookie(headers.get("cookie"))
        if actor is None or actor.must_change_password:
            await _refuse_socket(scope, receive, send, REFUSED)
            return
        session = actor.session_uid
        if self._of_session[session] >= SOCKETS_OF_A_SESSION or self._of_network[network] >= SOCKETS_OF_A_NETWORK:
            await _refuse_socket(scope, receive, send, TOO_MANY)
            return
        self._of_session[session] += 1
        self._of_network[network] += 1
        bucket = self._bucket_of(session)
        bucket.spend(OPENING_FRAMES)  # a socket costs more than a frame: each may bring a state tree
        line = Line(receive, send, bucket, self._budgets.open(actor.account_uid, session), self._counting(actor))
        SENDER.set(line)  # in the context of this socket alone
        try:
            await self._app(scope, line.receive, line.send)
        finally:
            line.close()
            _leave(self._of_session, session)
            _leave(self._of_network, network)

    def _counting(self, actor: Actor) -> Callable[[str], None]:
        """Counts what is refused of a socket before it is an event; the log is told once a day."""

        def count(subject: str) -> None:
            def record(uow: UnitOfWork) -> None:
                if service.record_refusal(
                    uow, "frame", account=actor.account_uid, network=actor.network, subject=subject
                ):
                    log.warning("frame_refused", what=subject, account=actor.account_uid, session=actor.session_uid)

            self._house.database.note(record)

        return count

    def _scheme(self, scope: Scope) -> str:
        settings = self._house.settings
        return scheme_of(scope, settings.trusted_proxies, settings.base_url)

    def _bucket_of(self, session: str) -> TokenBucket:
        """The session's bucket; it outlives the sockets, or who opens them anew would have a full one each time."""
        if len(self._buckets) > REMEMBERED_SESSIONS:
            self._buckets = {
                one: bucket for one, bucket in self._buckets.items() if one in self._of_session or not bucket.is_full
            }
        return self._buckets.setdefault(session, TokenBucket())

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        path = scope["path"]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = [
                    (name, value)
                    for name, value in message.get("headers", [])
                    if name.lower() not in (b"cache-control", b"server", b"access-control-allow-origin")
                ]
                message["headers"] = [
                    *present,
                    NAMELESS,
                    *_SECURITY_HEADERS,
                    (b"content-security-policy", FILE_POLICY if path.startswith(FILE_FOLDERS) else self._policy),
                    (b"cache-control", _caching(scope, message["status"])),
                ]
            await send(message)

        return sending


def same_origin(headers: dict[str, str], scheme: str, *, required: bool = False) -> bool:
    """Whether the request comes from a page of this very scheme and host (S-48, S-59).

    A page that came in clear may have been written by anybody on the way: it does not speak for the https site.

    Browsers send Origin with every POST and every socket. `required`: no Origin is a refusal too.
    """
    origin = headers.get("origin")
    if origin is None:
        return not required and headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return origin_of(origin) == (scheme, headers.get("host"))


def _is_open(path: str) -> bool:
    """A path that needs no session: a file of an open folder, without a step out of it."""
    within = path.startswith(OPEN_FOLDERS) and not {"", ".", ".."} & set(path[1:].split("/")) and "\\" not in path
    return path in OPEN_PATHS or within


async def _read(receive: Receive) -> bytes | None:
    """The body of a request, or None when it is too large or the client is gone."""
    body = bytearray()
    while True:
        message = await receive()
        body.extend(message.get("body", b""))
        if message["type"] == "http.disconnect" or len(body) > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body that was read already, then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return waiting.pop() if waiting else await receive()

    return receiving


def _caching(scope: Scope, status: int) -> bytes:
    path = scope["path"]
    by_version = path.startswith(VERSIONED) and scope.get("query_string", b"").startswith(b"v=")
    if status == 200 and (path.startswith("/assets/") or by_version):  # the address carries a hash of the content
        return b"public, max-age=31536000, immutable"
    if status == 200 and path.startswith("/fonts/"):
        return b"public, max-age=604800"
    return b"no-cache" if path.startswith(OPEN_FOLDERS) or path in FRESH_FILES else b"no-store"


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _leave(counts: defaultdict[str, int], key: str) -> None:
    counts[key] -= 1
    if counts[key] <= 0:
        del counts[key]


def _address_of(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return scope["path"] + (f"?{query}" if query else "")


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    start = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": start + (headers or [])})
    await send({"type": "http.response.body", "body": body})


async def _redirect(send: Send, location: str) -> None:
    await _answer(send, 303, b"", [(b"location", location.encode())])


async def _refuse_socket(scope: Scope, receive: Receive, send: Send, code: int) -> None:
    await receive()  # websocket.connect
    if "websocket.http.response" in (scope.get("extensions") or {}):  # else the server below us writes the answer
        await send({"type": "websocket.http.response.start", "status": 403, "headers": [NAMELESS]})
        await send({"type": "websocket.http.response.body", "body": b""})
        return
    await send({"type": "websocket.close", "code": code})
