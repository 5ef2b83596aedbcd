"""Beside the grid: the lesson of the active cell, its roll call, one cell and its history."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import reflex as rx

from ais_app.access.errors import NotYours
from ais_app.access.guard import actor_of, tab_of
from ais_app.access.handling import change, count_refusal, parsed, say, today_of
from ais_app.access.policy import allow
from ais_app.access.rules import Right
from ais_app.db.columns import new_uid
from ais_app.house import house
from ais_app.i18n import _
from ais_app.journal import payloads, views
from ais_app.journal.queries.remarks import RemarkLine, remarks
from ais_app.journal.queries.sheet import topic_of
from ais_app.journal.rules import LATE
from ais_app.journal.service import lessons
from ais_app.journal.service import remarks as remarking
from ais_app.journal.service.cells import MarkEntry
from ais_app.journal.service.marks import MarksOperation
from ais_app.journal.state.course import JournalState, course_of, show_topics
from ais_app.journal.state.editing import enter
from ais_app.journal.views import CellView, HistoryItem, LessonView, RollItem
from ais_app.live.bus import Change


def tab_name(token: str) -> str:
    """A tab as others may know it."""
    return hashlib.sha256(token.encode()).hexdigest()[:12]


class LessonState(rx.State):
    """The panel, or on a phone the card of the lesson. `drawer`: opened over the grid where there is no room beside."""

    lesson: LessonView = LessonView()
    lesson_key: str = ""
    roll: list[RollItem] = []
    cell: CellView = CellView()
    history: list[HistoryItem] = []
    remarks: list[RemarkLine] = []
    drawer: bool = False
    editing: bool = False
    _work: str = ""
    _student: str = ""
    _lesson: str = ""
    _version: int = 0

    @allow(Right.SEE_JOURNAL)
    @rx.event
    async def enter_course(self):
        """Another course: nothing is chosen yet."""
        self.reset()

    @allow(Right.SEE_JOURNAL)
    @rx.event
    async def look(self, raw: dict):
        """The active cell rests: show its lesson and its history, and let the others know that somebody is here."""
        asked = await parsed(self, payloads.Look, raw)
        if asked is None or asked.course != await self._course():
            return
        self.editing = self.editing and asked.work == self._work
        self._work, self._student = asked.work, asked.student
        self.drawer = self.drawer or asked.panel
        await self._show()
        actor = await actor_of(self)
        if actor is not None and self._work and self.lesson.mine:
            guest = {
                "tab": tab_name(tab_of(self)),
                "person": actor.hat.person_uid,
                "student": asked.student,
                "work": asked.work,
            }
            await asyncio.to_thread(house().bus.publish, Change(topic_of(asked.course), 0, {"guest": guest}))

    @allow(Right.SEE_JOURNAL)
    @rx.event
    async def close_drawer(self):
        self.drawer = False

    @allow(Right.SEE_JOURNAL)
    @rx.event
    async def neighbour(self, raw: dict):
        """The lesson before (-1) or after (1) the one shown."""
        step = await parsed(self, payloads.Step, raw)
        actor = await actor_of(self)
        if step is None or actor is None:
            return
        try:
            other = await house().database.aread(
                views.neighbour, actor, await self._course(), self._work, step.by, today_of(actor)
            )
        except NotYours as refusal:
            await self._foreign(str(refusal))
            return
        if other:
            self._work, self.editing = other, False
            await self._show()

    @allow(Right.SEE_JOURNAL)
    @rx.event
    async def open_lesson(self, raw: dict):
        """A lesson of the list of topics: its panel, as a drawer where there is no room beside."""
        asked = await parsed(self, payloads.OpenLesson, raw)
        if asked is not None:
            self._work, self._student, self.drawer, self.editing = asked.work, "", True, True
            await self._show()

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def edit(self):
        """Show the form of the lesson."""
        self.editing = True

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def stop_editing(self):
        self.editing = False

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def save_lesson(self, raw: dict):
        form = await parsed(self, payloads.LessonForm, raw)
        if form is None:
            return
        minutes = form.minutes.strip()
        if minutes and not (minutes.isascii() and minutes.isdigit()):
            await say(self, _("Minutes are a whole number."))
            return
        text = lessons.LessonText(
            self._lesson,
            self._version,
            form.topic,
            form.homework,
            int(minutes) if minutes else None,
            bool(form.nothing_set),
        )
        if await change(self, lambda uow, actor: lessons.describe_lesson(uow, actor, text), self._lesson) is not None:
            self.editing = False
            await say(self, _("The lesson is saved."))
            await self._show()
            await show_topics(await self.get_state(JournalState))

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def change_type(self, raw: dict):
        chosen = await parsed(self, payloads.ChooseType, raw)
        work = self._work
        if chosen is not None:
            await change(self, lambda uow, actor: lessons.change_work(uow, actor, work, chosen.type), work)
            await self._show()

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def add_column(self, raw: dict):
        """Another column of the same lesson, of the kind chosen."""
        chosen = await parsed(self, payloads.ChooseType, raw)
        lesson = self._lesson
        if chosen is not None:
            await change(self, lambda uow, actor: lessons.add_work(uow, actor, lesson, chosen.type), lesson)

    @allow(Right.ENTER_MARKS)
    @rx.event
    async def call_roll(self, raw: dict):
        """Present, absent or late from the panel: the same way in as the grid's."""
        called = await parsed(self, payloads.RollCall, raw)
        if called is not None:
            await self._enter_from(views.roll_entry, called)

    @allow(Right.ENTER_MARKS)
    @rx.event
    async def all_present(self):
        """Nobody is missing: every «н» without a reason is taken from the lesson."""
        await self._enter_from(views.present_entries)

    @allow(Right.ENTER_MARKS)
    @rx.event
    async def put(self, raw: dict):
        """A button of the pad: the value of the active cell."""
        chosen = await parsed(self, payloads.PutValue, raw)
        if chosen is not None:
            await self._enter_from(views.value_entry, self._student, chosen.value)

    @allow(Right.ENTER_MARKS)
    @rx.event
    async def comment(self, raw: dict):
        """The teacher's comment to the mark of the active cell."""
        form = await parsed(self, payloads.CommentForm, raw)
        if form is not None:
            await self._enter_from(views.comment_entry, self._student, form.comment.strip())

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def add_remark(self, raw: dict):
        """A remark to the student of the active cell, at its lesson."""
        form = await parsed(self, payloads.RemarkForm, raw)
        place = (self._lesson, self._student)
        if form is not None:
            await change(self, lambda uow, actor: remarking.add_remark(uow, actor, *place, form.remark), self._lesson)
            await self._show()

    @allow(Right.KEEP_LESSONS)
    @rx.event
    async def withdraw_remark(self, raw: dict):
        chosen = await parsed(self, payloads.Withdraw, raw)
        if chosen is not None:
            await change(self, lambda uow, actor: remarking.withdraw_remark(uow, actor, chosen.remark), chosen.remark)
            await self._show()

    async def _course(self) -> str:
        return course_of(await self.get_state(JournalState))

    async def _enter_from(self, make: Any, *details: Any) -> None:
        """Make entries in a reader's thread, write them, answer the grid, show the panel anew."""
        actor = await actor_of(self)
        if actor is None:
            return
        course = await self._course()
        try:
            entries: list[MarkEntry] = await house().database.aread(
                make, actor, (course, self._work), *details, today_of(actor)
            )
        except NotYours as refusal:
            await count_refusal(self, "cell", self._work)
            await say(self, str(refusal))
            return
        if not entries:
            await say(self, _("There is nothing to change here."))
            return
        done = await enter(self, MarksOperation(new_uid(), course, entries))
        refused = done.get("refused")
        if refused or done.get("error"):
            await say(self, refused[0][3] if refused else str(done["error"]))
        else:  # others hear of it through the hub; this tab is told here, as a change that is not its own operation
            variables = {"patch": {name: value for name, value in done.items() if name != "op"}}
            await house().push.send(tab_of(self), JournalState, variables)
        await self._show()

    async def _foreign(self, text: str) -> None:
        """A lesson that is not (or no longer) theirs: the panel is empty, the attempt counted, the person told."""
        await count_refusal(self, "cell", self._work)
        self.reset()
        await say(self, text)

    async def _show(self) -> None:
        actor = await actor_of(self)
        if actor is None or not self._work:
            return
        try:
            lesson, cell = await house().database.aread(
                views.panels, actor, await self._course(), self._work, self._student, today_of(actor)
            )
        except NotYours as refusal:
            await self._foreign(str(refusal))
            return
        self._lesson, self._version = lesson.lesson, lesson.version
        self.lesson, self.lesson_key = views.lesson_view(lesson), f"{lesson.lesson}-{lesson.version}"
        self.roll = [RollItem(line.student, line.name, line.code[:1]) for line in lesson.roll]
        if cell is None:
            self.cell, self.history, self.remarks = CellView(), [], []
            return
        place = (self._student, self._work)
        self.remarks = await house().database.aread(remarks, actor, await self._course(), place, today_of(actor))
        can_comment = lesson.marks_open and any(sign.isdigit() for sign in cell.value) and cell.value[:1] != LATE
        self.cell = CellView(cell.name, cell.value, cell.work, cell.comment, can_comment, lesson.marks_open)
        self.history = [HistoryItem(one.before, one.after, one.who, one.when, one.reason) for one in cell.history]


def watcher_is(guest: dict[str, Any], token: str) -> bool:
    """Whether a tab is the very one that the news is about."""
    return guest.get("tab") == tab_name(token)
