"""State of the diary: one child, one week; the room's live view for open pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

import reflex as rx
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection

from ais_app.access import service as access
from ais_app.access.errors import NotYours
from ais_app.access.guard import NoticeState, actor_of
from ais_app.access.policy import allow
from ais_app.access.rules import Actor, Right
from ais_app.clock import local_date
from ais_app.diary import queries
from ais_app.house import house
from ais_app.i18n import _, capital, day_and_month, day_range, ngettext, weekday
from ais_app.live.bus import Change
from ais_app.live.hub import Delivery, Watcher

CHANNEL = "diary"


@dataclass(frozen=True, slots=True)
class ChildItem:
    uid: str
    name: str
    initials: str
    class_name: str
    current: bool


@dataclass(frozen=True, slots=True)
class MarkItem:
    """A chip: the code and what it was given for."""

    code: str
    about: str


@dataclass(frozen=True, slots=True)
class LessonItem:
    uid: str
    number: str
    begins: str
    subject: str
    topic: str
    homework: str
    quiet: str
    minutes: str
    control: str
    comments: list[str]
    marks: list[MarkItem]


@dataclass(frozen=True, slots=True)
class DayItem:
    iso: str
    name: str
    short: str
    number: str
    date: str
    today: bool
    chosen: bool
    note: str
    left: bool
    lessons: list[LessonItem]


class _Payload(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Child(_Payload):
    child: Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]


class _Step(_Payload):
    by: Annotated[int, Field(ge=-1, le=1)]


class _Day(_Payload):
    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class DiaryState(rx.State):
    """The open week of one child."""

    status: str = "loading"
    children: list[ChildItem] = []
    week: str = ""
    days: list[DayItem] = []
    _child: str = ""
    _monday: str = ""
    _day: str = ""

    @allow(Right.SEE_DIARY)
    @rx.event
    async def enter(self):
        """Open the diary at the present week (at the next one on a Sunday)."""
        actor = await actor_of(self)
        if actor is None:
            return
        today = _today(actor)
        self._monday, self._day = _monday_of(today).isoformat(), today.isoformat()
        await self._show(actor)

    @allow(Right.SEE_DIARY)
    @rx.event
    async def choose_child(self, raw: dict):
        await self._choose(_Child, raw, "_child", "child")

    @allow(Right.SEE_DIARY)
    @rx.event
    async def choose_day(self, raw: dict):
        await self._choose(_Day, raw, "_day", "day")

    @allow(Right.SEE_DIARY)
    @rx.event
    async def turn(self, raw: dict):
        """One week back or on; 0 = the present one."""
        actor = await actor_of(self)
        step = await self._parse(_Step, raw)
        if actor is None or step is None:
            return
        today = _today(actor)
        shown = date.fromisoformat(self._monday) if self._monday else _monday_of(today)
        monday = shown + timedelta(days=7 * step.by) if step.by else _monday_of(today)
        if abs((monday - today).days) > 400:
            return
        self._monday = monday.isoformat()
        self._day = today.isoformat() if monday <= today < monday + timedelta(days=7) else self._monday
        await self._show(actor)

    async def _choose(self, model: type[Any], raw: dict, variable: str, field: str) -> None:
        actor = await actor_of(self)
        chosen = await self._parse(model, raw)
        if actor is not None and chosen is not None:
            setattr(self, variable, getattr(chosen, field))
            await self._show(actor)

    async def _parse(self, model: type[Any], raw: dict) -> Any:
        try:
            return model.model_validate(raw)
        except ValidationError:
            notice = await self.get_state(NoticeState)
            notice.notice = _("This entry cannot be read.")
            return None

    async def _show(self, actor: Actor) -> None:
        """Subscribe first, then read, so that nothing falls between."""
        token = self.router.session.client_token
        children = await house().database.aread(queries.children, actor, _today(actor))
        if not children:
            house().hub.unwatch(token)
            self.children, self.days, self.status = [], [], "nobody"
            return
        if not self._child:
            self._child = children[0].uid
        view = {"monday": self._monday, "day": self._day}
        watcher = Watcher(token, actor.session_uid, CHANNEL, queries.topic_of(self._child), view)
        house().hub.watch([watcher], token)
        try:
            days = await house().database.aread(_days, actor, self._child, self._monday, self._day)
        except NotYours as refusal:
            house().hub.unwatch(token)
            await self._foreign(actor, str(refusal))
            return
        self.children = [
            ChildItem(
                child.uid,
                child.given_name,
                (child.given_name[:1] + child.family_name[:1]).upper(),
                child.class_name,
                child.uid == self._child,
            )
            for child in children
        ]
        monday = date.fromisoformat(self._monday)
        self.week = day_range(monday, monday + timedelta(days=len(days) - 1))
        self.days, self.status = days, "ready"

    async def _foreign(self, actor: Actor, text: str) -> None:
        """A child that is not (or no longer) theirs: nothing shown, counted, the page back at the first child."""
        self._child, self.days, self.status = "", [], "nobody"
        notice = await self.get_state(NoticeState)
        notice.notice = text
        await house().database.awrite(
            lambda uow: access.record_refusal(
                uow, "diary", account=actor.account_uid, network=actor.network, subject="child"
            )
        )


async def deliver(_change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    """The channel of this room: each open diary gets its week anew, when it may still see it."""
    deliveries = []
    for watcher in watchers:
        actor = await house().sessions.actor_of_session(watcher.session)
        student = watcher.topic.partition(":")[2]
        variables: dict[str, Any] | None = None
        if actor is not None:
            try:
                days = await house().database.aread(_days, actor, student, watcher.view["monday"], watcher.view["day"])
                variables = {"days": days}
            except NotYours:
                await house().push.send(watcher.token, DiaryState, {"days": [], "status": "nobody"})
        deliveries.append(Delivery(watcher, DiaryState, variables))
    return deliveries


def _today(actor: Actor) -> date:
    return local_date(house().database.clock.now(), actor.hat.zone)


def _monday_of(day: date) -> date:
    ahead = day + timedelta(days=1) if day.isoweekday() == 7 else day
    return ahead - timedelta(days=ahead.isoweekday() - 1)


def _days(connection: Connection, actor: Actor, child: str, monday: str, chosen: str) -> list[DayItem]:
    today = _today(actor)
    week = queries.week(connection, actor, child, date.fromisoformat(monday), today)
    chosen_day = date.fromisoformat(chosen)
    shown = [line.day for line in week.days]
    open_day = chosen_day if chosen_day in shown else shown[0]
    half = (len(week.days) + 1) // 2
    return [
        DayItem(
            iso=line.day.isoformat(),
            name=capital(weekday(line.day)),
            short=weekday(line.day, short=True),
            number=str(line.day.day),
            date=day_and_month(line.day),
            today=line.day == today,
            chosen=line.day == open_day,
            note=line.holiday or ("" if line.lessons else _("no lessons")),
            left=position < half,
            lessons=[_lesson(lesson, line.day, today) for lesson in line.lessons],
        )
        for position, line in enumerate(week.days)
    ]


def _lesson(line: queries.LessonLine, day: date, today: date) -> LessonItem:
    quiet = ""
    if not line.homework:
        quiet = _("Nothing is set") if line.nothing_set else (_("Not written yet") if day >= today else "—")
    marks = [MarkItem(mark.code, _about(mark)) for mark in line.marks]
    if line.attendance:
        marks.insert(0, MarkItem(line.attendance[:1], _attendance_name(line.attendance)))
    return LessonItem(
        uid=line.uid,
        number=str(line.number or ""),
        begins=line.begins,
        subject=line.subject,
        topic=line.topic,
        homework=line.homework,
        quiet=quiet,
        minutes=_("{minutes} min").format(minutes=line.minutes) if line.minutes else "",
        control=line.control,
        comments=[mark.comment for mark in line.marks if mark.comment],
        marks=marks,
    )


def _about(mark: queries.MarkLine) -> str:
    return _("{type}, weight {weight}").format(type=mark.work, weight=mark.weight)


def _attendance_name(code: str) -> str:
    names = {
        "н": _("absent"),
        "б": _("absent, ill"),
        "у": _("absent, excused"),
        "о": _("late"),
    }
    name = names[code[:1]]
    if not code[1:]:
        return name
    minutes = ngettext("{count} minute", "{count} minutes", int(code[1:]))
    return f"{name}, {minutes}"
