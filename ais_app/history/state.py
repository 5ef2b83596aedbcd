"""State of the page of operations: the conditions, one page of the list, the opened operation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from ais_app.access.handling import allow, count_refusal, said_in_place, say, spend
from ais_app.access.page_address import address, address_in, asked_address
from ais_app.access.page_state import Addressed, Status
from ais_app.history import conditions, service, undoing, views
from ais_app.history.conditions import Choices
from ais_app.history.payloads import Chosen, Conditions, Opened, Turned, UndoForm
from ais_app.history.queries.reach import narrowed, reach_of
from ais_app.history.views import PATH, OpenedOperation, OperationItem, Shown
from ais_app.i18n import _
from ais_app.live.changes import only_changes
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.web.forms import Wrong, wrong
from ais_app.web.kit.options import ConditionItem, OptionItem

_NO_PAGE = {"before": "", "after": "", "operation": ""}
_EMPTY = Conditions().model_dump()


@only_changes()
class OperationsState(Addressed, rx.State):
    """Holds no more than one page of the list. `own`: the actor's own operations only; `nameless`: an inspector's view.

    `older`, `newer`: numbers in the chain beside which the pages before and after lie; "" = there is none.
    """

    status: Status = "loading"
    own: bool = False
    nameless: bool = False
    wide: bool = False
    by_name: bool = False
    rows: list[OperationItem] = []
    opened: OpenedOperation = OpenedOperation()
    older: str = ""
    newer: str = ""
    standing: list[ConditionItem] = []
    kinds: list[OptionItem] = []
    authors: list[OptionItem] = []
    classes: list[OptionItem] = []
    students: list[OptionItem] = []
    asked: dict[str, str] = dict(_EMPTY)
    export: str = ""
    question: str = ""
    wrong: Wrong = Wrong()

    @allow(Right.SEE_OPERATIONS)
    async def open_page(self, actor: Actor):
        """Open the page: where the address says, else where this tab was."""
        asked = asked_address(self, Conditions, self.address)
        await self._show(actor, asked or self._asked())

    @allow(Right.SEE_OPERATIONS, Chosen)
    async def choose(self, actor: Actor, chosen: Chosen):
        """Set a condition or take it away; a value that does not fit counts as none."""
        named = ("entity", "subject") if chosen.name == "object" else (chosen.name,)
        values = self.asked | dict.fromkeys(named, "" if chosen.name == "object" else chosen.value) | _NO_PAGE
        if chosen.name == "school_class":
            values["person"] = ""
        await self._show(actor, _fitting(values))

    @allow(Right.SEE_OPERATIONS)
    async def forget_conditions(self, actor: Actor):
        await self._show(actor, Conditions())

    @allow(Right.SEE_OPERATIONS, Turned)
    async def turn(self, actor: Actor, turned: Turned):
        """To the older or the newer operations."""
        beside = {"before": self.older} if turned.to == "older" else {"after": self.newer}
        await self._show(actor, _fitting(self.asked | _NO_PAGE | beside))

    @allow(Right.SEE_OPERATIONS, Opened)
    async def open_operation(self, actor: Actor, asked: Opened):
        """Open an operation of the list, or close it."""
        uid = "" if asked.operation == self.opened.uid else asked.operation
        await service.look(services().database, actor, self._asked())
        self.opened = await services().read(actor, views.opened, uid)
        self.question, self.wrong = "", Wrong()
        self._remember(_fitting(self.asked | {"operation": self.opened.uid}))

    @allow(Right.SEE_OPERATIONS)
    async def show_all(self, actor: Actor):
        """Show everything that the opened operation did."""
        await service.look(services().database, actor, self._asked())
        self.opened = await services().read(actor, views.opened, self.opened.uid, whole=True)

    @allow(Right.SEE_OPERATIONS, UndoForm)
    async def undo(self, actor: Actor, form: UndoForm):
        """Undo the opened operation; where it holds more than is seen, only when its question was answered."""
        self.wrong = Wrong()
        try:
            await undoing.undo(services().database, actor, form)
        except Refused as refusal:
            if isinstance(refusal, NotYours):
                await count_refusal(actor, "undo", form.operation)
            if refusal.field == "confirmed":
                self.question = str(refusal)
            elif refusal.field == "reason":
                self.wrong = wrong("reason", str(refusal))
            else:
                await say(self, str(refusal))
            return
        self.question = ""
        await spend(self, form)
        await say(self, _("It is undone. The history keeps both."), done=True)
        await self._show(actor, self._asked())

    async def _show(self, actor: Actor, asked: Conditions) -> None:
        asked = narrowed(actor, asked)
        async with said_in_place(self):
            await service.look(services().database, actor, asked)
            shown, choices, standing = await services().read(actor, _read, asked)
            self.rows, self.opened, self.older, self.newer = shown.rows, shown.opened, shown.older, shown.newer
            self.wide, self.by_name = choices.wide, choices.by_name
            self.kinds, self.authors = choices.kinds, choices.authors
            self.classes, self.students = choices.classes, choices.students
            self.standing = standing
            self.own, self.nameless = reach_of(actor).own, actor.hat.is_watched
            self._remember(asked)
            self.status = "ready"

    def _asked(self) -> Conditions:
        return _fitting(self.asked)

    def _remember(self, asked: Conditions) -> None:
        self.asked = asked.model_dump()
        self.address = address(PATH, asked)
        query = urlencode({name: value for name, value in self.asked.items() if value and name not in _NO_PAGE})
        self.export = f"{PATH}/export?{query}" if query else f"{PATH}/export"


def _fitting(values: dict[str, Any]) -> Conditions:
    return address_in(urlencode({name: value for name, value in values.items() if value}), Conditions)


def _read(reading: Reading, asked: Conditions) -> tuple[Shown, Choices, list[ConditionItem]]:
    return (
        views.shown(reading, asked),
        conditions.choices_of(reading, asked),
        conditions.conditions_in_words(reading, asked),
    )
