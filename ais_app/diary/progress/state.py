"""State of «Успехи»: one child, one period, what is chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Annotated, Any, Literal, cast

import reflex as rx
from pydantic import Field

from ais_app.access import queries as accounts
from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, count_refusal, said_in_place, today_of
from ais_app.access.page_address import address, asked_address
from ais_app.access.page_state import Addressed, Status, tell_foreign, watched_read
from ais_app.access.payload import Payload
from ais_app.diary import queries as diary
from ais_app.diary import views as diary_views
from ais_app.diary.corrected import OpenedItem
from ais_app.diary.open_mark import OpenMark, open_mark
from ais_app.diary.progress import charts, queries, views
from ais_app.diary.progress.charts import ChartItem
from ais_app.diary.progress.class_means import class_means
from ais_app.diary.progress.figures import Theme
from ais_app.diary.progress.views import Choice, OptionItem, PeriodItem, SubjectItem, WhatIfItem
from ais_app.diary.state import DiaryState
from ais_app.diary.views import ChildItem
from ais_app.i18n import _
from ais_app.live.hub import Watcher
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.services import services

CHANNEL = "progress"

Uid = Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]


class _Child(Payload):
    child: Uid


class _Period(Payload):
    period: Annotated[str, Field(pattern=rf"^([a-z2-7]{{16}}|{views.YEAR})$")]


class _Course(Payload):
    course: Uid


class _Kind(Payload):
    kind: Uid


class _Added(Payload):
    mark: Literal["5", "4", "3", "2"]


class _Removed(Payload):
    position: Annotated[int, Field(ge=0, lt=views.MOST_ADDED)]


_UID = "[a-z2-7]{16}"
LONGEST_ADDED = 160  # signs in an address


class _Address(Payload):
    """The query of the address of «Успехи»: a `Choice` as text.

    `lines`: uids of courses joined by dots; `added`: runs of one kind as «uid of the kind-marks», joined by dots.
    """

    child: Annotated[str, Field(pattern=rf"^({_UID})?$")] = ""
    period: Annotated[str, Field(pattern=rf"^({_UID}|{views.YEAR})?$")] = ""
    course: Annotated[str, Field(pattern=rf"^({_UID})?$")] = ""
    kind: Annotated[str, Field(pattern=rf"^({_UID})?$")] = ""
    lines: Annotated[str, Field(pattern=rf"^({_UID}(\.{_UID}){{0,{views.MOST_LINES - 1}}})?$")] = ""
    added: Annotated[str, Field(max_length=LONGEST_ADDED, pattern=rf"^({_UID}-[2-5]+(\.{_UID}-[2-5]+)*)?$")] = ""

    @classmethod
    def of(cls, child: str, choice: Choice) -> _Address:
        runs = [
            f"{kind}-{''.join(mark for mark, _kind in run)}" for kind, run in groupby(choice.added, lambda one: one[1])
        ]
        added = ".".join(runs)
        return cls(
            child=child,
            period=choice.period,
            course=choice.course,
            kind=choice.kind,
            lines=".".join(choice.lines),
            added=added if len(added) <= LONGEST_ADDED else "",
        )

    def choice(self) -> dict[str, Any]:
        """The same as a dict of the fields of `Choice`, as the state keeps it."""
        runs = [run.partition("-") for run in self.added.split(".") if run]
        added = [(mark, kind) for kind, _sign, marks in runs for mark in marks][: views.MOST_ADDED]
        lines = self.lines.split(".") if self.lines else []
        return {"period": self.period, "course": self.course, "kind": self.kind, "lines": lines, "added": added}


class ProgressState(Addressed, rx.State):
    """Everything here is small and ready to be shown; it is made anew from the database at each event."""

    status: Status = "loading"
    children: list[ChildItem] = []
    title: str = ""
    about: str = ""
    graded: bool = True
    begun: bool = True
    year_tab: bool = False
    period_heads: list[str] = []
    periods: list[PeriodItem] = []
    subjects: list[SubjectItem] = []
    lines: list[OptionItem] = []
    drawn: str = ""
    means: ChartItem = ChartItem()
    distribution: ChartItem = ChartItem()
    attendance: ChartItem = ChartItem()
    attended: str = ""
    missed: str = ""
    rule: str = ""
    compared: bool = False
    courses: list[OptionItem] = []
    course: str = ""
    kinds: list[OptionItem] = []
    kind: str = ""
    what_if: WhatIfItem = WhatIfItem()
    opened: OpenedItem = OpenedItem()
    _child: str = ""
    _choice: dict[str, Any] = {}

    @allow(Right.SEE_PROGRESS)
    async def open_page(self, actor: Actor):
        """Open the page: where the address says, else where this tab was with this child, else at the present period,
        for the child whose diary was open.
        """
        asked = asked_address(self, _Address, self.address)
        child = (await self.get_state(DiaryState))._child  # noqa: SLF001 - one child in the room
        if asked is not None:
            own = await services().read(actor, diary_views.children, asked.child)
            if asked.child and asked.child not in {one.uid for one in own}:
                await count_refusal(actor, "diary", "child")
            elif asked.child:
                child = asked.child
            self._choice = asked.choice()
        elif child != self._child:
            self._choice = {}
        self._child = child
        await self._show(actor)

    @allow(Right.SEE_PROGRESS, _Child)
    async def choose_child(self, actor: Actor, chosen: _Child):
        self._child, self._choice, self.opened = chosen.child, {}, OpenedItem()
        await self._show(actor)

    @allow(Right.SEE_PROGRESS, OpenMark)
    async def open_mark(self, actor: Actor, asked: OpenMark):
        """Open one mark of the shown child, with its corrections."""
        self.opened = await open_mark(self, actor, self._child, asked)

    @allow(Right.SEE_PROGRESS, _Period)
    async def choose_period(self, actor: Actor, chosen: _Period):
        await self._change(actor, period=chosen.period, added=())

    @allow(Right.SEE_PROGRESS, _Course)
    async def draw(self, actor: Actor, chosen: _Course):
        """Draw the line of a subject, or take it away."""
        drawn = [option.uid for option in self.lines if option.chosen]
        drawn = [uid for uid in drawn if uid != chosen.course] if chosen.course in drawn else [*drawn, chosen.course]
        await self._change(actor, lines=tuple(drawn[: views.MOST_LINES]))

    @allow(Right.SEE_PROGRESS, _Course)
    async def choose_course(self, actor: Actor, chosen: _Course):
        """The subject of what-if."""
        await self._change(actor, course=chosen.course, added=())

    @allow(Right.SEE_PROGRESS, _Kind)
    async def choose_kind(self, actor: Actor, chosen: _Kind):
        """The kind of work, and so the weight, of the next added mark."""
        await self._change(actor, kind=chosen.kind)

    @allow(Right.SEE_PROGRESS, _Added)
    async def add_mark(self, actor: Actor, chosen: _Added):
        """Suppose one mark more. Nothing is written anywhere."""
        added = self._chosen().added
        if self.kind and len(added) < views.MOST_ADDED:
            await self._change(actor, added=(*added, (chosen.mark, self.kind)))

    @allow(Right.SEE_PROGRESS, _Removed)
    async def remove_mark(self, actor: Actor, chosen: _Removed):
        added = self._chosen().added
        await self._change(actor, added=added[: chosen.position] + added[chosen.position + 1 :])

    @allow(Right.SEE_PROGRESS)
    async def remove_all(self, actor: Actor):
        await self._change(actor, added=())

    def _chosen(self) -> Choice:
        return choice_of(self._choice)

    async def _change(self, actor: Actor, **chosen: Any) -> None:
        self._choice = asdict(replace(self._chosen(), **chosen))
        await self._show(actor)

    async def _show(self, actor: Actor) -> None:
        """Show what is chosen."""
        async with said_in_place(self):
            await self._fill(actor)

    async def _fill(self, actor: Actor) -> None:
        token = tab_of(self)
        found = await services().read(actor, diary_views.children, self._child)
        if not found:
            services().hub.unwatch(token)
            self.reset()
            self.status = "nobody"
            return
        child = self._child or found[0].uid
        watcher = Watcher(token, actor.session_uid, CHANNEL, diary.feed_of(child), dict(self._choice))
        try:
            variables = await watched_read(watcher, read(actor, child, self._chosen()))
        except NotYours as refusal:
            self.reset()
            self.status = "nobody"
            await tell_foreign(self, actor, refusal, "diary", "child")
            return
        self._child = child
        (await self.get_state(DiaryState))._child = child  # noqa: SLF001 - one child chosen in the room
        self.children = found
        for name, value in variables.items():
            setattr(self, name, value)
        self.address = address("/progress", _Address.of(child if len(found) > 1 else "", self._chosen()))


def theme_of(reading: Reading) -> Theme:
    """The theme of the charts: the one that this person has chosen for all pages, light where there is none."""
    return cast(Theme, accounts.appearance(reading).theme or "light")


def choice_of(kept: Any) -> Choice:
    """The choice that a state or a watcher keeps as a dict; a store may have turned its tuples into lists."""
    return Choice(
        period=kept.get("period", ""),
        lines=tuple(kept.get("lines", ())),
        course=kept.get("course", ""),
        kind=kept.get("kind", ""),
        added=tuple((code, kind) for code, kind in kept.get("added", ())),
    )


async def read(actor: Actor, child: str, choice: Choice) -> dict[str, Any]:
    """The page's variables for a child: read in a reader's thread, drawn in another. Raises NotYours."""
    today = today_of(actor)
    year = await services().read(actor, queries.student_year, child)
    if year is None:
        return nothing() | {"status": "unplaced"}
    theme = await services().read(actor, theme_of)
    span = views.shown(year, choice, today).span
    means = await services().read(actor, class_means, child, span)
    return await asyncio.to_thread(_variables, year, choice, (today, theme, means))


def nothing() -> dict[str, Any]:
    """The page's variables when there is nothing to show."""
    return {
        "title": "",
        "about": "",
        "subjects": [],
        "compared": False,
        "means": ChartItem(),
        "distribution": ChartItem(),
        "attendance": ChartItem(),
        "attended": "",
        "missed": "",
        "courses": [],
        "what_if": WhatIfItem(),
    }


def _variables(
    year: queries.StudentYear, choice: Choice, by: tuple[date, Theme, Mapping[str, Fraction]]
) -> dict[str, Any]:
    """`by`: today, the theme of the charts, and the means of the class."""
    today, theme, means = by
    view = views.shown(year, choice, today)
    thresholds = views.thresholds_in(year, view.span, today)
    course = views.course_of(view, choice)
    chosen = course.uid if course else ""
    drawn = views.drawn_courses(view, choice)
    drawable = views.line_options(view, drawn)
    kind = views.kind_of(year, choice.kind)
    usual = next((one.weight for one in year.kinds), 1)
    attendance, attended, missed = charts.attendance(view, theme)
    return {
        "status": "ready",
        "title": views.title(year),
        "about": views.about(view),
        "graded": bool(view.courses),
        "begun": bool(year.courses),
        "year_tab": view.is_year,
        "period_heads": [period.name for period in views.started(year, today)] if view.is_year else [],
        "periods": views.periods(view),
        "rule": views.rule(view, thresholds),
        "subjects": views.subjects(view, chosen, usual, means),
        "compared": bool(means),
        "lines": drawable,
        "drawn": _("{shown} of {count} subjects").format(shown=len(drawn), count=len(drawable)),
        "means": charts.means(view, drawn, chosen, thresholds, theme),
        "distribution": charts.distribution(view, theme),
        "attendance": attendance,
        "attended": attended,
        "missed": missed,
        "courses": views.course_options(view, course, thresholds),
        "course": chosen,
        "kinds": views.kind_options(year, kind),
        "kind": kind,
        "what_if": views.what_if(view, course, choice, thresholds),
    }
