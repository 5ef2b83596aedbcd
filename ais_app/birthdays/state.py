"""State of the class teacher's home: birthdays of the class."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from ais_app.access.handling import allow, today_of
from ais_app.birthdays import queries
from ais_app.i18n import _, day_and_month, ngettext
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.services import services


@dataclass(frozen=True, slots=True)
class BirthdayItem:
    name: str
    about: str
    today: bool


class BirthdaysState(rx.State):
    """The birthdays of the class that the actor leads; `shown`: he leads one."""

    shown: bool = False
    near: list[BirthdayItem] = []

    @allow(Right.SEE_HOME)
    async def open_part(self, actor: Actor):
        self.shown = Scope.OWN_CLASS in actor.scopes(Right.SEE_DIARY)
        if not self.shown:
            return
        today = today_of(actor)
        found = await services().read(actor, queries.birthdays)
        self.near = [
            BirthdayItem(
                one.name,
                _("{day}, turns {age}").format(
                    day=day_and_month(one.day), age=ngettext("{count} year", "{count} years", one.age)
                ),
                one.day == today,
            )
            for one in found
        ]
