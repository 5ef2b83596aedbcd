"""State of the diary: the open week of one child; for a class teacher first the list of his class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal

import reflex as rx
from pydantic import Field

from ais_app.access import queries as accounts
from ais_app.access import service as access
from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, change, count_refusal, said_in_place, today_of
from ais_app.access.page_address import address, asked_address
from ais_app.access.page_state import Addressed, Status, tell_foreign, watched_read
from ais_app.access.payload import IsoDay, Payload
from ais_app.diary import queries, service, views
from ais_app.diary.corrected import OpenedItem
from ais_app.diary.open_mark import OpenMark, open_mark
from ais_app.diary.open_week import FURTHEST_DAYS, DiaryAddress, days_of, named, usual_day
from ais_app.diary.tasks import TaskDay
from ais_app.diary.views import ChildItem, DayItem, PrintedItem, PupilItem, SummaryItem
from ais_app.live.bus import Change
from ais_app.live.hub import Delivery, Watcher
from ais_app.live.past import nothing_wanted, past_the_state, wanted
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.services import services

CHANNEL = "diary"
LAST_CHILD = "child"


class _Child(Payload):
    child: Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]


class _Step(Payload):
    by: Annotated[int, Field(ge=-1, le=FURTHEST_DAYS // 7)]


class _Day(Payload):
    day: IsoDay


class _View(Payload):
    view: Literal["week", "day", "tasks"]


@past_the_state(
    *("wanted", "unread", "heard", "children", "pupil", "week", "days", "tasks", "printed", "summary", "new_before")
)
class DiaryState(Addressed, rx.State):
    """The open week. `status`: loading, ready, class (the list of the own class), nobody, error.

    What is shown of a week is read by a request for what is `wanted`; it goes to the browser past the state and stays
    empty here. `unread`: what the page says when the request is answered by no week (failed, gone).
    """

    status: Status = "loading"
    wanted: dict[str, Any] = {}
    unread: str = ""
    heard: dict[str, Any] = {}
    children: list[ChildItem] = []
    pupils: list[PupilItem] = []
    several_classes: bool = False
    of_a_class: bool = False
    pupil: str = ""
    week: str = ""
    view: str = "week"
    days: list[DayItem] = []
    tasks: list[TaskDay] = []
    printed: PrintedItem = PrintedItem()
    new_before: str = ""
    summary: SummaryItem = SummaryItem()
    opened: OpenedItem = OpenedItem()
    _child: str = ""
    _several: bool = False  # children to choose from
    _monday: str = ""
    _day: str = ""
    _today: str = ""  # on which day this week was chosen: the present one goes with the calendar

    @allow(Right.SEE_DIARY)
    async def open_page(self, actor: Actor):
        """Open the diary: where the address says, else where this tab was, else at the present week (on a Sunday the
        next one) of the child that was last open.
        """
        asked = asked_address(self, DiaryAddress, self.address)
        if asked is not None:
            self._go(asked, today_of(actor))
        elif self._today and self._monday == views.monday_of(date.fromisoformat(self._today)).isoformat():
            self._monday = "" if self._today != today_of(actor).isoformat() else self._monday
        self._begin(actor)
        async with said_in_place(self):
            found = await services().read(actor, views.children, self._child)
            if asked is not None and asked.child and asked.child not in {one.uid for one in found}:
                self._child = ""  # who followed an address learns nothing by it; the attempt is counted
                await count_refusal(actor, "diary", "child")
            if self.of_a_class:
                child = self._child
                await self._show_class(actor)
                if child and self.pupils:
                    self._child = child
                    await self._show(actor)
                return
            if not self._child:
                self._child = (await services().read(actor, accounts.preferences)).get(LAST_CHILD, "")
                known = await services().read(actor, views.children, self._child)
                self._child = next((one.uid for one in known if one.current), "")
            await self._show(actor)
            self._note_the_visit(actor)

    @allow(Right.SEE_DIARY, _Child)
    async def choose_child(self, actor: Actor, chosen: _Child):
        """Another child of the family, or a student of the own class."""
        self._begin(actor)
        self._child, self.opened = chosen.child, OpenedItem()
        await self._show(actor)
        self._note_the_visit(actor)
        if self.status == "ready" and not self.of_a_class:
            await services().database.awrite(lambda uow: access.prefer(uow, actor, {LAST_CHILD: chosen.child}))

    @allow(Right.SEE_DIARY)
    async def to_the_class(self, actor: Actor):
        """Back to the list of the own class."""
        if self.of_a_class:
            await self._show_class(actor)

    @allow(Right.SEE_DIARY, _Day)
    async def choose_day(self, actor: Actor, chosen: _Day):
        self._begin(actor)
        self._day = chosen.day
        await self._show(actor)

    @allow(Right.SEE_DIARY, _View)
    async def choose_view(self, actor: Actor, chosen: _View):
        """The week, one day, or homework only."""
        self._begin(actor)
        self.view = chosen.view
        self._write_address(actor)

    @allow(Right.SEE_DIARY, _Step)
    async def turn(self, actor: Actor, step: _Step):
        """One week back, or so many on; 0 = the present one."""
        self._begin(actor)
        today, shown = today_of(actor), date.fromisoformat(self._monday)
        monday = shown + timedelta(days=7 * step.by) if step.by else views.monday_of(today)
        if abs((monday - today).days) > FURTHEST_DAYS:
            return
        self._turn_to(monday, today)
        await (self._show_class(actor) if self.status == "class" else self._show(actor))

    @allow(Right.ACKNOWLEDGE)
    async def acknowledge(self, actor: Actor):
        """«Ознакомлен(а)»: this guardian has seen the shown week of the shown child."""
        self._begin(actor)
        child, monday = self._child, date.fromisoformat(self._monday)
        await change(self, actor, lambda uow: service.acknowledge(uow, actor, child, monday), child)
        await self._show(actor)

    @allow(Right.SEE_DIARY, OpenMark)
    async def open_mark(self, actor: Actor, asked: OpenMark):
        """Open one mark of the shown child, with its corrections."""
        self._begin(actor)
        self.opened = await open_mark(self, actor, self._child, asked)

    def _begin(self, actor: Actor) -> None:
        """The present week (the next one on a Sunday), unless one is open: any event may come first."""
        if not self._monday:
            today = today_of(actor)
            self._monday, self._day = views.monday_of(today).isoformat(), today.isoformat()
            self._today = today.isoformat()
        if self.of_a_class is actor.hat.is_family:
            self.of_a_class = not actor.hat.is_family

    def _go(self, asked: DiaryAddress, today: date) -> None:
        """Choose the child, week, day and view that an address names."""
        self._child, self.view = asked.child, asked.view or "week"
        monday, day = days_of(asked, today)
        self._monday, self._day, self._today = monday.isoformat(), day.isoformat(), today.isoformat()

    def _turn_to(self, monday: date, today: date) -> None:
        self._monday, self._today = monday.isoformat(), today.isoformat()
        self._day = usual_day(monday, today).isoformat()

    def _write_address(self, actor: Actor) -> None:
        today, monday = today_of(actor), date.fromisoformat(self._monday)
        several = self.of_a_class or self._several
        shown = DiaryAddress(
            child=self._child if several else "",
            week="" if monday == views.monday_of(today) else self._monday,
            day="" if self._day == usual_day(monday, today).isoformat() else self._day,
            view="" if self.view == "week" else self.view,  # pyright: ignore[reportArgumentType] - one of its values
        )
        self.address = address("/diary", shown)

    async def _show_class(self, actor: Actor) -> None:
        services().hub.unwatch(tab_of(self))
        monday = date.fromisoformat(self._monday)
        self.pupils = await services().read(actor, views.pupils, monday)
        self.several_classes = len({one.class_name for one in self.pupils}) > 1
        self._child = ""
        await self._clear(week=views.week_name(monday, 5))
        self.status = "class" if self.pupils else "nobody"
        self._write_address(actor)

    async def _show(self, actor: Actor) -> None:
        """Say which week the page is to read; subscribe first, then number it, so that nothing falls between."""
        token = tab_of(self)
        found = await services().read(actor, views.children, self._child)
        if not found:
            services().hub.unwatch(token)
            await self._clear()
            self.status = "nobody"
            return
        self._child = self._child or next(one.uid for one in found if one.current)
        view = {"monday": self._monday, "day": self._day}
        watcher = Watcher(token, actor.session_uid, CHANNEL, queries.feed_of(self._child), view)

        async def read() -> dict[str, Any]:
            if self._child not in {one.uid for one in found}:
                raise NotYours
            return await services().read(actor, named, self._child, self._monday, self._day)

        try:
            week = await watched_read(watcher, read())
        except NotYours:
            await self._foreign(actor)
            return
        self._several = len(found) > 1
        await services().push.send(token, DiaryState, wanted(week))
        self.status = "ready"
        self._write_address(actor)

    async def _clear(self, **shown: Any) -> None:
        """Nothing of a week is shown any more."""
        nothing = {"children": [], "days": [], "tasks": [], "new_before": ""}
        await services().push.send(tab_of(self), DiaryState, nothing_wanted() | nothing | shown)

    def _note_the_visit(self, actor: Actor) -> None:
        """Note in the background that the family looks now; the diary is shown also when that fails (a full disk)."""
        if self.status == "ready" and actor.hat.is_family:
            child = self._child
            services().database.note(lambda uow: service.note_visit(uow, actor, child))

    async def _foreign(self, actor: Actor) -> None:
        """A child that is not (or no longer) theirs: nothing shown, counted, the page back at the first child."""
        self._child, self.status = "", "nobody"
        await self._clear()
        await tell_foreign(self, actor, NotYours(), "diary", "child")


async def deliver(_change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    """The channel of the diary: each open page gets its week anew, if its actor may still see it."""
    deliveries = []
    for watcher in watchers:
        actor = await services().sessions.actor_of_session(watcher.session)
        student = watcher.feed.partition(":")[2]
        variables: dict[str, Any] | None = None
        if actor is not None:
            try:
                variables = await services().read(actor, _changed, student, watcher.view)
            except NotYours:
                nothing = {"days": [], "tasks": [], "status": "nobody"}
                await services().push.send(watcher.token, DiaryState, nothing_wanted() | nothing)
        deliveries.append(Delivery(watcher, DiaryState, variables))
    return deliveries


def _changed(reading: Reading, child: str, view: Any) -> dict[str, Any]:
    """The variables of an open week that a change may touch. `heard` names the week and the number of its last change,
    so that an older answer to a request does not replace them.
    """
    monday, chosen = date.fromisoformat(view["monday"]), date.fromisoformat(view["day"])
    heard = named(reading, child, view["monday"], view["day"])
    shown = views.week(reading, child, monday, chosen, with_news=True)
    return {
        "heard": heard,
        "days": shown.days,
        "tasks": shown.tasks,
        "summary": shown.summary,
        "new_before": shown.new_before,
    }
