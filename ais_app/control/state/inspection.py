"""State of an inspector's home: the journals that he has opened."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from ais_app.access.handling import allow
from ais_app.control.queries import inspection
from ais_app.i18n import _, moment_in_words
from ais_app.rights.rules import Actor, Right
from ais_app.services import services


@dataclass(frozen=True, slots=True)
class ViewItem:
    href: str
    title: str
    at: str


class InspectionState(rx.State):
    """The recorded views of the actor; `shown` to inspectors only."""

    shown: bool = False
    opened: str = ""
    views: list[ViewItem] = []

    @allow(Right.SEE_HOME)
    async def open_part(self, actor: Actor):
        self.shown = actor.hat.is_watched and actor.may(Right.SEE_JOURNAL)
        if not self.shown:
            return
        found = await services().read(actor, inspection.inspected)
        self.opened = _("{opened} of {journals}").format(opened=found.opened, journals=found.journals)
        self.views = [
            ViewItem(f"/journal/{one.course}", one.title, moment_in_words(one.at, actor.hat.zone)) for one in found.last
        ]
