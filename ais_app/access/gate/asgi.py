"""The ASGI gate around the application (D-16): which requests and sockets pass, response headers, limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from starlette.requests import Request

from ais_app import log_ids
from ais_app.access import queries, service
from ais_app.access.addresses import NOT_FOUND, came_from, login_address, password_address
from ais_app.access.gate.answer_headers import NAMELESS, AnswerHeaders
from ais_app.access.gate.bodies import BodyError, taken
from ais_app.access.gate.budget import Budgets, work_of
from ais_app.access.gate.declared import Declared
from ais_app.access.gate.seen_request import SEEN, SeenRequest
from ais_app.access.gate.socket_limits import OPENING_FRAMES, LimitedSocket, TokenBucket
from ais_app.access.network import network_of, origin_of, scheme_of
from ais_app.access.sign_in.routes import failed_page
from ais_app.db import UnitOfWork
from ais_app.db.columns import new_uid
from ais_app.live.intake import SENDER
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.room import OPEN, Address
from ais_app.services import Services
from ais_app.web import files
from ais_app.web.appearance.appearance import Appearance
from ais_app.web.appearance.html import Held, plain, with_appearance

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

log = structlog.get_logger("gate")

SOCKET_PATH = "/_event"
READING = frozenset({"GET", "HEAD"})
SOCKETS_OF_A_SESSION, SOCKETS_OF_A_NETWORK = 20, 2_000
REMEMBERED_SESSIONS = 5_000
TOO_MANY, REFUSED = 4429, 4403
# Of a socket: who it is and what the protocol needs. The others Reflex would keep for each tab, and send back to it.
_OF_A_SOCKET = frozenset(
    {b"host", b"origin", b"cookie", b"connection", b"upgrade", b"sec-websocket-key", b"sec-websocket-protocol"}
)


class Gate:
    """Wraps the whole application. An anonymous visitor gets the login page and static files, nothing else."""

    def __init__(
        self,
        app: ASGIApp,
        services: Services,
        declared: Declared,
        home_of: Callable[[Actor], str],
        headers: AnswerHeaders,
    ) -> None:
        self._app, self._services, self._declared = app, services, declared
        self._home_of = home_of
        self._headers = headers
        self._of_session: defaultdict[str, int] = defaultdict(int)
        self._of_network: defaultdict[str, int] = defaultdict(int)
        self._buckets: dict[str, TokenBucket] = {}
        self._budgets = Budgets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            with log_ids.bound(request=new_uid()):
                await self._guarded(self._socket, scope, receive, send)
        elif scope["type"] == "http":
            seen = SeenRequest(new_uid())
            with log_ids.bound(request=seen.uid), seen.measured():
                scope[SEEN] = seen
                await self._guarded(self._http, scope, receive, self._with_headers(scope, send, seen))
        else:
            await self._app(scope, receive, send)

    async def _guarded(self, serve: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; a crash is logged and, where nothing was sent yet, answered by an error page.

        Else the server below would print the message of the error, which may hold names (S-52).
        """
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
        path, reads, headers = scope["path"], scope["method"] in READING, _headers(scope)
        if not reads and not same_origin(headers, self._scheme(scope)):
            await _answer(send, 403, b"")
            return
        address, seen = self._address(scope), scope[SEEN]
        if reads and files.is_file(path):
            seen.name = "file"
            await self._app(scope, receive, send)
        elif address is not None and (reads or address.largest_body):
            seen.name = address.path
            await self._at_address(address, scope, receive, send)
        elif reads:
            seen.name = "page"
            await self._at_page(scope, receive, send)
        else:
            await _answer(send, 404, b"")

    def _address(self, scope: Scope) -> Address | None:
        """The declared address of the request, unless it is kept from whoever sends it."""
        found = self._declared.address(scope["path"])
        hidden = found is not None and found.admits is not None and not found.admits(scope, self._services.settings)
        return None if hidden else found

    async def _at_address(self, address: Address, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a declared address to those who may use it; for anybody else no body is read.

        A request to a `counted` address takes from the budgets of its session, also when it is answered 404 (S-67).
        """
        headers, reads, refused, body = _headers(scope), scope["method"] in READING, False, b""
        actor = None if address.who is OPEN else await self._actor(headers)
        if actor is None and address.who is not OPEN:
            await self._without_session(address, scope, send)
            return
        if actor is not None and isinstance(address.who, Right):
            if actor.must_change_password and reads:
                await _redirect(send, password_address(_address_of(scope)))
                return
            refused = actor.must_change_password or not actor.may(address.who)
        if not reads and not refused:
            try:
                body, receive = await taken(address, headers, receive)
            except BodyError as error:
                await _answer(send, error.status, b"")
                return
        serve = _nothing_there if refused else self._app
        if address.counted and actor is not None:
            await self._within_budget(actor, body, serve, scope, receive, send)
        else:
            await serve(scope, receive, send)

    async def _without_session(self, address: Address, scope: Scope, send: Send) -> None:
        """Without a session: reading and buttons redirect to the sign-in page, which leads back; else a 404."""
        if scope["method"] in READING:
            await _redirect(send, login_address(_address_of(scope)))
        elif address.button:
            came = came_from(_headers(scope))
            await _redirect(send, "/login" if address.path == "/logout" else login_address(came))
        else:
            await _answer(send, 404, b"")

    async def _at_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a page of the bundle, in the person's appearance, when the role may open it; else it is not found."""
        path, headers = scope["path"], _headers(scope)
        actor = await self._actor(headers)
        if actor is None:
            await _redirect(send, login_address(_address_of(scope)))
        elif actor.must_change_password:
            await _redirect(send, password_address(_address_of(scope)))
        elif path == "/" and self._home_of(actor) != "/":
            await _redirect(send, self._home_of(actor))
        elif self._declared.may_open(actor, path):  # with its slash: the static files would redirect to it
            slashed = path if path.endswith("/") else path + "/"
            appearance, kept = await self._services.read(actor, _look_and_device)
            held = Held(headers.get("if-none-match", ""), self._headers.policy) if kept else None
            zipped = "gzip" in headers.get("accept-encoding", "")
            await self._app(plain(scope, slashed), receive, with_appearance(send, appearance, zipped=zipped, held=held))
        else:
            await self._not_found(scope, receive, send)

    async def _not_found(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The answer to an unknown page, and to one that the role may not open: they look the same (D-4)."""
        await self._app({**scope, "path": NOT_FOUND, "raw_path": NOT_FOUND.encode()}, receive, send)

    async def _actor(self, headers: dict[str, str]) -> Actor | None:
        actor = await self._services.sessions.actor_of_cookie(headers.get("cookie"))
        if actor is not None:
            log_ids.begin(session=actor.session_uid)  # until the request is over
        return actor

    async def _within_budget(
        self, actor: Actor, body: bytes, serve: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Serve a counted request, or answer 429 when its session or account has enough outstanding work already."""
        work, bucket = work_of(body.decode("latin-1")), self._bucket_of(actor.session_uid)
        tab = self._budgets.open(actor.account_uid, actor.session_uid)
        try:
            if not (bucket.take() and tab.take(work)):
                await _answer(send, 429, b"")
                return
            bucket.spend(work.frames - 1)
            try:
                await serve(scope, receive, send)
            finally:
                tab.release(work)
        finally:
            tab.close()

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        network = network_of(scope, self._services.settings.trusted_proxies)
        actor = None
        if scope["path"].rstrip("/") == SOCKET_PATH and same_origin(headers, self._scheme(scope), required=True):
            actor = await self._actor(headers)
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
        limited = LimitedSocket(
            receive, send, bucket, self._budgets.open(actor.account_uid, session), self._counting(actor)
        )
        SENDER.set(limited)  # in the context of this socket alone
        needed = [one for one in scope["headers"] if one[0].lower() in _OF_A_SOCKET]
        try:
            await self._app({**scope, "headers": needed}, limited.receive, limited.send)
        finally:
            limited.close()
            _leave(self._of_session, session)
            _leave(self._of_network, network)

    def _counting(self, actor: Actor) -> Callable[[str], None]:
        """A function that counts a refused frame of this actor by its subject and logs the first one of a day."""

        def count(subject: str) -> None:
            def record(uow: UnitOfWork) -> None:
                if service.record_refusal(
                    uow, "frame", account=actor.account_uid, network=actor.network, subject=subject
                ):
                    log.warning("frame_refused", what=subject, account=actor.account_uid, session=actor.session_uid)

            self._services.database.note(record)

        return count

    def _scheme(self, scope: Scope) -> str:
        settings = self._services.settings
        return scheme_of(scope, settings.trusted_proxies, settings.base_url)

    def _bucket_of(self, session: str) -> TokenBucket:
        """The token bucket of a session. It outlives the sockets: a new socket must not bring a full bucket."""
        if len(self._buckets) > REMEMBERED_SESSIONS:
            self._buckets = {
                one: bucket for one, bucket in self._buckets.items() if one in self._of_session or not bucket.is_full
            }
        return self._buckets.setdefault(session, TokenBucket())

    def _with_headers(self, scope: Scope, send: Send, seen: SeenRequest) -> Send:
        path, query = scope["path"], scope.get("query_string", b"")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given, view = message.get("headers", []), self._declared.is_view(path)
                written = self._headers.of(path, query, message["status"], given, view=view)
                message["headers"] = [*written, (b"x-request-id", seen.uid.encode())]
                seen.status = message["status"]
            await send(message)

        return sending


def _look_and_device(reading: Reading) -> tuple[Appearance, bool]:
    return queries.appearance(reading), queries.is_own_device(reading)


def same_origin(headers: dict[str, str], scheme: str, *, required: bool = False) -> bool:
    """Whether the request comes from a page of this scheme and host (S-48, S-59).

    A page that was loaded over http may have been changed on the way: for the https site it is another origin.

    Browsers send Origin with every POST and every socket. `required`: no Origin is a refusal too.
    """
    origin = headers.get("origin")
    if origin is None:
        return not required and headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return origin_of(origin) == (scheme, headers.get("host"))


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


async def _nothing_there(_scope: Scope, _receive: Receive, send: Send) -> None:
    """404, as at an unknown address: the answer of a declared address to those who may not use it (D-4)."""
    await _answer(send, 404, b"")


async def _redirect(send: Send, location: str) -> None:
    await _answer(send, 303, b"", [(b"location", location.encode())])


async def _refuse_socket(scope: Scope, receive: Receive, send: Send, code: int) -> None:
    await receive()  # websocket.connect
    if "websocket.http.response" in (scope.get("extensions") or {}):  # else the server below us writes the answer
        await send({"type": "websocket.http.response.start", "status": 403, "headers": [NAMELESS]})
        await send({"type": "websocket.http.response.body", "body": b""})
        return
    await send({"type": "websocket.close", "code": code})
