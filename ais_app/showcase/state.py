"""State of the development page: what its address says; nothing is read or written."""

from __future__ import annotations

from datetime import date
from typing import Any

import reflex as rx

from ais_app.access.handling import allow, say, spend
from ais_app.access.list_address import ListPage, chosen, without_conditions
from ais_app.access.page_address import address, address_in
from ais_app.access.page_state import Addressed, Status
from ais_app.access.typed_form import as_typed, read, texts
from ais_app.i18n import _, p_
from ais_app.live.changes import only_changes
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.showcase import views
from ais_app.showcase.payloads import KitAddress, KitForm, KitTexts, ListChoice, Received, Words
from ais_app.showcase.views import CLASSES, KitRow
from ais_app.web.kit.form_errors import FormErrors, form_errors
from ais_app.web.kit.options import ChipItem, ConditionItem, OptionItem
from ais_app.web.kit.progress import Progress, running
from ais_app.web.kit.steps import StepItem

PATH, WORDS = "/kit", "удалить"
_STEPS = ("school", "classes", "people", "check")
_FIRST = KitForm(name="Школа № 12", window=14, opens=date(2026, 9, 1))


@only_changes()
class KitState(Addressed, rx.State):
    """`jobs`: one in each of its stages; `removed`: changes when the destroying dialog was answered."""

    status: Status = "loading"
    asked: dict[str, str] = KitAddress().model_dump()
    rows: list[KitRow] = []
    page: ListPage = ListPage()
    parts: list[ChipItem] = []
    standing: list[ConditionItem] = []
    classes: list[OptionItem] = []
    tab: str = "table"
    items: list[StepItem] = []
    jobs: list[Progress] = []
    values: dict[str, str] = texts(_FIRST)
    errors: FormErrors = FormErrors()
    words_errors: FormErrors = FormErrors()
    removed: str = ""
    received: str = ""

    @allow(Right.USE_ACCOUNT)
    async def open_page(self, _actor: Actor):
        if services().settings.env != "test":
            return
        self.classes = [OptionItem(name, name) for name in CLASSES]
        self.jobs = [
            Progress("waiting"),
            running(11, 25, 19.6),
            running(0, 0, 1.0),
            Progress("done", 25, 25, _("{done} of {total}").format(done=25, total=25)),
            Progress("stopped", 11, 25, _("{done} of {total}").format(done=11, total=25)),
            Progress("failed", 11, 25, _("This could not be shown. Error code: {code}").format(code="4f1c")),
        ]
        query = str(self.router.url).partition("?")[2].partition("#")[0]
        self._show(address_in(query, KitAddress))

    @allow(Right.USE_ACCOUNT, ListChoice)
    async def choose(self, _actor: Actor, choice: ListChoice):
        if services().settings.env == "test":
            self._show(chosen(self._asked(), choice))

    @allow(Right.USE_ACCOUNT)
    async def forget_conditions(self, _actor: Actor):
        if services().settings.env == "test":
            asked = self._asked()
            self._show(without_conditions(asked).model_copy(update={"tab": asked.tab, "step": asked.step}))

    @allow(Right.USE_ACCOUNT, KitTexts)
    async def save(self, _actor: Actor, sent: Any):
        form, self.errors = read(KitForm, sent)
        self.values = as_typed(sent) if form is None else texts(form)
        if form is not None:
            await spend(self, form)
            await say(self, _("Saved"), done=True)

    @allow(Right.USE_ACCOUNT, Words)
    async def remove(self, _actor: Actor, sent: Words):
        if sent.words.strip() != WORDS:
            self.words_errors = form_errors({"words": _("Type the words as they stand.")})
            return
        self.words_errors, self.removed = FormErrors(), self.removed + "1"
        await say(self, _("Removed"), done=True)

    @allow(Right.USE_ACCOUNT, Received)
    async def receive(self, _actor: Actor, received: Received):
        self.received = f"{received.name}, {received.size}"

    def _asked(self) -> KitAddress:
        return KitAddress(**self.asked)  # pyright: ignore[reportArgumentType] - its own values

    def _show(self, asked: KitAddress) -> None:
        self.asked, self.address = asked.model_dump(), address(PATH, asked)
        self.rows, self.page, counts = views.listed(asked)
        names = {"": _("All"), "debts": _("With debts")}
        self.parts = [ChipItem(value, name, counts[value]) for value, name in names.items()]
        self.standing = [
            ConditionItem(name, label, value)
            for name, label, value in (
                ("q", p_("condition", "Search"), asked.q),
                ("school_class", _("Class"), asked.school_class),
            )
            if value
        ]
        self.tab = asked.tab or "table"
        self.items = _steps(asked.step or "classes")
        self.status = "error" if asked.part == "error" else "loading" if asked.part == "loading" else "ready"


def _steps(current: str) -> list[StepItem]:
    names = (_("School"), _("Classes"), _("People"), p_("step", "Check"))
    at = _STEPS.index(current)
    return [
        StepItem(
            key,
            names[number],
            "current" if number == at else "done" if number < at else "open" if number == at + 1 else "locked",
            number + 1,
            _("12 of them") if number < at else "",
        )
        for number, key in enumerate(_STEPS)
    ]
