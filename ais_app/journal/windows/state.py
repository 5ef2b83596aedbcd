"""The deputy's part of the home: who asks to write after the edit window, what is open now; it updates by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import reflex as rx
from pydantic import Field

from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, change, said_in_place, say
from ais_app.access.page_address import address
from ais_app.access.page_state import Status, WithForms, asked_or_kept, watched_read
from ais_app.access.payload import Payload
from ais_app.clock import SchoolMoment
from ais_app.i18n import _, day_and_month, day_range, moment_in_words, ngettext
from ais_app.journal.windows import payloads
from ais_app.journal.windows.queries import openings as reads
from ais_app.journal.windows.queries.openings import OpenLine, RequestLine
from ais_app.journal.windows.service import openings
from ais_app.journal.windows.views import term_in_words
from ais_app.live.bus import Change
from ais_app.live.hub import Delivery, Watcher
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.web.forms import Wrong

CHANNEL = "openings"


@dataclass(frozen=True, slots=True)
class RequestItem:
    """A request in words. `late`: it has waited for a day, the term of an answer (decisions 0016)."""

    uid: str
    href: str
    title: str
    about: str
    reason: str
    since: str
    waits: str
    late: bool


@dataclass(frozen=True, slots=True)
class OpenItem:
    uid: str
    title: str
    about: str
    until: str


class _Address(Payload):
    """What the address of the home says: the request that is being declined."""

    decline: Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")] = ""


class OpeningsState(WithForms, rx.State):
    """Requests to write after the edit window. `status`: loading, ready, error."""

    shown: bool = False
    status: Status = "loading"
    requests: list[RequestItem] = []
    opened: list[OpenItem] = []
    grants: str = ""
    declining: str = ""

    @allow(Right.SEE_HOME)
    async def open_part(self, actor: Actor):
        self.shown = reads.answers(actor)
        if not self.shown:
            return
        asked = await asked_or_kept(self, _Address)
        if asked is not None:
            self._decline(asked.decline)
        async with said_in_place(self):
            feed = openings.feed_of(actor.hat.school_uid)
            await watched_read(Watcher(tab_of(self), actor.session_uid, CHANNEL, feed), self._show(actor))

    @allow(Right.OPEN_EDITING, payloads.OfRequest)
    async def grant(self, actor: Actor, chosen: payloads.OfRequest):
        """Open what was asked for, for the hours of the school."""
        until = await change(self, actor, lambda uow: openings.grant(uow, actor, chosen.request), chosen.request)
        if until is not None:
            await say(self, _("Open until {when}.").format(when=moment_in_words(until, actor.hat.zone)), done=True)
        await self._show(actor)

    @allow(Right.OPEN_EDITING, payloads.OfRequest)
    async def choose(self, _actor: Actor, chosen: payloads.OfRequest):
        """Open the form for declining a request, or close it."""
        self._decline("" if self.declining == chosen.request else chosen.request)

    @allow(Right.OPEN_EDITING, payloads.DeclineForm)
    async def decline(self, actor: Actor, form: payloads.DeclineForm):
        """Answer with a sentence that the teacher sees."""

        def answer(uow: Any) -> bool:
            openings.decline(uow, actor, form.request, form.answer)
            return True

        if await change(self, actor, answer, form.request, form):
            self._decline("")
            await say(self, _("The answer is sent."), done=True)
        await self._show(actor)

    @allow(Right.OPEN_EDITING, payloads.OfOpening)
    async def close(self, actor: Actor, chosen: payloads.OfOpening):
        """End an opening before its term."""
        await change(self, actor, lambda uow: openings.close(uow, actor, chosen.opening), chosen.opening)
        await self._show(actor)

    def _decline(self, request: str) -> None:
        self.declining, self.wrong = request, Wrong()
        self.address = address("/", _Address(decline=request))

    async def _show(self, actor: Actor) -> None:
        made = await services().read(actor, _read)
        for name, value in made.items():
            setattr(self, name, value)


async def deliver(_change: Change, watchers: Sequence[Watcher]) -> Iterable[Delivery]:
    """The channel of the deputies: each open home gets what waits now, if its actor still answers requests."""
    deliveries = []
    for watcher in watchers:
        actor = await services().sessions.actor_of_session(watcher.session)
        variables: dict[str, Any] | None = None
        if actor is not None and reads.answers(actor) and watcher.feed == openings.feed_of(actor.hat.school_uid):
            variables = await services().read(actor, _read)
        deliveries.append(Delivery(watcher, OpeningsState, variables))
    return deliveries


def _read(reading: Reading) -> dict[str, Any]:
    """What waits and what is open, as the variables of the state."""
    hours = reads.hours(reading)
    return {
        "requests": [_request(row, reading.moment, reading.zone) for row in reads.waiting(reading)],
        "opened": [_opening(row, reading.moment, reading.zone) for row in reads.open_now(reading)],
        "grants": ngettext("Open for {count} hour", "Open for {count} hours", hours),
        "status": "ready",
    }


def _request(row: RequestLine, at: SchoolMoment, zone: str) -> RequestItem:
    about = [day_and_month(row.day)]
    if row.number:
        about.append(_("lesson {number}").format(number=row.number))
    about.append(_("only {name}").format(name=row.pupil) if row.pupil else _("the whole lesson"))
    waited = at.now - row.asked_at
    return RequestItem(
        uid=row.uid,
        href=f"/journal/{row.course}" + (f"?lesson={row.lesson}" if row.lesson else ""),
        title=f"{row.who}, {row.title}",
        about=", ".join(about),
        reason=row.reason,
        since=moment_in_words(row.asked_at, zone),
        waits=_waited(row.asked_at, at.now),
        late=waited.days >= 1,
    )


def _waited(since: datetime, now: datetime) -> str:
    """«ждёт больше 3 ч», which stays true while the page is open; empty within the first minute."""
    minutes = int((now - since).total_seconds()) // 60
    if minutes < 1:
        return ""
    if minutes < 60:
        return _("waits for over {count} min").format(count=minutes)
    return _("waits for over {count} h").format(count=minutes // 60)


def _opening(row: OpenLine, at: SchoolMoment, zone: str) -> OpenItem:
    days = row.days
    said = [day_and_month(days.first) if days.first == days.last else day_range(days.first, days.last)]
    if row.pupil:
        said.append(_("only {name}").format(name=row.pupil))
    said.append(f"{row.who}: {row.reason}")
    return OpenItem(
        row.uid, row.title, ", ".join(said), _("until {day}").format(day=term_in_words(row.until, at, zone))
    )
