"""Plain server pages of access: login, logout, password, hat. They work without script and before any state."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jinja2
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ais_app.access import passwords, queries, service, sessions
from ais_app.access.addresses import NO_CONNECTION, NOT_FOUND, came_from, login_address, safe_next
from ais_app.access.errors import PasswordRefused, SecretRefused, SignInAgain, SignInRefused, TooBusy, wrong_password
from ais_app.access.logins import LONGEST_TYPED
from ais_app.access.network import network_of
from ais_app.access.settings import KNOWN_DEVICE
from ais_app.access.sign_in.cookies import Cookies
from ais_app.access.sign_in.forms import field, read_form
from ais_app.access.sign_in.secret_check import SecretCheck
from ais_app.access.user_agents import client_of
from ais_app.db.columns import new_uid
from ais_app.i18n import _, language, ngettext
from ais_app.instruments import SIGN_INS, child
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Actor, Hat, Right
from ais_app.school_settings.queries import values_of
from ais_app.services import Services
from ais_app.web import menu
from ais_app.web.appearance.appearance import COOKIE as APPEARANCE_COOKIE
from ais_app.web.appearance.appearance import Appearance, appearance_in, appearance_of
from ais_app.web.appearance.choices import appearance_choices
from ais_app.web.icon_paths import PATHS

log = structlog.get_logger("sign_in")

BUSY_SECONDS = 5

_templates = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
_templates.globals.update(_=_, icon_paths=PATHS)  # pyright: ignore[reportUnknownMemberType]


async def failed_page(request: Request, error: Exception) -> Response:
    """The answer to a request that crashed: 503 when the database cannot be used just now, else 500 (D-17).

    The page shows the id under which the error is logged, and nothing of the error itself.
    """
    error_id = new_uid()
    log.error("request_failed", error_id=error_id, error=type(error).__name__, exc_info=error)
    away = isinstance(error, OperationalError)  # no database, no space, a lock that did not come: worth another try
    response = _render(
        "failed.html",
        503 if away else 500,
        _appearance(request),
        title=_("This did not work"),
        code=error_id,
        school="",
    )
    response.headers["ais-error"] = error_id  # for who asked by a script
    if away:
        response.headers["retry-after"] = "10"
    return response


async def no_connection(_request: Request) -> Response:
    """The page that a browser keeps for when there is no connection: the same for everybody, nothing of anybody."""
    return _render("no_connection.html", 200, Appearance(), title=_("No connection"))


@dataclass(frozen=True, slots=True)
class _SignInForm:
    """What was typed into the form of sign-in and is shown again when it is refused; never the password."""

    login: str = ""
    next_page: str = ""
    personal: bool = False


class SignInRoutes:
    """The routes of a process; `describe(connection)`: (the school's name, [(demonstration login, its role)])."""

    def __init__(
        self, services: Services, describe: Callable[[Connection], tuple[str, Sequence[tuple[str, str]]]]
    ) -> None:
        self._services = services
        self._describe = describe
        self._secrets = SecretCheck(services.database)
        self._cookies = Cookies(services)

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/login", self.show_login, methods=["GET"]),
            Route("/login", self.sign_in, methods=["POST"]),
            Route("/logout", self.sign_out, methods=["POST"]),
            Route("/password", self.show_password, methods=["GET"]),
            Route("/password", self.change_password, methods=["POST"]),
            Route("/hat", self.change_hat, methods=["POST"]),
            Route("/sessions/end-others", self.end_others, methods=["POST"]),
            Route("/look", self.change_appearance, methods=["POST"]),
            Route(NOT_FOUND, self.not_found, methods=["GET"]),
            Route(NO_CONNECTION, no_connection, methods=["GET"]),
            Route("/healthz", self.alive, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
        ]

    async def show_login(self, request: Request) -> Response:
        if await self._actor(request) is not None:
            return RedirectResponse(safe_next(request.query_params.get("next", "")), 303)
        return await self._login_page(request, _SignInForm(next_page=request.query_params.get("next", "")))

    async def sign_in(self, request: Request) -> Response:
        form = await read_form(request)
        login, password = field(form, "login", LONGEST_TYPED), field(form, "password", passwords.LONGEST)
        next_page, personal = safe_next(field(form, "next", 512)), bool(form.get("personal"))
        typed = _SignInForm(login, next_page, personal=personal)
        token = sessions.new_token()
        database = self._services.database
        values, today = await database.aread(values_of, None), database.clock.now().date()
        known_for = values.at(KNOWN_DEVICE, today)
        try:
            hat, account_uid = await self._sign_in(request, (login, password, token), known_for, personal=personal)
        except SecretRefused as refusal:
            child(SIGN_INS, "refused").inc()
            refused = await self._login_page(request, typed, str(refusal), 401)
            return _later(refused, refusal.wait) if refusal.wait is not None else refused
        except TooBusy as refusal:
            child(SIGN_INS, "busy").inc()
            return _later(await self._login_page(request, typed, str(refusal), 503))
        child(SIGN_INS, "done").inc()
        response = RedirectResponse(next_page, 303)
        lasting = service.lifetime(hat, values, today, personal_device=True).absolute if personal else None
        self._cookies.set_session(request, response, token, lasting)
        self._cookies.remember_device(request, response, account_uid, known_for)
        await self._carry_appearance(request, response, token)
        return response

    async def _sign_in(
        self, request: Request, given: tuple[str, str, str], known_for: int, *, personal: bool
    ) -> tuple[Hat, str]:
        """Check the password and open a session; returns its hat and the account. `given`: login, password, token;
        `known_for`: days for which a device is known. Raises SecretRefused, TooBusy.
        """
        login, password, token = given
        database, cost = self._services.database, self._services.settings.password_cost
        network = network_of(request.scope, self._services.settings.trusted_proxies)
        found = await database.aread(queries.credentials, login)
        known = self._cookies.known_device(request, found.account_uid if found else "", known_for)
        attempt = service.attempt_to_sign_in(login, network, known)
        try:
            checked = await self._secrets.check(attempt, lambda: service.check_secret(found, password, cost))
        except SecretRefused as refusal:
            raise SignInRefused(looked_at=refusal.looked_at, wait=refusal.wait) from refusal
        client = client_of(request.headers.get("user-agent", ""))
        wanted = service.SignIn(login, network, sessions.hash_token(token), personal, checked, attempt, client)
        hat = await database.awrite(lambda uow: service.sign_in(uow, wanted))
        return hat, checked.against.account_uid

    async def sign_out(self, request: Request) -> Response:
        actor = await self._actor(request)
        if actor is not None:
            await self._services.database.awrite(lambda uow: service.sign_out(uow, actor))
            self._services.sessions.forget({actor.session_uid})
        response = RedirectResponse("/login", 303)
        for name in (sessions.COOKIE, sessions.SECURE_COOKIE):
            response.delete_cookie(name, path="/", secure=name == sessions.SECURE_COOKIE, httponly=True)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    async def show_password(self, request: Request) -> Response:
        actor = await self._actor(request)
        if actor is None:
            return _to_sign_in(request)
        return await self._password_page(actor, request.query_params.get("next") or came_from(request.headers))

    async def change_password(self, request: Request) -> Response:
        actor = await self._actor(request)
        if actor is None:
            return _to_sign_in(request)
        form = await read_form(request)
        next_page = safe_next(field(form, "next", 512))
        present, new, repeated = (field(form, name, passwords.LONGEST) for name in ("present", "new", "repeated"))
        token = sessions.new_token()
        try:
            lasting = await self._change_password(actor, present, new, repeated, token)
        except PasswordRefused as refusal:
            return await self._password_page(actor, next_page, refusal, 400)
        except TooBusy as refusal:
            return _later(await self._password_page(actor, next_page, PasswordRefused(str(refusal), "present"), 503))
        except NotYours:  # the session ended meanwhile, or the password is another one already
            return _to_sign_in(request)
        response = RedirectResponse(next_page, 303)
        self._cookies.set_session(request, response, token, lasting)
        return response

    async def _change_password(
        self, actor: Actor, present: str, new: str, repeated: str, token: str
    ) -> timedelta | None:
        """Check both passwords and store the new one. Raises PasswordRefused, NotYours, TooBusy."""
        database, cost = self._services.database, self._services.settings.password_cost
        login = await self._services.read(actor, queries.login_of)
        service.check_new_password(actor, login, new, repeated, present)
        attempt = service.attempt_while_signed_in(service.Purpose.PRESENT_PASSWORD, actor.account_uid, actor.network)
        found = await self._services.read(actor, queries.credentials_of)
        try:
            checked = await self._secrets.check(attempt, lambda: service.check_secret(found, present, cost))
        except SecretRefused as refusal:
            raise wrong_password(refusal) from refusal
        service.check_against_stored(checked.against, new)
        new_hash = await self._secrets.compute(lambda: passwords.hash_password(new, cost))
        change = service.PasswordChange(new_hash, checked, attempt)
        return await database.awrite(
            lambda uow: service.change_password(uow, actor, change, sessions.hash_token(token))
        )

    async def change_hat(self, request: Request) -> Response:
        actor = await self._actor(request)
        if actor is None:
            return _to_sign_in(request)
        form = await read_form(request)
        token = sessions.new_token()
        try:
            lasting = await self._services.database.awrite(
                lambda uow: service.change_hat(uow, actor, field(form, "hat", 96), sessions.hash_token(token))
            )
        except SignInAgain:
            return await self.sign_out(request)
        except Refused as refusal:
            return PlainTextResponse(str(refusal), 404)
        response = RedirectResponse("/", 303)
        self._cookies.set_session(request, response, token, lasting)
        return response

    async def end_others(self, request: Request) -> Response:
        actor = await self._actor(request)
        if actor is not None:
            with suppress(NotYours):  # the session ended meanwhile: the next page says so
                await self._services.database.awrite(lambda uow: service.sign_out_elsewhere(uow, actor))
        return RedirectResponse("/account", 303)

    async def change_appearance(self, request: Request) -> Response:
        """Colours, size or spacing: one is sent, the others stay. Works signed out too, for the login page."""
        form = await read_form(request)
        now = {"theme": "", "vision": "", "spacing": ""} | {
            field.name: getattr(_appearance(request), field.name) for field in dataclasses.fields(Appearance)
        }
        actor = await self._actor(request)
        if actor is not None:
            now |= await self._services.read(actor, queries.preferences)
        chosen = appearance_of(now | {name: field(form, name, 16) for name in now if name in form})
        if actor is not None:
            await self._services.database.awrite(lambda uow: service.prefer(uow, actor, dataclasses.asdict(chosen)))
        response = RedirectResponse(came_from(request.headers), 303)
        self._cookies.set_appearance(request, response, chosen)
        return response

    async def not_found(self, request: Request) -> Response:
        """404 for unknown pages and for those of others alike (D-4), with the sections that are open to the person.

        Plain HTML of the server, so that the bundle cannot draw the page after all.
        """
        actor = await self._actor(request)
        if actor is None:
            return _to_sign_in(request)
        school, _demonstration = await self._services.database.aread(self._describe)
        return _render(
            "not_found.html",
            404,
            await self._services.read(actor, queries.appearance),
            title=_("There is no such page"),
            school=school,
            person=await self._services.read(actor, queries.shown_person),
            sections=[section for section in menu.sections() if actor.may(Right(section.right))],
        )

    async def alive(self, _request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(self, _request: Request) -> Response:
        """Ready to serve: the database answers and its schema is the one of this code."""
        from ais_app.db import migrations

        try:
            behind = await self._services.database.aread(migrations.pending)
        except Exception as error:  # whatever it is, this process cannot serve
            log.warning("not_ready", exc_info=error)
            return PlainTextResponse("database\n", 503)
        return PlainTextResponse("migrate\n", 503) if behind else PlainTextResponse("ok\n")

    async def refuse_form(self, request: Request, error: Exception) -> Response:
        """Answer a form that cannot be read: 400 on its own page, counted; the first one of a day is logged, under the
        code that is shown (S-73).
        """
        network = network_of(request.scope, self._services.settings.trusted_proxies)
        actor = await self._actor(request)
        account, path = actor.account_uid if actor else "", request.url.path[:64]
        first = await self._services.database.awrite(
            lambda uow: service.record_refusal(uow, "form", account=account, network=network, subject=path)
        )
        said = str(error)
        if first:
            code = new_uid()
            log.warning("form_refused", error_id=code, account=account, exc_info=error)
            coded = _("Error code: {code}").format(code=code)
            said = f"{said} {coded}"
        if path == "/login":
            return await self._login_page(request, _SignInForm(), said, 400)
        if path == "/password" and actor is not None:
            back = came_from(request.headers)
            return await self._password_page(actor, back, PasswordRefused(said, "present"), 400)
        return PlainTextResponse(said, 400)

    async def _actor(self, request: Request) -> Actor | None:
        return await self._services.sessions.actor_of_cookie(request.headers.get("cookie"))

    async def _carry_appearance(self, request: Request, response: Response, token: str) -> None:
        """After signing in: what was chosen on the login page becomes the account's, unless it has chosen before."""
        actor = await self._services.sessions.actor(token)
        if actor is None:
            return
        kept = await self._services.read(actor, queries.preferences)
        of_browser = _appearance(request)
        if "theme" in kept:
            self._cookies.set_appearance(request, response, appearance_of(kept))
        elif of_browser != Appearance():
            await self._services.database.awrite(lambda uow: service.prefer(uow, actor, dataclasses.asdict(of_browser)))

    async def _login_page(self, request: Request, typed: _SignInForm, error: str = "", status: int = 200) -> Response:
        school, demonstration = await self._services.database.aread(self._describe)
        return _render(
            "login.html",
            status,
            _appearance(request),
            title=_("Sign in"),
            error=error,
            login=typed.login,
            personal=typed.personal,
            next="" if safe_next(typed.next_page) == "/" else typed.next_page,
            school=school,
            demonstration=demonstration,
        )

    async def _password_page(
        self, actor: Actor, next_page: str, refusal: PasswordRefused | None = None, status: int = 200
    ) -> Response:
        shortest = passwords.SHORTEST if actor.hat.is_family else passwords.SHORTEST_FOR_STAFF
        return _render(
            "password.html",
            status,
            await self._services.read(actor, queries.appearance),
            title=_("Password"),
            wrong={refusal.field: str(refusal)} if refusal else {},
            forced=actor.must_change_password,
            next=safe_next(next_page),
            login=await self._services.read(actor, queries.login_of),
            rule=ngettext(
                "At least {count} character. Several unusual words are better than signs and digits.",
                "At least {count} characters. Several unusual words are better than signs and digits.",
                shortest,
            ),
        )


def _appearance(request: Request) -> Appearance:
    """What this browser's cookie says about colours and size."""
    return appearance_in(request.cookies.get(APPEARANCE_COOKIE, ""))


def _to_sign_in(request: Request) -> Response:
    """Redirect to the sign-in page, which leads back to the page that the request came from."""
    return RedirectResponse(login_address(came_from(request.headers)), 303)


def _later(response: Response, wait: timedelta = timedelta(seconds=BUSY_SECONDS)) -> Response:
    """The response with a Retry-After of `wait`, at least one second."""
    response.headers["retry-after"] = str(max(1, math.ceil(wait.total_seconds())))
    return response


def _render(template: str, status: int, appearance: Appearance, **values: Any) -> Response:
    page = _templates.get_template(template).render(
        language=language(), appearance=appearance, choices=appearance_choices(), **values
    )
    return HTMLResponse(page, status)
