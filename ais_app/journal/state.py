"""State of the journal: parses an event, calls one service or query in a thread, shows a small view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlsplit

import reflex as rx
import structlog
from pydantic import ValidationError

from ais_app.access import service as access
from ais_app.access.errors import NotYours, Refused
from ais_app.access.guard import NoticeState, actor_of
from ais_app.access.policy import allow
from ais_app.access.rules import Actor, Right, Role
from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.db.columns import new_uid
from ais_app.house import house
from ais_app.i18n import _, day_and_month
from ais_app.journal import payloads, views
from ais_app.journal.errors import CellsRefused
from ais_app.journal.queries import patch, sheet
from ais_app.journal.rules import LATE
from ais_app.journal.service import lessons, viewing
from ais_app.journal.service.marks import MarkEntry, MarksOperation, enter_marks
from ais_app.journal.views import CellView, CourseCard, HistoryItem, LessonView, PeriodTab, RollItem, TypeOption
from ais_app.live.hub import Watcher

T = TypeVar("T")
M = TypeVar("M", bound=payloads.Payload)
log = structlog.get_logger("journal")
CHANNEL = "journal"


def refused_edit(payload: Any, text: str) -> dict[str, Any]:
    """How `enter` answers when it is refused before it runs: a patch that frees the cells (D-17)."""
    raw = payload.get("raw") if isinstance(payload, dict) else None
    raw = raw if isinstance(raw, dict) else {}
    operation, course = str(raw.get("op", ""))[:32], str(raw.get("course", ""))[:32]
    return {"patch": patch.patch(course, 0, operation=operation, error=text)}


class JournalState(rx.State):
    """One open course. `sheet` and `patch` go to the browser past the state and stay empty here."""

    sheet: dict[str, Any] = {}
    patch: dict[str, Any] = {}
    status: str = "loading"
    title: str = ""
    class_name: str = ""
    subject: str = ""
    held: str = ""
    read_only: bool = True
    courses: list[CourseCard] = []
    periods: list[PeriodTab] = []
    types: list[TypeOption] = []
    lesson: LessonView = LessonView()
    lesson_key: str = ""
    roll: list[RollItem] = []
    cell: CellView = CellView()
    history: list[HistoryItem] = []
    last_number: str = "1"
    today: str = ""
    _course: str = ""
    _period: str = ""
    _work: str = ""
    _student: str = ""
    _lesson: str = ""
    _version: int = 0

    @allow(Right.SEE_JOURNAL)
    @rx.event
    async def enter_list(self):
        """The list of courses, today's first."""
        house().hub.unwatch(self.router.session.client_token)
        actor = await actor_of(self)
        if actor is None:
            return
        self.courses = await house().database.aread(views.cards, actor, _today(actor))
        self.status = "ready"

    @allow(Right.SEE_JOURNAL)
    @rx.event
    async def enter_course(self):
        """Open the course of the address in its present period.

        `sheet` and `patch` are never assigned here: a delta of this handler would follow the pushed snapshot
        and empty it again.
        """
        self.status, self.lesson, self.cell = "loading", LessonView(), CellView()
        self._work = self._student = self._lesson = ""
        segments = urlsplit(str(self.router.url)).path.strip("/").split("/")
        await self._show(segments[1] if len(segments) > 1 else "", "")

    @allow(Right.SEE_JOURNAL)
    @rx.event
    async def choose_period(self, raw: dict):
        chosen = await self._parse(payloads.ChoosePeriod, raw)
        if chosen is not None:
            await self._show(self._course, chosen.period)

    @allow(Right.SEE_JOURNAL)
    @rx.event
    async def resync(self, raw: dict):
        """The grid saw a gap: a fresh snapshot."""
        asked = await self._parse(payloads.Resync, raw)
        if asked is not None and asked.course == self._course:
            await self._show(self._course, self._period)

    @allow(Right.ENTER_MARKS, refusal=refused_edit)
    @rx.event
    async def enter(self, raw: dict):
        """One operation of the grid: answered by a patch, whatever becomes of it."""
        try:
            edit = payloads.parse(payloads.GridEdit, raw)
        except ValidationError:
            await self._count_refusal("payload", "enter")
            await self._answer(**refused_edit({"raw": raw}, _("This entry cannot be read.")))
            return
        entries = [MarkEntry(*cell) for cell in edit.cells]
        await self._enter(MarksOperation(edit.op, edit.course, entries))

    @allow(Right.SEE_JOURNAL)
    @rx.event
    async def look(self, raw: dict):
        """The active cell rests: show its lesson and its history beside the grid."""
        asked = await self._parse(payloads.Look, raw)
        if asked is None or asked.course != self._course:
            return
        self._work, self._student = asked.work, asked.student
        await self._show_panel()

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def save_lesson(self, raw: dict):
        form = await self._parse(payloads.LessonForm, raw)
        if form is None:
            return
        minutes = form.minutes.strip()
        if minutes and not (minutes.isascii() and minutes.isdigit()):
            await self._say(_("Minutes are a whole number."))
            return
        text = lessons.LessonText(
            self._lesson,
            self._version,
            form.topic,
            form.homework,
            int(minutes) if minutes else None,
            bool(form.nothing_set),
        )
        if await self._change(lambda uow, actor: lessons.describe_lesson(uow, actor, text)) is not None:
            await self._say(_("The lesson is saved."))
            await self._show_panel()

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def add_lesson(self, raw: dict):
        form = await self._parse(payloads.NewLesson, raw)
        if form is None:
            return
        try:
            day = date.fromisoformat(form.day)
        except ValueError:
            await self._say(_("There is no such day."))
            return
        course, number = self._course, int(form.number)
        added = await self._change(lambda uow, actor: lessons.add_lesson(uow, actor, course, day, number))
        if added is not None:
            await self._say(_("The lesson of {day} is added.").format(day=day_and_month(day)))
            await self._show(self._course, self._period)

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def change_type(self, raw: dict):
        chosen = await self._parse(payloads.ChooseType, raw)
        work = self._work
        if chosen is not None:
            await self._change(lambda uow, actor: lessons.change_work(uow, actor, work, chosen.type))
            await self._show_panel()

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def add_column(self, raw: dict):
        """Another column of the same lesson, of the kind chosen."""
        chosen = await self._parse(payloads.ChooseType, raw)
        lesson = self._lesson
        if chosen is not None:
            await self._change(lambda uow, actor: lessons.add_work(uow, actor, lesson, chosen.type))

    @allow(Right.ENTER_MARKS)
    @rx.event
    async def call_roll(self, raw: dict):
        """Present, absent or late from the panel: the same way in as the grid's."""
        called = await self._parse(payloads.RollCall, raw)
        if called is None:
            return
        actor = await actor_of(self)
        if actor is None:
            return
        course, work = self._course, self._work
        try:
            entry = await house().database.aread(views.roll_entry, actor, course, work, called, _today(actor))
        except NotYours as refusal:
            await self._say(str(refusal))
            return
        await self._enter(MarksOperation(new_uid(), course, [entry]))
        await self._show_panel()

    @allow(Right.ENTER_MARKS)
    @rx.event
    async def comment(self, raw: dict):
        """The teacher's comment to the mark of the active cell."""
        form = await self._parse(payloads.CommentForm, raw)
        actor = await actor_of(self)
        if form is None or actor is None:
            return
        course, student, work = self._course, self._student, self._work
        try:
            entry = await house().database.aread(
                views.comment_entry, actor, course, (student, work), form.comment.strip(), _today(actor)
            )
        except NotYours as refusal:
            await self._say(str(refusal))
            return
        await self._enter(MarksOperation(new_uid(), course, [entry]))
        await self._show_panel()

    async def _enter(self, operation: MarksOperation) -> None:
        actor = await actor_of(self)
        if actor is None:
            return
        token = self.router.session.client_token
        house().hub.answered(operation.uid, token)
        try:
            answer = await house().database.awrite(
                lambda uow: views.saved(uow.connection, enter_marks(uow, actor, operation)),
                shard=actor.hat.school_uid,
            )
        except CellsRefused as refused:
            if any(cell.code == "denied" for cell in refused.cells):
                await self._count_refusal("cell", operation.course)
            answer = patch.refusal(operation.course, 0, operation.uid, refused)
        except Refused as refusal:
            await self._count_refusal("course", operation.course)
            answer = patch.patch(operation.course, 0, operation=operation.uid, error=str(refusal))
        await self._answer(answer)

    async def _answer(self, patch: dict[str, Any]) -> None:
        await house().push.send(self.router.session.client_token, JournalState, {"patch": patch})

    async def _show(self, course: str, period: str) -> None:
        """Send a snapshot; subscribe first, then read, so that nothing falls between."""
        actor = await actor_of(self)
        if actor is None:
            return
        token = self.router.session.client_token
        watcher = Watcher(token, actor.session_uid, CHANNEL, sheet.topic_of(course))
        house().hub.watch([watcher], token)
        try:
            view = await house().database.aread(views.opened, actor, course, period, _today(actor))
        except NotYours:
            house().hub.unwatch(token)
            await self._count_refusal("course", course)
            self.status = "missing"
            return
        if Role.INSPECTOR in actor.hat.roles:  # every view of an inspector is recorded (product.md, roles)
            await house().database.awrite(
                lambda uow: viewing.record_view(uow, actor, course), shard=actor.hat.school_uid
            )
        self._course, self._period = course, view.period
        self.title, self.class_name, self.subject = view.title, view.class_name, view.subject
        self.held, self.read_only = view.held, view.read_only
        self.courses, self.periods, self.types = view.courses, view.periods, view.types
        self.today = view.today
        self.status = "ready"
        await house().push.send(token, JournalState, {"sheet": view.sheet})

    async def _show_panel(self) -> None:
        actor = await actor_of(self)
        if actor is None:
            return
        try:
            lesson, cell = await house().database.aread(
                views.panels, actor, self._course, self._work, self._student, _today(actor)
            )
        except NotYours:
            await self._count_refusal("cell", self._work)
            return
        self._lesson, self._version = lesson.lesson, lesson.version
        self.lesson, self.lesson_key = views.lesson_view(lesson), f"{lesson.lesson}-{lesson.version}"
        self.roll = [RollItem(line.student, line.name, line.code[:1]) for line in lesson.roll]
        can_comment = lesson.marks_open and any(sign.isdigit() for sign in cell.value) and cell.value[:1] != LATE
        self.cell = CellView(cell.name, cell.value, cell.work, cell.comment, can_comment)
        self.history = [HistoryItem(step.before, step.after, step.who, step.when) for step in cell.history]

    async def _change(self, work: Callable[[UnitOfWork, Actor], T]) -> T | None:
        """Run a service as this actor; a refusal becomes a notice and None."""
        actor = await actor_of(self)
        if actor is None:
            return None
        try:
            return await house().database.awrite(lambda uow: work(uow, actor), shard=actor.hat.school_uid)
        except Refused as refusal:
            if isinstance(refusal, NotYours):
                await self._count_refusal("lesson", self._lesson)
            await self._say(str(refusal))
            return None

    async def _parse(self, model: type[M], raw: dict) -> M | None:
        try:
            return payloads.parse(model, raw)
        except ValidationError:
            await self._count_refusal("payload", model.__name__)
            await self._say(_("This entry cannot be read."))
            return None

    async def _count_refusal(self, kind: str, subject: str) -> None:
        actor = await actor_of(self)
        if actor is not None:
            await house().database.awrite(
                lambda uow: access.record_refusal(
                    uow, kind, account=actor.account_uid, network=actor.network, subject=subject[:64]
                )
            )

    async def _say(self, text: str) -> None:
        notice = await self.get_state(NoticeState)
        notice.notice = text


class TodayState(rx.State):
    """The part of the home page that the journal fills: today's lessons of this person."""

    lessons: list[CourseCard] = []

    @allow(Right.SEE_HOME)
    @rx.event
    async def enter(self):
        actor = await actor_of(self)
        if actor is not None and actor.may(Right.ENTER_MARKS):
            cards = await house().database.aread(views.cards, actor, _today(actor))
            self.lessons = [card for card in cards if card.today and card.own]


def _today(actor: Actor) -> date:
    return local_date(house().database.clock.now(), actor.hat.zone)
