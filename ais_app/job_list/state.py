"""State of «Работы»."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, change, said_in_place
from ais_app.access.page_address import address, address_in, asked_address
from ais_app.access.page_state import Addressed, Status, watched_read
from ais_app.db import UnitOfWork
from ais_app.job_kinds import JOB_KINDS
from ais_app.job_list import queries, views
from ais_app.job_list.payloads import ChosenJob, Listed
from ais_app.job_list.views import JobItem, Tab
from ais_app.jobs import asking
from ais_app.jobs.declared import JobKind
from ais_app.jobs.feeds import feed_of
from ais_app.live.hub import Watcher
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.services import services

CHANNEL = "jobs"
PATH = "/jobs"


class JobsState(Addressed, rx.State):
    """One page of jobs. `all`, `open`, `failed`: how many of each there are."""

    status: Status = "loading"
    tab: str = ""
    rows: list[JobItem] = []
    all: str = ""
    open: str = ""
    failed: str = ""

    @allow(Right.SEE_JOBS)
    async def open_page(self, actor: Actor):
        asked = asked_address(self, Listed, self.address)
        await self._show(actor, asked or Listed(tab=_tab(self.tab)))

    @allow(Right.SEE_JOBS, Listed)
    async def choose(self, actor: Actor, asked: Listed):
        """Show all, those that wait or run, or those that failed."""
        await self._show(actor, asked)

    @allow(Right.SEE_JOBS, ChosenJob)
    async def stop(self, actor: Actor, asked: ChosenJob):
        await self._change(actor, asked, asking.stop)

    @allow(Right.SEE_JOBS, ChosenJob)
    async def repeat(self, actor: Actor, asked: ChosenJob):
        await self._change(actor, asked, asking.repeat)

    @allow(Right.SEE_JOBS, ChosenJob)
    async def put_away(self, actor: Actor, asked: ChosenJob):
        await self._change(actor, asked, asking.put_away)

    async def _change(
        self, actor: Actor, asked: ChosenJob, work: Callable[[UnitOfWork, Actor, JobKind, str], object]
    ) -> None:
        """Change a job, where there is one for this actor; the list is shown anew in any case."""
        name = await services().read(actor, queries.kind_of, asked.job)
        kind = JOB_KINDS.get(name, next(iter(JOB_KINDS.values())))  # of none: refused as not the actor's
        await change(self, actor, lambda uow: work(uow, actor, kind, asked.job), "job")
        await self._show(actor, Listed(tab=_tab(self.tab)))

    async def _show(self, actor: Actor, asked: Listed) -> None:
        async with said_in_place(self):
            watcher = Watcher(tab_of(self), actor.session_uid, CHANNEL, feed_of_actor(actor), {"tab": asked.tab})
            shown = await watched_read(watcher, services().read(actor, view, asked.tab))
            self.address = address(PATH, asked)
            for name, value in shown.items():
                setattr(self, name, value)


def view(reading: Reading, tab: Tab) -> dict[str, Any]:
    """The variables of the page for this reader."""
    counted = queries.counts(reading, JOB_KINDS)
    return {
        "status": "ready",
        "tab": tab,
        "rows": views.items(reading, JOB_KINDS, tab),
        **views.tabs(counted),
    }


def feed_of_actor(actor: Actor) -> str:
    """The feed of the jobs that an actor sees: his school's, or the installation's."""
    return feed_of("" if Scope.INSTALLATION in actor.scopes(Right.SEE_JOBS) else actor.hat.school_uid)


def _tab(tab: str) -> Tab:
    return address_in(urlencode({"tab": tab}), Listed).tab
