"""State of what is written down, and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import reflex as rx

from ais_app.access.handling import allow, said_in_place, today_of
from ais_app.access.page_state import Status
from ais_app.control.queries import keeping
from ais_app.control.queries.keeping import Kept, TeacherKeeping, UnwrittenLesson
from ais_app.i18n import _, day_and_month
from ais_app.rights.rules import Actor, Right
from ais_app.services import services


@dataclass(frozen=True, slots=True)
class KeepingItem:
    """A teacher: «24 из 28» written down, how many are missing, and the address of the oldest of these lessons."""

    name: str
    today: str
    week: str
    missing: str
    href: str


@dataclass(frozen=True, slots=True)
class GapItem:
    href: str
    title: str
    about: str


class KeepingState(rx.State):
    """What is written down, for the director and the deputies. `status`: loading, ready, error.

    `missing`: how many lessons are not written down; `gaps` lists the oldest of them.
    """

    shown: bool = False
    status: Status = "loading"
    sum: str = ""
    missing: str = ""
    teachers: list[KeepingItem] = []
    gaps: list[GapItem] = []

    @allow(Right.SEE_HOME)
    async def open_part(self, actor: Actor):
        self.shown = actor.may(Right.SEE_KEEPING)
        if self.shown:
            async with said_in_place(self):
                await self._show(actor)

    async def _show(self, actor: Actor) -> None:
        today = today_of(actor)
        teachers = await services().read(actor, keeping.keeping)
        self.gaps = gap_items(await services().read(actor, keeping.gaps), today)
        self.teachers = [_teacher(one) for one in teachers]
        self.missing = str(sum(one.week.held - one.week.kept for one in teachers))
        whole = Kept(sum(one.week.kept for one in teachers), sum(one.week.held for one in teachers))
        day = Kept(sum(one.today.kept for one in teachers), sum(one.today.held for one in teachers))
        said = _("No lesson has ended in the last seven days.")
        if whole.held:
            said = _("No lesson has ended today yet. In seven days {week} lessons are written down")
        if day.held:
            said = _("Today {today}, in seven days {week} lessons are written down")
        self.sum = said.format(today=_of(day), week=_of(whole))
        self.status = "ready"


def _of(kept: Kept) -> str:
    return _("{kept} of {held}").format(kept=kept.kept, held=kept.held) if kept.held else "—"


def _teacher(teacher: TeacherKeeping) -> KeepingItem:
    missing = teacher.week.held - teacher.week.kept
    return KeepingItem(
        teacher.name,
        _of(teacher.today),
        _of(teacher.week),
        _("{count} not written").format(count=missing) if missing else "",
        f"/journal/{teacher.oldest[0]}?lesson={teacher.oldest[1]}" if teacher.oldest else "",
    )


def gap_items(gaps: Sequence[UnwrittenLesson], today: date) -> list[GapItem]:
    """The lessons that are not written down; several of one course and day are told apart by their numbers."""
    of_a_day = Counter((gap.course, gap.day) for gap in gaps)
    return [_gap(gap, today, numbered=of_a_day[gap.course, gap.day] > 1) for gap in gaps]


def _gap(gap: UnwrittenLesson, today: date, *, numbered: bool) -> GapItem:
    what = _("no homework yet") if gap.topic else _("no topic yet")
    day = _("today") if gap.day == today else day_and_month(gap.day)
    if numbered:
        day += ", " + _("lesson {number}").format(number=gap.number)
    return GapItem(f"/journal/{gap.course}?lesson={gap.lesson}", gap.title, f"{gap.teacher}, {day}: {what}")
