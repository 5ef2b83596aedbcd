"""State of the list of journals for those who look after a school: one page of it, and what its address says."""

from __future__ import annotations

import reflex as rx

from ais_app.access.handling import allow, said_in_place
from ais_app.access.list_address import ListChoice, ListPage, chosen, fitting, query_of, without_conditions
from ais_app.access.page_address import address, asked_address
from ais_app.access.page_state import Addressed, Status
from ais_app.journal.overview import views
from ais_app.journal.overview.payloads import EXPORT, PATH, JournalsAddress
from ais_app.journal.overview.views import JournalItem
from ais_app.live.changes import only_changes
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.web.kit.options import ChipItem, ConditionItem, OptionItem


@only_changes()
class JournalsState(Addressed, rx.State):
    """`shown`: the actor looks after the school; a teacher has his own list (`journal/courses/`)."""

    shown: bool = False
    status: Status = "loading"
    asked: dict[str, str] = JournalsAddress().model_dump()
    rows: list[JournalItem] = []
    page: ListPage = ListPage()
    parts: list[ChipItem] = []
    standing: list[ConditionItem] = []
    classes: list[OptionItem] = []
    teachers: list[OptionItem] = []
    subjects: list[OptionItem] = []
    summary: str = ""
    export: str = EXPORT

    @allow(Right.SEE_JOURNAL)
    async def open_page(self, actor: Actor):
        """Open the list: where the address says, else where this tab was."""
        self.shown = actor.may(Right.SEE_KEEPING)
        if self.shown:
            await self._show(actor, asked_address(self, JournalsAddress, self.address) or self._asked())

    @allow(Right.SEE_KEEPING, ListChoice)
    async def choose(self, actor: Actor, choice: ListChoice):
        """Search, set a condition or take it away, order, turn the page, hide a column."""
        await self._show(actor, chosen(self._asked(), choice))

    @allow(Right.SEE_KEEPING)
    async def forget_conditions(self, actor: Actor):
        await self._show(actor, without_conditions(self._asked()))

    async def _show(self, actor: Actor, asked: JournalsAddress) -> None:
        async with said_in_place(self):
            found = await services().read(actor, views.overview, asked)
            self.rows, self.page, self.parts, self.standing = found.rows, found.page, found.parts, found.standing
            self.classes, self.teachers, self.subjects = found.classes, found.teachers, found.subjects
            self.summary = found.summary
            self.asked, self.address = asked.model_dump(), address(PATH, asked)
            query = query_of({**self.asked, "page": "", "hide": ""})
            self.export = f"{EXPORT}?{query}" if query else EXPORT
            self.status = "ready"

    def _asked(self) -> JournalsAddress:
        return fitting(self.asked, JournalsAddress)
