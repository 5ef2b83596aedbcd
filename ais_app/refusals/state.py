"""State of the list of refusals."""

from __future__ import annotations

import reflex as rx

from ais_app.access.handling import allow, said_in_place
from ais_app.access.list_address import ListChoice, ListPage, chosen, fitting, without_conditions
from ais_app.access.page_address import address, asked_address
from ais_app.access.page_state import Addressed, Status
from ais_app.live.changes import only_changes
from ais_app.refusals import views
from ais_app.refusals.payloads import PATH, RefusalsAddress
from ais_app.refusals.views import RefusalItem
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.web.kit.options import ConditionItem, OptionItem


@only_changes()
class RefusalsState(Addressed, rx.State):
    status: Status = "loading"
    asked: dict[str, str] = RefusalsAddress().model_dump()
    rows: list[RefusalItem] = []
    page: ListPage = ListPage()
    kinds: list[OptionItem] = []
    standing: list[ConditionItem] = []

    @allow(Right.KEEP_LEDGER)
    async def open_page(self, actor: Actor):
        await self._show(actor, asked_address(self, RefusalsAddress, self.address) or self._asked())

    @allow(Right.KEEP_LEDGER, ListChoice)
    async def choose(self, actor: Actor, choice: ListChoice):
        """Search, set a condition or take it away, order, turn the page."""
        await self._show(actor, chosen(self._asked(), choice))

    @allow(Right.KEEP_LEDGER)
    async def forget_conditions(self, actor: Actor):
        await self._show(actor, without_conditions(self._asked()))

    async def _show(self, actor: Actor, asked: RefusalsAddress) -> None:
        async with said_in_place(self):
            found = await services().read(actor, views.refusals, asked)
            self.rows, self.page, self.kinds, self.standing = found.rows, found.page, found.kinds, found.standing
            self.asked, self.address = asked.model_dump(), address(PATH, asked)
            self.status = "ready"

    def _asked(self) -> RefusalsAddress:
        return fitting(self.asked, RefusalsAddress)
