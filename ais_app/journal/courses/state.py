"""The part of the home page that lists entries outside of memberships, for those who may clear them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import reflex as rx
from pydantic import Field

from ais_app.access.handling import allow, change, said_in_place, say
from ais_app.access.page_state import Status
from ais_app.access.payload import Payload
from ais_app.i18n import day_range, ngettext
from ais_app.journal.courses.queries import outside as reads
from ais_app.journal.courses.queries.outside import OutsideLine
from ais_app.journal.courses.service.outside import Clearing, clear_entries
from ais_app.journal.fields import Uid
from ais_app.rights.rules import Actor, Right
from ais_app.services import services


@dataclass(frozen=True, slots=True)
class OutsideItem:
    """Entries of a student in a class that he was not in on their days. `stays`: what cannot be cleared, and why."""

    key: str
    student: str
    place: str
    name: str
    place_name: str
    about: str
    stays: str
    count: int
    question: str


class _Chosen(Payload):
    student: Uid
    place: Uid


class _Clear(_Chosen):
    count: Annotated[int, Field(ge=1, le=1_000_000)]


class OutsideState(rx.State):
    """Entries outside of memberships. `status`: loading, ready, error; `asking`: key of the item in question."""

    shown: bool = False
    status: Status = "loading"
    lines: list[OutsideItem] = []
    asking: str = ""

    @allow(Right.SEE_HOME)
    async def open_part(self, actor: Actor):
        self.shown = actor.may(Right.CLEAR_ENTRIES)
        if self.shown:
            async with said_in_place(self):
                await self._show(actor)

    @allow(Right.CLEAR_ENTRIES, _Chosen)
    async def ask(self, _actor: Actor, chosen: _Chosen):
        """Ask whether to clear the entries of an item, or close the question."""
        key = f"{chosen.student}:{chosen.place}"
        self.asking = "" if self.asking == key else key

    @allow(Right.CLEAR_ENTRIES, _Clear)
    async def clear(self, actor: Actor, chosen: _Clear):
        """Clear the entries that the question was about; refused when their number has changed since."""
        asked = Clearing(chosen.student, chosen.place, chosen.count)
        cleared = await change(self, actor, lambda uow: clear_entries(uow, actor, asked), chosen.student)
        self.asking = ""
        if cleared:
            await say(self, ngettext("{count} entry is cleared", "{count} entries are cleared", cleared), done=True)
        await self._show(actor)

    async def _show(self, actor: Actor) -> None:
        found = await services().read(actor, reads.outside)
        self.lines = [_item(row) for row in found]
        self.status = "ready"


def _item(row: OutsideLine) -> OutsideItem:
    counts = (
        (row.marks, ngettext("{count} mark", "{count} marks", row.marks)),
        (row.comments, ngettext("{count} comment", "{count} comments", row.comments)),
        (row.absences, ngettext("{count} absence", "{count} absences", row.absences)),
        (row.remarks, ngettext("{count} remark", "{count} remarks", row.remarks)),
    )
    said = ", ".join(text for number, text in counts if number)
    stays = ngettext(
        "{count} of them lies in a closed period and stays",
        "{count} of them lie in closed periods and stay",
        row.closed,
    )
    return OutsideItem(
        key=f"{row.student}:{row.class_or_course}",
        student=row.student,
        place=row.class_or_course,
        name=row.name,
        place_name=row.class_or_course_name,
        about=f"{day_range(row.first, row.last)}: {said}",
        stays=stays if row.closed else "",
        count=row.open,
        question=ngettext(
            "Clear {count} entry? The history keeps it.", "Clear {count} entries? The history keeps them.", row.open
        ),
    )
