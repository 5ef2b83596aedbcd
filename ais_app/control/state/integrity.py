"""State of the page of integrity: the chains and the check."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import reflex as rx

from ais_app.access.guard import tab_of
from ais_app.access.handling import allow
from ais_app.control.queries import integrity
from ais_app.i18n import _, moment_in_words, number
from ais_app.ledger.service import INSTALLATION
from ais_app.rights.rules import Actor, Right
from ais_app.services import services

# A walk over a large ledger takes a reader's thread for long: one at a time in a process, the others wait (S-50).
_one_check = asyncio.Lock()
_checking: set[str] = set()  # the tabs whose check runs or waits in this process


@dataclass(frozen=True, slots=True)
class ChainItem:
    name: str
    count: str


class IntegrityState(rx.State):
    """The ledger's chains and the result of this page's own check; nothing of it is stored."""

    chains: list[ChainItem] = []
    busy: bool = False
    verdict: str = ""
    checked: str = ""
    faults: list[str] = []

    @allow(Right.CHECK_INTEGRITY)
    async def open_page(self, actor: Actor):
        self.busy = tab_of(self) in _checking  # the answer of a check stays until the next one: it says when it was
        found = await services().read(actor, integrity.own_chains)
        self.chains = [ChainItem(_chain_name(chain), number(count)) for chain, count in found]

    @allow(Right.CHECK_INTEGRITY)
    async def check(self, actor: Actor):
        """Verify the chains in a reader's thread; the page shows meanwhile that it is busy."""
        self.busy = True
        yield
        _checking.add(tab_of(self))
        try:
            async with _one_check:
                self.faults = await services().read(actor, integrity.check)
        finally:
            _checking.discard(tab_of(self))
        self.verdict = "broken" if self.faults else "whole"
        self.checked = moment_in_words(services().database.clock.now(), actor.hat.zone)
        self.busy = False


def _chain_name(chain: str) -> str:
    return _("Accounts of the installation") if chain == INSTALLATION else _("Journal of the school")
