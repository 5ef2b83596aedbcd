"""State of «Проверка»: the check that runs, what the last one found, and those before it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, change, spend
from ais_app.access.page_state import watched_read
from ais_app.access.typed_form import as_typed, read
from ais_app.control import views
from ais_app.control.jobs import VERIFICATION, VerificationAsked
from ais_app.control.payloads import CheckForm, CheckTexts
from ais_app.control.queries import integrity
from ais_app.control.views import ChainItem, CheckItem, FaultItem, StepItem
from ais_app.db import UnitOfWork
from ais_app.jobs import asking
from ais_app.jobs.feeds import feed_of
from ais_app.live.hub import Watcher
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.web.kit.form_errors import FormErrors

CHANNEL = "integrity"
KEY = "asked"


class IntegrityState(rx.State):
    """What the jobs that verify the record say. `busy`: one of this school waits or runs; `waiting`: it waits."""

    chains: list[ChainItem] = []
    steps: list[StepItem] = []
    busy: bool = False
    waiting: bool = False
    verdict: str = ""
    checked: str = ""
    faults: list[FaultItem] = []
    count: str = ""
    more: str = ""
    checks: list[CheckItem] = []
    values: dict[str, str] = {"since": ""}
    errors: FormErrors = FormErrors()

    @allow(Right.CHECK_INTEGRITY)
    async def open_page(self, actor: Actor):
        await self._show(actor)

    @allow(Right.CHECK_INTEGRITY)
    async def check(self, actor: Actor):
        """Ask for a check; one that waits or runs already is watched."""
        await self._ask(actor, VerificationAsked())

    @allow(Right.CHECK_INTEGRITY, CheckTexts)
    async def check_since(self, actor: Actor, sent: Any):
        """Ask for a check of what was done since a day."""
        form, self.errors = read(CheckForm, sent)
        self.values = as_typed(sent) if form is None else {"since": ""}
        if form is not None:
            zone = await services().read(actor, lambda reading: reading.zone)
            since = datetime.combine(form.since, time(), ZoneInfo(zone)).astimezone(UTC)
            await self._ask(actor, VerificationAsked(since=since))
            await spend(self, form)

    @allow(Right.CHECK_INTEGRITY)
    async def stop(self, actor: Actor):
        """Stop the check of this school that waits or runs."""
        uid = await services().read(actor, integrity.open_check)
        if uid:
            await change(self, actor, lambda uow: asking.stop(uow, actor, VERIFICATION, uid), "check")
        await self._show(actor)

    async def _ask(self, actor: Actor, asked: VerificationAsked) -> None:
        def ask(uow: UnitOfWork) -> object:
            return asking.ask_as(uow, actor, VERIFICATION, asked, key=KEY)

        await change(self, actor, ask, "check")
        await self._show(actor)

    async def _show(self, actor: Actor) -> None:
        school = asking.school_of(actor, VERIFICATION)
        watcher = Watcher(tab_of(self), actor.session_uid, CHANNEL, feed_of(school))
        shown: dict[str, Any] = await watched_read(watcher, services().read(actor, views.shown))
        for name, value in shown.items():
            setattr(self, name, value)
