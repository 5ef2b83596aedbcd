"""State of «Обмен»: the last check, import and export, and what is asked for."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, change, said_in_place
from ais_app.access.page_state import Status, watched_read
from ais_app.access.payload import Payload
from ais_app.db import UnitOfWork
from ais_app.exchange import queries, views
from ais_app.exchange.jobs import CHECK, EXPORT, IMPORT, JOBS, TAKING_BACK, ExportAsked, SetAsked, TakingBackAsked
from ais_app.exchange.payloads import ChosenCheck, ChosenJob, ChosenOptions, ChosenRun, ChosenSchool
from ais_app.exchange.views import CountItem, FoundItem, SchoolItem, SetJob
from ais_app.jobs import asking
from ais_app.jobs.declared import JobKind
from ais_app.jobs.feeds import feed_of
from ais_app.live.hub import Watcher
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.web.kit.options import OptionItem

CHANNEL = "exchange"
KEY = "set"  # one import or export at a time of a school


class ExchangeState(rx.State):
    """What the jobs of exchange say. `may_write`: the set that was checked has no problems and waits to be written.

    `ends`: its only problems are that it would end most of a school; `homerooms`: how many classes nobody recognises.
    `years`: the school years to choose from, `year` that of the check.
    """

    status: Status = "loading"
    check: SetJob = SetJob()
    counts: list[CountItem] = []
    found: list[FoundItem] = []
    problems: int = 0
    may_write: bool = False
    ends: bool = False
    homerooms: int = 0
    year: str = ""
    years: list[OptionItem] = []
    written: SetJob = SetJob()
    taken: SetJob = SetJob()
    exported: SetJob = SetJob()
    schools: list[SchoolItem] = []

    @allow(Right.SET_UP_SCHOOL)
    async def open_page(self, actor: Actor):
        await self._show(actor)

    @allow(Right.SET_UP_SCHOOL, ChosenCheck)
    async def sent(self, actor: Actor, _asked: ChosenCheck):
        """A set was received, its check waits."""
        await self._show(actor)

    @allow(Right.SET_UP_SCHOOL, ChosenOptions)
    async def check_again(self, actor: Actor, asked: ChosenOptions):
        """Check the same set once more with other options."""
        checked = await self._set_of(actor, asked.job)
        options = {"year": asked.year, "ending": asked.ending}
        await self._ask(actor, CHECK, checked and checked.model_copy(update=options))

    @allow(Right.SET_UP_SCHOOL, ChosenCheck)
    async def write(self, actor: Actor, asked: ChosenCheck):
        """Import the set that was checked, with the options of its check."""
        await self._ask(actor, IMPORT, await self._set_of(actor, asked.job))

    @allow(Right.SET_UP_SCHOOL, ChosenRun)
    async def go_on(self, actor: Actor, asked: ChosenRun):
        """Write what is left of an import that was interrupted."""
        await change(self, actor, lambda uow: asking.repeat(uow, actor, IMPORT, asked.run), "set")
        await self._show(actor)

    @allow(Right.SET_UP_SCHOOL, ChosenJob)
    async def stop(self, actor: Actor, asked: ChosenJob):
        """Stop a job of this page; what it has written stays."""
        row = await services().read(actor, queries.job, asked.job)
        kind = next((one for one in JOBS if row is not None and one.name == row.kind), CHECK)
        await change(self, actor, lambda uow: asking.stop(uow, actor, kind, asked.job), "set")
        await self._show(actor)

    @allow(Right.SET_UP_SCHOOL, ChosenRun)
    async def take_back(self, actor: Actor, asked: ChosenRun):
        """Take an import back as one."""
        imported = await self._set_of(actor, asked.run)
        await self._ask(actor, TAKING_BACK, imported and TakingBackAsked(run=asked.run, name=imported.name))

    @allow(Right.SET_UP_SCHOOL, ChosenSchool)
    async def export(self, actor: Actor, asked: ChosenSchool):
        """Export a school."""
        own = {uid for uid, _name in await services().read(actor, queries.own_schools)}
        await self._ask(actor, EXPORT, ExportAsked(school=asked.school) if asked.school in own else None)

    async def _set_of(self, actor: Actor, job: str) -> SetAsked | None:
        """What a check or an import that the actor may see was asked for; None = there is no such job for him."""
        return queries.set_of(await services().read(actor, queries.job, job))

    async def _ask(self, actor: Actor, kind: JobKind, asked: Payload | None) -> None:
        """Ask for a job and show that it waits; None = it is not the actor's to ask for."""

        def ask(uow: UnitOfWork) -> object:
            if asked is None:
                raise NotYours
            return asking.ask_as(uow, actor, kind, asked, key="" if kind is CHECK else KEY)

        await change(self, actor, ask, "set")
        await self._show(actor)

    async def _show(self, actor: Actor) -> None:
        async with said_in_place(self):
            watcher = Watcher(tab_of(self), actor.session_uid, CHANNEL, feed_of(asking.school_of(actor, IMPORT)))
            shown: dict[str, Any] = await watched_read(watcher, services().read(actor, views.shown))
            for name, value in shown.items():
                setattr(self, name, value)
