"""Composition root: the app, its pages, routes, gate, guard and lifespan tasks. Nothing else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import reflex as rx
from reflex.constants import Page404
from sqlalchemy import Connection
from starlette.applications import Starlette

import ais_app.tables  # noqa: F401 - every table of the house
from ais_app import logs, serve
from ais_app.access.entry.routes import EntryRoutes, failed_page
from ais_app.access.errors import FormRefused
from ais_app.access.gate.asgi import ASGIApp, Gate, content_security_policy, page
from ais_app.access.guard import NoticeState, SessionGuard, refuse_unread
from ais_app.access.service import SessionsEnded
from ais_app.control.page import accounts, inspection, integrity_page, keeping, movement
from ais_app.control.state import AccountsState, InspectionState, IntegrityState, KeepingState, MovementState
from ais_app.diary import state as diary
from ais_app.diary.page import diary_page
from ais_app.diary.progress import channel as progress_channel
from ais_app.diary.progress import state as progress
from ais_app.diary.progress.page import progress_page
from ais_app.diary.routes import DiaryRoutes
from ais_app.errors import answer_to_crash, note_crash_of_a_page
from ais_app.house import house
from ais_app.i18n import _, language
from ais_app.journal.courses import state as courses_state
from ais_app.journal.courses.page.lists import list_page
from ais_app.journal.courses.page.outside import outside
from ais_app.journal.events import CourseChanged, DiaryChanged, OpeningsChanged
from ais_app.journal.grid import channel as journal_channel
from ais_app.journal.grid import state as grid_state
from ais_app.journal.grid.page import course_page
from ais_app.journal.grid.routes import JournalRoutes
from ais_app.journal.lessons.state import panel
from ais_app.journal.today import state as today_state
from ais_app.journal.today.page import title, today, waiting
from ais_app.journal.windows import state as windows_state
from ais_app.journal.windows.page import openings
from ais_app.live.bus import Change
from ais_app.live.hub import SESSIONS
from ais_app.live.intake import Intake
from ais_app.people.queries import login_name
from ais_app.rights.rules import Actor, Right
from ais_app.school.account.page import account_page
from ais_app.school.account.state import AccountState
from ais_app.school.page import home_page
from ais_app.school.state import HomeState, ShellState
from ais_app.server_commands.declared import answer
from ais_app.server_commands.listener import listening
from ais_app.server_commands.users import COMMANDS
from ais_app.setup.demo.logins import demonstration_logins
from ais_app.web import bundle, menu
from ais_app.web.build import versioned
from ais_app.web.shell import elsewhere
from ais_app.web.wraps import wraps

logs.configure(house().settings)

menu.register(
    menu.Section("/", _("Today"), "today", Right.SEE_HOME),
    menu.Section("/journal", _("Journal"), "journal", Right.SEE_JOURNAL),
    menu.Section("/diary", _("Diary"), "diary", Right.SEE_DIARY),
    menu.Section("/progress", _("Progress"), "progress", Right.SEE_PROGRESS),
    menu.Section("/integrity", _("Integrity"), "shield", Right.CHECK_INTEGRITY),
)

OF_THE_HOME = (
    today_state.TodayState,
    windows_state.OpeningsState,
    courses_state.OutsideState,
    KeepingState,
    InspectionState,
    AccountsState,
    MovementState,
)
HOME_OPENS = [state.enter for state in (HomeState, *OF_THE_HOME)]
COURSE_OPENS = [panel.LessonState.enter_course, grid_state.JournalState.enter_course]
PAGES = (
    (
        "/",
        lambda: home_page(
            today(),
            openings(),
            outside(),
            keeping(),
            inspection(),
            accounts(),
            movement(),
            title=title(),
            waiting=waiting(),
        ),
        Right.SEE_HOME,
        _("Today"),
        HOME_OPENS,
    ),
    ("/integrity", integrity_page, Right.CHECK_INTEGRITY, _("Integrity"), [IntegrityState.enter]),
    ("/account", account_page, Right.USE_ACCOUNT, _("Your account"), [AccountState.enter]),
    ("/journal", list_page, Right.SEE_JOURNAL, _("Journal"), [grid_state.JournalState.enter_list]),
    ("/journal/[course]", course_page, Right.SEE_JOURNAL, _("Journal"), COURSE_OPENS),
    ("/diary", diary_page, Right.SEE_DIARY, _("Diary"), [diary.DiaryState.enter]),
    ("/progress", progress_page, Right.SEE_PROGRESS, _("Progress"), [progress.ProgressState.enter]),
)
STYLES = ("tokens", "components", "journal", "diary", "progress", "home")


def home_of(actor: Actor) -> str:
    """Where a role begins (D-4)."""
    return "/" if actor.may(Right.SEE_HOME) else "/diary"


def describe(connection: Connection) -> tuple[str, Sequence[tuple[str, str]]]:
    """The school's name and the demonstration logins, for the login page."""
    name, demonstration = login_name(connection)
    return name, demonstration_logins() if demonstration else ()


def gate(inner: ASGIApp) -> ASGIApp:
    """The outermost layer, made when the server starts; the hashes of inline scripts come from the build."""
    bundle.require_fit(bundle.web_dir())
    hashes = json.loads(bundle.script_hashes().read_text(encoding="utf-8"))
    pages = [page(route, right) for route, _component, right, _title, _load in PAGES]
    return Gate(inner, house(), pages, home_of, content_security_policy(hashes))


def publish(announced: Sequence[Any]) -> None:
    """After a commit: what was announced goes to the bus (called in a writer's thread)."""
    house().bus.publish(*[change_of(event) for event in announced])


def change_of(event: Any) -> Change:
    """What a room announced, as the bus carries it."""
    match event:
        case CourseChanged():
            details = {"op": event.operation, "person": event.person, "cells": event.cells, "reload": event.reload}
            return Change(f"course:{event.course}", event.sequence, details, event.made)
        case DiaryChanged():
            return Change(f"student:{event.student}", event.sequence)
        case OpeningsChanged():
            return Change(f"openings:{event.school}", event.sequence)
        case SessionsEnded():
            return Change(SESSIONS, 0, {"uids": event.session_uids})
    raise TypeError(type(event))


async def deliver() -> None:
    """Lifespan task: carry changes to open pages until the server stops."""
    serve.settle()
    await house().hub.run()


async def forget_closed_tabs() -> None:
    """Lifespan task: the states of closed tabs go after their term."""
    await house().hub.forget_closed_tabs()


@asynccontextmanager
async def listen_for_commands() -> AsyncIterator[None]:
    """For as long as the server runs: `ais user …` asks it by the socket in the data folder."""
    async with listening(house().settings.data, lambda request: answer(house().database, COMMANDS, request)):
        yield


entry = EntryRoutes(house(), describe)
app = rx.App(
    html_lang=language(),
    api_transformer=[
        Starlette(
            routes=[*entry.routes, *DiaryRoutes(house()).routes, *JournalRoutes(house()).routes],
            exception_handlers={FormRefused: entry.refuse_form, Exception: failed_page},
        ),
        gate,
    ],
    head_components=[
        rx.el.link(rel="icon", href=versioned("/favicon.svg")),
        rx.el.link(rel="manifest", href=versioned("/manifest.webmanifest")),
        rx.el.script(src=versioned("/js/ahead.js"), custom_attrs={"async": True}),
        *[rx.el.script(src=versioned(f"/js/{name}.js"), defer=True) for name in ("menus", "offline")],
        *[rx.el.link(rel="stylesheet", href=versioned(f"/css/{name}.css")) for name in STYLES],
    ],
    backend_exception_handler=answer_to_crash,
    frontend_exception_handler=note_crash_of_a_page,
    toaster=None,
    app_wraps=wraps(),
)
app.add_middleware(SessionGuard())
for _route, _component, _right, _title, _load in PAGES:
    app.add_page(_component, route=_route, title=_title, on_load=[ShellState.enter, *_load])
app.add_page(elsewhere, route=Page404.SLUG, title=_("Journal and diary"))
app.register_lifespan_task(deliver)
app.register_lifespan_task(forget_closed_tabs)
app.register_lifespan_task(listen_for_commands)

Intake(refuse_unread).attach(app)
house().push.attach(app, NoticeState, {"ended": True})
house().database.on_commit(publish)
house().hub.channel(grid_state.CHANNEL, journal_channel.deliver)
house().hub.channel(windows_state.CHANNEL, windows_state.deliver)
house().hub.channel(diary.CHANNEL, diary.deliver)
house().hub.channel(progress.CHANNEL, progress_channel.deliver)
