"""State of control: what is not kept, accounts, the integrity of the ledger."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import reflex as rx

from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, said_in_place, today_of
from ais_app.access.rules import Actor, Right
from ais_app.control import queries
from ais_app.control.queries import GapLine, Kept
from ais_app.house import house
from ais_app.i18n import _, day_and_month, moment_in_words, number
from ais_app.ledger.service import INSTALLATION

# A walk over a large ledger takes a reader's thread for long: one at a time in a process, the others wait (S-50).
_one_check = asyncio.Lock()
_checking: set[str] = set()  # the tabs whose check is at work in this process


@dataclass(frozen=True, slots=True)
class KeepingItem:
    """A teacher: «24 из 28» written down, and whether something is missing."""

    name: str
    today: str
    week: str
    whole: bool


@dataclass(frozen=True, slots=True)
class GapItem:
    href: str
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class ChainItem:
    name: str
    count: str


class KeepingState(rx.State):
    """For the director and the deputies: honest and small. `status`: loading, ready, error."""

    shown: bool = False
    status: str = "loading"
    sum: str = ""
    teachers: list[KeepingItem] = []
    gaps: list[GapItem] = []

    @allow(Right.SEE_HOME)
    async def enter(self, actor: Actor):
        self.shown = actor.may(Right.SEE_KEEPING)
        if self.shown:
            async with said_in_place(self):
                await self._show(actor)

    async def _show(self, actor: Actor) -> None:
        today = today_of(actor)
        now = house().database.clock.now().astimezone(ZoneInfo(actor.hat.zone)).time().replace(tzinfo=None)
        lines = await house().database.aread(queries.keeping, actor, today, now)
        self.gaps = [_gap(gap) for gap in await house().database.aread(queries.gaps, actor, today, now)]
        self.teachers = [
            KeepingItem(line.name, _of(line.today), _of(line.week), line.week.kept == line.week.held) for line in lines
        ]
        whole = Kept(sum(line.week.kept for line in lines), sum(line.week.held for line in lines))
        day = Kept(sum(line.today.kept for line in lines), sum(line.today.held for line in lines))
        said = _("No lesson has ended in the last seven days.")
        if whole.held:
            said = _("No lesson has ended today yet. In seven days {week} lessons are written down")
        if day.held:
            said = _("Today {today}, in seven days {week} lessons are written down")
        self.sum = said.format(today=_of(day), week=_of(whole))
        self.status = "ready"


class AccountsState(rx.State):
    """For the administrator: how many accounts, and what to look at."""

    shown: bool = False
    accounts: str = ""
    never: str = ""
    blocked: str = ""
    sessions: str = ""

    @allow(Right.SEE_HOME)
    async def enter(self, actor: Actor):
        sums = await house().database.aread(queries.accounts, actor, house().database.clock.now())
        self.shown = sums is not None
        if sums is not None:
            self.accounts, self.never = str(sums.accounts), str(sums.never)
            self.blocked, self.sessions = str(sums.blocked), str(sums.sessions)


class IntegrityState(rx.State):
    """The ledger's chains and the result of this page's own check; nothing of it is stored."""

    chains: list[ChainItem] = []
    busy: bool = False
    verdict: str = ""
    checked: str = ""
    faults: list[str] = []

    @allow(Right.CHECK_INTEGRITY)
    async def enter(self, actor: Actor):
        self.busy = tab_of(self) in _checking  # the answer of a check stays until the next one: it says when it was
        found = await house().database.aread(queries.own_chains, actor)
        self.chains = [ChainItem(_chain_name(chain), number(count)) for chain, count in found]

    @allow(Right.CHECK_INTEGRITY)
    async def check(self, actor: Actor):
        """Walk the chains in a reader's thread; the page says so meanwhile."""
        self.busy = True
        yield
        _checking.add(tab_of(self))
        try:
            async with _one_check:
                self.faults = await house().database.aread(queries.check, actor)
        finally:
            _checking.discard(tab_of(self))
        self.verdict = "broken" if self.faults else "whole"
        self.checked = moment_in_words(house().database.clock.now(), actor.hat.zone)
        self.busy = False


def _of(kept: Kept) -> str:
    return _("{kept} of {held}").format(kept=kept.kept, held=kept.held) if kept.held else "—"


def _gap(gap: GapLine) -> GapItem:
    what = _("no homework yet") if gap.topic else _("no topic yet")
    about = f"{gap.teacher}, {day_and_month(gap.day)}: {what}"
    return GapItem(f"/journal/{gap.course}?lesson={gap.lesson}", gap.title, about)


def _chain_name(chain: str) -> str:
    return _("Accounts of the installation") if chain == INSTALLATION else _("Journal of the school")
