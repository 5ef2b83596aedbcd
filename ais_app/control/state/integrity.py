"""State of «Проверка»: what is checked, the check as it goes on, and what it found."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import reflex as rx
import structlog

from ais_app.access.guard import tab_of
from ais_app.access.handling import allow
from ais_app.control import views
from ais_app.control.checking import CheckFailed, check_aside
from ais_app.control.queries import integrity
from ais_app.control.views import ChainItem, FaultItem, StepItem
from ais_app.i18n import moment_in_words, ngettext
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.services import services

log = structlog.get_logger("integrity")

# The check of a large ledger takes a processor for long: one at a time in a process, the others wait (S-50).
_one_check = asyncio.Lock()
_checking: set[str] = set()  # the tabs whose check runs or waits in this process


class IntegrityState(rx.State):
    """The chains, the steps, and the result of this page's own check; nothing of it is stored."""

    chains: list[ChainItem] = []
    steps: list[StepItem] = []
    busy: bool = False
    verdict: str = ""
    checked: str = ""
    faults: list[FaultItem] = []
    count: str = ""
    more: str = ""

    @allow(Right.CHECK_INTEGRITY)
    async def open_page(self, actor: Actor):
        self.busy = tab_of(self) in _checking  # the answer of a check stays until the next one: it says when it was
        self.chains = views.chain_items(await services().read(actor, integrity.own_chains))
        self.steps = self.steps or views.steps()

    @allow(Right.CHECK_INTEGRITY)
    async def check(self, actor: Actor):
        """Check in a process of its own; the page shows step by step how far it is."""
        self.busy, self.verdict, self.faults, self.more, self.count = True, "", [], "", ""
        self.steps = views.steps()
        yield
        counted, shown = Counter[str](), list[dict[str, Any]]()
        _checking.add(tab_of(self))
        try:
            async with _one_check:
                step = ""
                async for name, said in check_aside(*_of(actor)):
                    if name == "fault":
                        counted[step] += 1
                        shown += [said] if len(shown) < views.MOST_SHOWN else []
                    elif said["step"] != step:
                        step = said["step"]
                        self.steps = views.steps(step, counted)
                        yield
        except CheckFailed as failure:
            log.warning("check_failed", why=str(failure))
            self.steps, self.verdict, self.busy = views.steps(), "failed", False
            return
        finally:
            _checking.discard(tab_of(self))
        total = counted.total()
        self.steps, self.verdict = views.ended(counted), "broken" if total else "whole"
        self.faults = await services().read(actor, views.fault_items, shown)
        self.count = ngettext("{count} difference", "{count} differences", total) if total else ""
        left = total - len(shown)
        self.more = ngettext("and {count} more", "and {count} more", left) if left else ""
        self.checked = moment_in_words(services().database.clock.now(), actor.hat.zone)
        self.busy = False


def _of(actor: Actor) -> tuple[str, Any, str]:
    """(address of the database, data folder, the actor's school; "" = the whole installation)."""
    address = services().database.url.render_as_string(hide_password=False)
    everywhere = Scope.INSTALLATION in actor.scopes(Right.CHECK_INTEGRITY)
    return address, services().settings.data, "" if everywhere else actor.hat.school_uid
