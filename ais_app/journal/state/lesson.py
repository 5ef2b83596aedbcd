"""Beside the grid: the lesson of the active cell, its roll call, one cell and its history."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import reflex as rx

from ais_app.access.errors import NotYours
from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, change, count_refusal, say, today_of
from ais_app.access.rules import Actor, Right
from ais_app.db import UnitOfWork
from ais_app.house import house
from ais_app.i18n import _
from ais_app.journal import payloads, views
from ais_app.journal.grants import ViewGrant
from ais_app.journal.queries.panel import LessonPanel
from ais_app.journal.queries.remarks import RemarkLine, remarks
from ais_app.journal.queries.sheet import topic_of
from ais_app.journal.service import lessons, viewing
from ais_app.journal.service import remarks as remarking
from ais_app.journal.state.course import JournalState, course_of, show_topics
from ais_app.journal.views import CellView, HistoryItem, LessonView, RollItem
from ais_app.live.bus import Change
from ais_app.web.forms import Wrong


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
    remark_key: str = ""
    drawer: bool = False
    editing: bool = False
    wrong: Wrong = Wrong()
    _work: str = ""  # of the active cell
    _student: str = ""
    _place: str = ""  # the lesson of the active cell
    _lesson: str = ""  # the lesson that is shown: while its form is open, not always that of the active cell
    _shown: str = ""  # a work of it
    _version: int = 0
    _written: int = 0

    @allow(Right.SEE_JOURNAL)
    async def enter_course(self, _actor: Actor):
        """Another course: nothing is chosen yet."""
        self.reset()

    @allow(Right.SEE_JOURNAL, payloads.Look)
    async def look(self, actor: Actor, asked: payloads.Look):
        """The active cell rests: show its lesson and its history, and let the others know that somebody is here.

        An open form stays with its lesson until it is saved or left: what is typed in it is nowhere else. The card of
        the cell goes on: it is always that of the active one.
        """
        if asked.course != await self._course():
            return
        self.drawer = self.drawer or asked.panel
        moved = (asked.work, asked.student) != (self._work, self._student)
        self._work, self._student = asked.work, asked.student
        if moved and self.wrong.field in payloads.RemarkForm.model_fields:  # it was about another cell
            self.wrong = Wrong()
        await self._show(actor)
        if self._work and self.lesson.mine:
            guest = {
                "tab": tab_name(tab_of(self)),
                "person": actor.hat.person_uid,
                "student": asked.student,
                "work": asked.work,
            }
            await asyncio.to_thread(house().bus.publish, Change(topic_of(asked.course), 0, {"guest": guest}))

    @allow(Right.SEE_JOURNAL)
    async def close_drawer(self, _actor: Actor):
        self.drawer = False

    @allow(Right.SEE_JOURNAL, payloads.OpenLesson)
    async def open_lesson(self, actor: Actor, asked: payloads.OpenLesson):
        """A lesson of the list of topics: its panel, as a drawer where there is no room beside."""
        self._leave_form()
        self._work, self._student, self.drawer, self.editing = asked.work, "", True, True
        self._lesson = ""  # also the one that is shown is read anew
        await self._show(actor)

    @allow(Right.KEEP_LESSONS, payloads.OpenLesson)
    async def edit(self, actor: Actor, asked: payloads.OpenLesson):
        """Show the form of the lesson that the person sees: the panel may have gone on meanwhile."""
        self.editing, self.wrong = False, Wrong()
        if asked.work != self._shown:
            try:
                lesson, _cell = await house().database.aread(
                    views.panels, await self._grant(actor), asked.work, "", today_of(actor)
                )
            except NotYours as refusal:
                await self._foreign(actor, str(refusal))
                return
            self._show_lesson(lesson, today_of(actor))
        self.editing = True

    @allow(Right.KEEP_LESSONS)
    async def stop_editing(self, actor: Actor):
        self._leave_form()
        await self._show(actor)

    @allow(Right.KEEP_LESSONS, payloads.LessonForm)
    async def save_lesson(self, actor: Actor, form: payloads.LessonForm):
        lesson, version = self._lesson, self._version

        def describe(uow: UnitOfWork) -> int:
            return lessons.describe_lesson(uow, actor, form.read(lesson, version))

        if await change(self, actor, describe, lesson, form) is not None:
            self._leave_form()
            await say(self, _("The lesson is saved."), done=True)
            await self._show(actor)
            await show_topics(await self.get_state(JournalState), actor)

    @allow(Right.KEEP_LESSONS, payloads.ChooseType)
    async def change_type(self, actor: Actor, chosen: payloads.ChooseType):
        work = self._shown
        await change(self, actor, lambda uow: lessons.change_work(uow, actor, work, chosen.type), work)
        await self._show(actor)

    @allow(Right.KEEP_LESSONS, payloads.ChooseType)
    async def add_column(self, actor: Actor, chosen: payloads.ChooseType):
        """Another column of the same lesson, of the kind chosen."""
        lesson = self._lesson
        await change(self, actor, lambda uow: lessons.add_work(uow, actor, lesson, chosen.type), lesson)

    @allow(Right.KEEP_LESSONS, payloads.RemarkForm)
    async def add_remark(self, actor: Actor, form: payloads.RemarkForm):
        """A remark to the student of the active cell, at its lesson."""
        place = (self._place, self._student)

        def add(uow: UnitOfWork) -> str:
            return remarking.add_remark(uow, actor, *place, form.remark)

        if await change(self, actor, add, self._place, form) is not None:
            self._written += 1
            await self._show(actor)

    @allow(Right.KEEP_LESSONS, payloads.Withdraw)
    async def withdraw_remark(self, actor: Actor, chosen: payloads.Withdraw):
        await change(self, actor, lambda uow: remarking.withdraw_remark(uow, actor, chosen.remark), chosen.remark)
        await self._show(actor)

    async def _course(self) -> str:
        return course_of(await self.get_state(JournalState))

    async def _grant(self, actor: Actor) -> ViewGrant:
        return await viewing.grant(house().database, actor, await self._course())

    def _leave_form(self) -> None:
        """Close the form; the panel goes on to the lesson of the active cell."""
        self.editing, self.wrong = False, Wrong()

    async def _foreign(self, actor: Actor, text: str) -> None:
        """A lesson that is not (or no longer) theirs: the panel is empty, the attempt counted, the person told."""
        await count_refusal(actor, "cell", self._work)
        self.reset()
        await say(self, text)

    async def _show(self, actor: Actor) -> None:
        if not self._work:
            return
        try:
            grant = await self._grant(actor)
            lesson, cell = await house().database.aread(views.panels, grant, self._work, self._student, today_of(actor))
        except NotYours as refusal:
            await self._foreign(actor, str(refusal))
            return
        self._place = lesson.lesson
        if not self.editing or self._lesson in ("", lesson.lesson):
            self._show_lesson(lesson, today_of(actor))
        self.remark_key = f"{self._place}-{self._student}-{self._written}"
        if cell is None:
            self.cell, self.history, self.remarks = CellView(), [], []
            return
        place = (self._student, self._work)
        self.remarks = await house().database.aread(remarks, grant, place, today_of(actor))
        self.cell = views.cell_view(cell, lesson, place)
        self.history = [HistoryItem(one.before, one.after, one.who, one.when, one.reason) for one in cell.history]

    def _show_lesson(self, lesson: LessonPanel, today: date) -> None:
        shown = views.lesson_view(lesson, today)
        if self.editing and self._lesson:  # what is typed began with what is there, and saving says so
            shown = replace(shown, **{name: getattr(self.lesson, name) for name in views.TYPED})
        else:
            self._lesson, self._version = lesson.lesson, lesson.version
            self.lesson_key = f"{lesson.lesson}-{lesson.version}"
        self.lesson, self._shown = shown, lesson.work
        self.roll = [RollItem(line.student, line.name, line.code[:1]) for line in lesson.roll]


def watcher_is(guest: dict[str, Any], token: str) -> bool:
    """Whether a tab is the very one that the news is about."""
    return guest.get("tab") == tab_name(token)
