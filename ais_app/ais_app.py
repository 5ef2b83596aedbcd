"""Composition root: makes the app, its gate, guard and lifespan tasks of what the rooms declare."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from pkgutil import resolve_name
from typing import Any

import reflex as rx
from reflex.constants import Page404
from sqlalchemy import Connection
from starlette.applications import Starlette

from ais_app import logs, rooms, serve
from ais_app.access import refusal_digest
from ais_app.access.errors import FormRefused
from ais_app.access.gate.answer_headers import AnswerHeaders, content_security_policy
from ais_app.access.gate.asgi import ASGIApp, Gate
from ais_app.access.gate.declared import Declared, page
from ais_app.access.guard import NoticeState, SessionGuard, refuse_unread
from ais_app.access.sign_in.routes import SignInRoutes, failed_page
from ais_app.changes import change_of
from ais_app.errors import answer_to_crash, note_crash_of_a_page
from ais_app.file_purposes import PURPOSES
from ais_app.files.keeping import JobFiles
from ais_app.files.store import FileStore
from ais_app.help.topics import help_address
from ais_app.i18n import _, language
from ais_app.job_kinds import JOB_KINDS
from ais_app.jobs.run_of_child import Place
from ais_app.jobs.running import Runner
from ais_app.ledger.witness import signing_key
from ais_app.ledger.witnessing import Witness, witnessing
from ais_app.live.changes import say_hydrated_once
from ais_app.live.followed import follow_events
from ais_app.live.intake import Intake
from ais_app.live.router import keep_router
from ais_app.metrics.showing import present, watch, write_figures
from ais_app.pages import Pages
from ais_app.people.queries import login_name
from ais_app.rights.rules import Actor, Right
from ais_app.school import home
from ais_app.school.state import ShellState
from ais_app.server_commands.declared import answer
from ais_app.server_commands.listener import listening
from ais_app.services import services
from ais_app.setup.demo.logins import demonstration_logins
from ais_app.web import alarms, bundle, menu, top_bar
from ais_app.web.build import versioned
from ais_app.web.page_styles import style_sheets
from ais_app.web.shell import elsewhere
from ais_app.web.wraps import wraps

logs.configure(services().settings)

DECLARED: tuple[Pages, ...] = tuple(
    import_module(f"ais_app.{name}.pages").PAGES for name in rooms.NAMES if find_spec(f"ais_app.{name}.pages")
)
PAGES = tuple(one for declared in DECLARED for one in declared.pages)
PARTS = tuple(one for declared in DECLARED for one in declared.home)
STYLES = ("tokens", "components", *(name for declared in DECLARED for name in declared.styles))
REQUESTS = {one.name: one for room in rooms.ROOMS if room.requests for one in resolve_name(room.requests)}

menu.register(*(section for room in rooms.ROOMS for section in room.menu))
menu.explain_by(help_address)
top_bar.register(*(part for declared in DECLARED for part in declared.top_bar))
alarms.register(present)
home.register(PARTS, [declared.head for declared in DECLARED if declared.head is not None])


def home_of(actor: Actor) -> str:
    """The address at which a role begins (D-4)."""
    return "/" if actor.may(Right.SEE_HOME) else "/diary"


def describe(connection: Connection) -> tuple[str, Sequence[tuple[str, str]]]:
    """The school's name and the demonstration logins, for the login page."""
    name, demonstration = login_name(connection)
    return name, demonstration_logins() if demonstration else ()


def gate(inner: ASGIApp) -> ASGIApp:
    """Wrap the application in the gate, when the server starts; the hashes of inline scripts come from the build.

    Raises BundleOutdated.
    """
    bundle.require_fit(bundle.web_dir())
    hashes = json.loads(bundle.script_hashes().read_text(encoding="utf-8"))
    headers = AnswerHeaders(content_security_policy(hashes))
    return Gate(inner, services(), declared(), home_of, headers)


def declared() -> Declared:
    """What passes the gate: the addresses and pages of all rooms, what is for tests on a server for tests only."""
    tests = services().settings.env == "test"
    addresses = (one for room in rooms.ROOMS for one in room.addresses if tests or not one.for_tests)
    return Declared(addresses, (page(one.route, one.right) for one in PAGES if tests or not one.for_tests))


def publish(announced: Sequence[Any]) -> None:
    """Commit hook: publish what was announced on the bus; called in a writer's thread."""
    services().bus.publish(*[change_of(event) for event in announced])


async def deliver() -> None:
    """Lifespan task: deliver changes to open pages until the server stops."""
    serve.settle()
    await services().hub.run()


async def forget_closed_tabs() -> None:
    """Lifespan task: drop the states of tabs that have been closed for their term."""
    await services().hub.forget_closed_tabs()


@asynccontextmanager
async def witness_the_ledger() -> AsyncIterator[None]:
    """For as long as the server runs: what the head of each chain is, signed, outside the database."""
    chosen = services().settings
    key = signing_key(chosen.witness_key_file)
    witness = Witness(services().database, key, chosen.witness_files, chosen.witness_key_file)
    watch().witness_lag = witness.lag
    async with witnessing(witness):
        yield


async def run_jobs() -> None:
    """Lifespan task: run the jobs that are due, until the server stops."""
    chosen, database = services().settings, services().database
    if chosen.jobs_at_once:
        keep = JobFiles(FileStore(chosen.files), JOB_KINDS, PURPOSES)
        named = {"zone": chosen.timezone, "at_once": chosen.jobs_at_once, "keep": keep}
        runner = Runner(database, JOB_KINDS, Place(chosen.data), **named)
        await runner.run()


async def watch_the_installation() -> None:
    """Lifespan task: look for alarms until the server stops."""
    await watch().run()


async def write_own_figures() -> None:
    """Lifespan task: where several processes serve, let the others see what this one counts."""
    await write_figures()


async def count_refusals() -> None:
    """Lifespan task: put the refused attempts of each day that is over into the ledger."""
    await refusal_digest.count_days(services().database)


@asynccontextmanager
async def listen_for_commands() -> AsyncIterator[None]:
    """Lifespan task: answer commands such as `ais user …` by the socket in the data folder."""
    async with listening(services().settings.data, lambda request: answer(services().database, REQUESTS, request)):
        yield


sign_in = SignInRoutes(services(), describe)
app = rx.App(
    html_lang=language(),
    api_transformer=[
        Starlette(
            routes=[*sign_in.routes, *(route for declared in DECLARED for route in declared.routes(services()))],
            exception_handlers={FormRefused: sign_in.refuse_form, Exception: failed_page},
        ),
        gate,
    ],
    head_components=[
        rx.el.link(rel="icon", href=versioned("/favicon.svg")),
        rx.el.link(rel="manifest", href=versioned("/manifest.webmanifest")),
        rx.el.script(src=versioned("/js/ahead.js"), custom_attrs={"async": True}),
        *[rx.el.script(src=versioned(f"/js/{name}.js"), defer=True) for name in ("menus", "opener", "offline")],
        style_sheets("every", *STYLES),
    ],
    backend_exception_handler=answer_to_crash,
    frontend_exception_handler=note_crash_of_a_page,
    toaster=None,
    app_wraps=wraps(),
)
app.add_middleware(SessionGuard())
follow_events()
keep_router()
say_hydrated_once()
for _page in PAGES:
    _parts = [part.opens for part in PARTS if part.opens is not None] if _page.holds_parts else []
    _opens = [ShellState.open_page, *_page.opens, *_parts]
    app.add_page(_page.component, route=_page.route, title=_page.title, on_load=_opens)
app.add_page(elsewhere, route=Page404.SLUG, title=_("Journal and diary"))
app.register_lifespan_task(deliver)
app.register_lifespan_task(forget_closed_tabs)
app.register_lifespan_task(listen_for_commands)
app.register_lifespan_task(count_refusals)
app.register_lifespan_task(run_jobs)
app.register_lifespan_task(witness_the_ledger)
app.register_lifespan_task(watch_the_installation)
app.register_lifespan_task(write_own_figures)

Intake(refuse_unread).attach(app)
services().push.attach(app, NoticeState, {"ended": True})
services().database.on_commit(publish)
for _declared in DECLARED:
    for _name, _deliver in _declared.channels.items():
        services().hub.channel(_name, _deliver)
