"""An open course: its sheet, the edits of the grid, periods, views and the settings of the table."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import reflex as rx

from ais_app.access import queries as accounts
from ais_app.access import service as access
from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, change, count_refusal, said_in_place, say
from ais_app.access.page_address import address
from ais_app.access.page_state import Status, WithForms, asked_or_kept, tell_foreign, watched_read
from ais_app.db import UnitOfWork
from ais_app.i18n import _, day_and_month
from ais_app.journal import fields
from ais_app.journal.courses import views as courses_views
from ais_app.journal.courses.service import viewing
from ais_app.journal.courses.views import Choice, CourseCard
from ais_app.journal.events import feed_of
from ais_app.journal.grid import open_sheet, payloads, wire
from ais_app.journal.grid.editing import enter
from ais_app.journal.grid.views import SHOWN, PeriodTab
from ais_app.journal.lessons import views
from ais_app.journal.lessons.payloads import NewLesson
from ais_app.journal.lessons.service import lessons
from ais_app.journal.lessons.views import TakenBackItem, TopicLine
from ais_app.live.changes import only_changes
from ais_app.live.hub import Watcher
from ais_app.live.past import nothing_wanted, past_the_state, wanted
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right
from ais_app.services import services

CHANNEL = "journal"
MOST_ANSWERED = 500  # operations of a refused event that are named: more than one may hold, or some stay «saving»


def refused_edit(payload: Any, text: str) -> dict[str, Any]:
    """The answer to `enter` when it is refused before it runs: patches that end the waiting of its cells (D-17)."""
    raw = payload.get("raw") if isinstance(payload, dict) else None
    sent = raw.get("ops") if isinstance(raw, dict) else None
    patches = [
        wire.patch(uid_in(one[1]), 0, operation=uid_in(one[0]), error=text)
        for one in (sent if isinstance(sent, list) else [])[:MOST_ANSWERED]
        if isinstance(one, list) and len(one) > 1
    ]
    return {"answer": wire.answer(patches or [wire.patch("", 0, error=text)])}


_PAST = ("sheet", "wanted", "unread", "answer", "patch", "presence", *SHOWN)


@only_changes(*_PAST)
@past_the_state(*_PAST)
class JournalState(WithForms, rx.State):
    """One open course. `sheet`, and what is shown above it, is read by a request for what is `wanted`; with `answer`,
    `patch` and `presence` it goes to the browser past the state and stays empty here. `unread`: what the page says
    when the request is answered by no sheet (failed, gone).
    """

    sheet: dict[str, Any] = {}
    wanted: dict[str, Any] = {}
    unread: str = ""
    answer: dict[str, Any] = {}
    patch: dict[str, Any] = {}
    presence: dict[str, Any] = {}
    status: Status = "loading"
    has_lessons: bool = False
    title: str = ""
    class_name: str = ""
    subject: str = ""
    held: str = ""
    about: str = ""
    read_only: bool = True
    courses: list[CourseCard] = []
    classes: list[Choice] = []
    subjects: list[Choice] = []
    periods: list[PeriodTab] = []
    taken_back: list[TakenBackItem] = []
    view: str = "marks"
    topics: list[TopicLine] = []
    ahead: list[TopicLine] = []
    pad: list[str] = []
    cursor: str = "down"
    means: bool = True
    today: str = ""
    added: int = 0
    open_course: str = ""
    _course: str = ""
    _period: str = ""
    _chosen: str = ""  # the period that was asked for; empty: the present one, which goes with the calendar
    _wish: tuple[str, str] = ("", "")  # (course, period) chosen while nothing was open: what opens then begins with it

    @allow(Right.SEE_JOURNAL)
    async def open_list(self, actor: Actor):
        """The list of courses, today's first; who looks after a school has another one (`journal/overview/`)."""
        services().hub.unwatch(tab_of(self))
        if actor.may(Right.SEE_KEEPING):
            self.courses = []
            return
        async with said_in_place(self):
            self.courses = await services().read(actor, courses_views.cards)
        self.status = "ready"

    @allow(Right.SEE_JOURNAL)
    async def open_page(self, actor: Actor):
        """Open the course of the address: where the address says (period, view, or a lesson: `?lesson=uid`), else where
        this tab was, else in its present period.

        What goes past the state (`wanted` and the rest of `_PAST`) is never assigned here: the delta of this handler
        comes after what was pushed and would empty it again.
        """
        course = course_and_lesson_in(str(self.router.url))[0]
        again = course == self._course and self.status == "ready"
        asked = await asked_or_kept(self, payloads.CourseAddress, again=again)
        if not again:
            self.status, self.view, self._chosen = "loading", "marks", ""
        if asked is not None:
            self.view, self._chosen = asked.view or "marks", asked.period
        (wanted, period), self._wish = self._wish, ("", "")
        if wanted == course:
            self._chosen = period
        async with said_in_place(self):
            await self._show(actor, course, self._chosen, asked.lesson if asked else "")

    @allow(Right.SEE_JOURNAL, payloads.ChoosePeriod)
    async def choose_period(self, actor: Actor, chosen: payloads.ChoosePeriod):
        course = course_of(self)
        if not course:  # the page has been left already
            return
        if not self._course or self._wish[0]:  # its state was forgotten: it is opened anew by itself, before or after
            self._wish = course, chosen.period
        self._chosen = chosen.period
        await self._show(actor, course, chosen.period)

    @allow(Right.SEE_JOURNAL, payloads.ChooseView)
    async def choose_view(self, actor: Actor, chosen: payloads.ChooseView):
        """Marks, or topics and homework."""
        self.view = chosen.view
        self._write_address()
        await show_topics(self, actor)

    @allow(Right.SEE_JOURNAL, payloads.Prefer)
    async def prefer(self, actor: Actor, chosen: payloads.Prefer):
        """A setting of the table, kept for the account."""
        await services().database.awrite(lambda uow: access.prefer(uow, actor, {chosen.name: chosen.value}))
        if chosen.name == "cursor":
            self.cursor = chosen.value
        else:
            self.means = chosen.value == "shown"

    @allow(Right.SEE_JOURNAL, payloads.Resync)
    async def resync(self, actor: Actor, asked: payloads.Resync):
        """The grid has missed a patch: it is told to read its sheet anew."""
        if asked.course == course_of(self):
            await self._show(actor, asked.course, self._period)

    @allow(Right.ENTER_MARKS, payloads.GridEdit, refused_edit)
    async def enter(self, actor: Actor, edit: payloads.GridEdit):
        """Write the operations of the grid since its last event, each for itself; one answer has a patch for each."""
        patches = []
        for operation in edit.operations:
            found = await enter(tab_of(self), actor, operation)
            patches.append(wire.answered(found, [(entry.student, entry.work) for entry in operation.entries]))
        await services().push.send(tab_of(self), JournalState, {"answer": wire.answer(patches)})

    @allow(Right.KEEP_LESSONS, NewLesson)
    async def add_lesson(self, actor: Actor, form: NewLesson):
        """Add a lesson. A warning (`Question`) is shown at the form; sent again with its text, the lesson is added."""
        course = course_of(self)

        def add(uow: UnitOfWork) -> str:
            return lessons.add_lesson(uow, actor, course, *form.read(), confirmed=form.confirmed)

        added = await change(self, actor, add, course, form)
        if added is not None:
            self.added += 1
            day = date.fromisoformat(form.day)
            await say(self, _("The lesson of {day} is added.").format(day=day_and_month(day)), done=True)
            await self._show(actor, course, self._period)

    async def _show(self, actor: Actor, course: str, period: str, lesson: str = "") -> None:
        """Say which sheet the grid is to read; subscribe first, then number it, so that nothing falls between."""
        token = tab_of(self)

        async def read() -> tuple[open_sheet.Named, list[TakenBackItem]]:
            grant = await viewing.grant(services().database, actor, course)
            named = await services().read(actor, open_sheet.named, grant, (period, lesson))
            return named, await services().read(actor, views.to_put_back, grant)

        try:
            watcher = Watcher(token, actor.session_uid, CHANNEL, feed_of(course))
            named, self.taken_back = await watched_read(watcher, read())
        except NotYours:
            await services().push.send(token, JournalState, nothing_wanted())
            await count_refusal(actor, "course", course)
            self.status = "missing"
            return
        chosen = await services().read(actor, accounts.preferences)
        self.cursor, self.means = chosen.get("cursor", "down"), chosen.get("means") != "hidden"
        self._course, self._period, self.open_course = course, named.period, course
        self._chosen = named.period if lesson else self._chosen
        self._write_address()
        self.status = "ready"
        await show_topics(self, actor)
        await services().push.send(token, JournalState, wanted(named.read))

    def _write_address(self) -> None:
        shown = payloads.CourseAddress(period=self._chosen, view="topics" if self.view == "topics" else "")
        self.address = address(f"/journal/{self._course}", shown)


def course_and_lesson_in(url: str) -> tuple[str, str]:
    """(course uid, lesson uid) of an address of the journal, "" for what is no uid: any client may send it (S-40)."""
    address = urlsplit(url)
    segments = [*address.path.strip("/").split("/"), ""]
    wanted = segments[1], parse_qs(address.query).get("lesson", [""])[0]
    return tuple(one if fields.is_uid(one) else "" for one in wanted)  # pyright: ignore[reportReturnType] - two of them


def uid_in(value: Any) -> str:
    """`value`, which a client has sent, if it is a uid, else "": nothing else of it is sent back."""
    return value if isinstance(value, str) and fields.is_uid(value) else ""


def course_of(state: JournalState) -> str:
    """The uid of the course that is open in this tab; from the address where the server has forgotten its state."""
    return state._course or course_and_lesson_in(str(state.router.url))[0]  # noqa: SLF001 - a method of the state would be an event handler


async def show_taken_back(state: JournalState, actor: Actor) -> None:
    """Read anew what can be put back, where nothing of the sheet has changed."""
    try:
        grant = await viewing.grant(services().database, actor, course_of(state))
        state.taken_back = await services().read(actor, views.to_put_back, grant)
    except NotYours:  # no course is open, or it is not his any more: whoever opens it hears of it
        state.taken_back = []


async def show_topics(state: JournalState, actor: Actor) -> None:
    """Read the lessons anew where they are shown; elsewhere they take no room in the state."""
    if state.view != "topics":
        state.topics, state.ahead = [], []
        return
    course, period = course_of(state), state._period  # noqa: SLF001 - a method would be an event handler
    try:
        grant = await viewing.grant(services().database, actor, course)
        state.topics, state.ahead = await services().read(actor, views.topics, grant, period)
    except NotYours as refusal:  # no course is open, or it is not his any more
        state.topics, state.ahead = [], []
        await tell_foreign(state, actor, refusal, "course", course)
