"""State of «Обмен»: the last check, import and export, and what is asked for."""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx

from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, change, said_in_place
from ais_app.access.page_state import Status, watched_read
from ais_app.db import UnitOfWork
from ais_app.db.bulk import BulkFailed
from ais_app.exchange import queries, views
from ais_app.exchange.jobs import EXPORT, IMPORT, ExportAsked, ImportAsked, SetAsked
from ais_app.exchange.payloads import ChosenCheck, ChosenRun, ChosenSchool
from ais_app.exchange.views import CountItem, FoundItem, SchoolItem, SetJob
from ais_app.jobs import asking
from ais_app.jobs.feeds import feed_of
from ais_app.live.hub import Watcher
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.undoing import UNDOING

CHANNEL = "exchange"
KEY = "set"  # one import or export at a time of a school


class ExchangeState(rx.State):
    """What the jobs of exchange say. `may_write`: the set that was checked has no problems and waits to be written."""

    status: Status = "loading"
    check: SetJob = SetJob()
    counts: list[CountItem] = []
    found: list[FoundItem] = []
    problems: int = 0
    may_write: bool = False
    written: SetJob = SetJob()
    exported: SetJob = SetJob()
    schools: list[SchoolItem] = []

    @allow(Right.SET_UP_SCHOOL)
    async def open_page(self, actor: Actor):
        await self._show(actor)

    @allow(Right.SET_UP_SCHOOL, ChosenCheck)
    async def write(self, actor: Actor, asked: ChosenCheck):
        """Import the set that was checked."""
        row = await services().read(actor, queries.job, asked.job)

        def ask(uow: UnitOfWork) -> object:
            if row is None:
                raise NotYours
            checked = SetAsked.model_validate_json(row.payload)
            return asking.ask_as(uow, actor, IMPORT, ImportAsked(file=checked.file, name=checked.name), key=KEY)

        await change(self, actor, ask, "set")
        await self._show(actor)

    @allow(Right.SET_UP_SCHOOL, ChosenRun)
    async def go_on(self, actor: Actor, asked: ChosenRun):
        """Write what is left of an import that was interrupted."""
        await change(self, actor, lambda uow: asking.repeat(uow, actor, IMPORT, asked.run), "set")
        await self._show(actor)

    @allow(Right.SET_UP_SCHOOL, ChosenRun)
    async def take_back(self, actor: Actor, asked: ChosenRun):
        """Take an import back as one."""
        async with said_in_place(self):
            try:
                await asyncio.to_thread(UNDOING.undo_in_pieces, services().database, actor, asked.run)
            except BulkFailed as failure:
                if isinstance(failure.__cause__, Refused):
                    raise failure.__cause__ from failure
                raise
        await self._show(actor)

    @allow(Right.SET_UP_SCHOOL, ChosenSchool)
    async def export(self, actor: Actor, asked: ChosenSchool):
        """Export a school."""
        own = await services().read(actor, queries.own_schools)

        def ask(uow: UnitOfWork) -> object:
            if asked.school not in {uid for uid, _name in own}:
                raise NotYours
            return asking.ask_as(uow, actor, EXPORT, ExportAsked(school=asked.school), key=KEY)

        await change(self, actor, ask, "set")
        await self._show(actor)

    async def _show(self, actor: Actor) -> None:
        async with said_in_place(self):
            watcher = Watcher(tab_of(self), actor.session_uid, CHANNEL, feed_of(asking.school_of(actor, IMPORT)))
            shown: dict[str, Any] = await watched_read(watcher, services().read(actor, views.shown))
            for name, value in shown.items():
                setattr(self, name, value)
