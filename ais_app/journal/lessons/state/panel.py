"""Beside the grid: the lesson of the active cell, its roll call, one cell and its history."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from typing import Any

import reflex as rx

from ais_app.access.guard import tab_of
from ais_app.access.handling import allow, change, is_anew, moment_of, now_of, say
from ais_app.access.page_address import address
from ais_app.access.page_state import WithForms, asked_or_kept, tell_foreign
from ais_app.db import UnitOfWork
from ais_app.i18n import _
from ais_app.journal.attendance.views import RollItem
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.service import viewing
from ais_app.journal.errors import TakenBack
from ais_app.journal.events import feed_of
from ais_app.journal.grid import views
from ais_app.journal.grid.state import JournalState, course_and_lesson_in, course_of, show_taken_back, show_topics
from ais_app.journal.grid.views import CellView, HistoryLine
from ais_app.journal.lessons import payloads
from ais_app.journal.lessons.queries.panel import LessonPanel
from ais_app.journal.lessons.service import lessons
from ais_app.journal.lessons.views import (
    TYPED,
    ColumnItem,
    LessonView,
    TypeOption,
    column_items,
    lesson_view,
    panels,
    type_options,
)
from ais_app.journal.remarks import service as remarking
from ais_app.journal.remarks.payloads import RemarkForm, Withdraw
from ais_app.journal.remarks.queries import remarks
from ais_app.journal.remarks.views import RemarkItem, remark_items
from ais_app.journal.windows.payloads import AskForm, OfRequest
from ais_app.journal.windows.service import openings
from ais_app.journal.windows.views import AskingView, asking_view
from ais_app.live.bus import Change
from ais_app.live.changes import only_changes
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.web.forms import Wrong


def tab_name(token: str) -> str:
    """The name of a tab that others may know: a digest of its token, from which the token cannot be found."""
    return hashlib.sha256(token.encode()).hexdigest()[:12]


@only_changes()
class LessonState(WithForms, rx.State):
    """The panel, or on a phone the card of the lesson. `drawer`: opened over the grid where there is no room beside."""

    lesson: LessonView = LessonView()
    lesson_key: str = ""
    asking: AskingView = AskingView()
    roll: list[RollItem] = []
    columns: list[ColumnItem] = []
    types: list[TypeOption] = []
    cell: CellView = CellView()
    history: list[HistoryLine] = []
    remarks: list[RemarkItem] = []
    remark_key: str = ""
    drawer: bool = False
    editing: bool = False
    _of: str = ""  # the course whose panel this is
    _work: str = ""  # of the active cell
    _student: str = ""
    _active_lesson: str = ""  # that of the active cell
    _lesson: str = ""  # the lesson that is shown: while its form is open, not always that of the active cell
    _shown: str = ""  # a work of it
    _version: int = 0
    _written: int = 0
    _calling: bool = False  # the roll call was opened in this page: from then on it comes with the lesson

    @allow(Right.SEE_JOURNAL)
    async def open_page(self, actor: Actor):
        """Open the panel. For the same course what is shown and an open form stay; for another one nothing is chosen,
        unless the address names the lesson whose form was open. A link to a lesson empties the panel for that lesson.
        """
        course, lesson = course_and_lesson_in(str(self.router.url))
        again = course == self._of and not lesson
        asked = await asked_or_kept(self, payloads.FormAddress, again=again)
        if not again:
            if self._of:  # else nothing was ever shown here: the page has the defaults
                calling = self._calling
                self.reset()
                self._calling = calling
            self._of = course
        if asked is not None and actor.may(Right.KEEP_LESSONS):
            self.editing = self.drawer = True
            self._work, self._student, self._shown = self._work or asked.edit, self._student, asked.edit
        self._calling = self._calling and not await is_anew(self)
        self._lesson = ""  # read anew: if somebody has changed it, the device's draft is laid over what is there now
        await self._show(actor)

    @allow(Right.SEE_JOURNAL, payloads.ShowCell)
    async def show_cell(self, actor: Actor, asked: payloads.ShowCell):
        """Show the lesson and the history of the cell on which the cursor rests, and tell other writers of the course.

        An open form stays with its lesson until it is saved or left; the card of the cell is always that of the active
        one.
        """
        if asked.course != await self._course():
            return
        self.drawer = self.drawer or asked.panel
        moved = (asked.work, asked.student) != (self._work, self._student)
        self._work, self._student = asked.work, asked.student
        if moved and self.wrong.field in ("remark", "reason"):  # it was about another cell
            self.wrong = Wrong()
        await self._show(actor)
        if self._work and self.lesson.mine:
            guest = {
                "tab": tab_name(tab_of(self)),
                "person": actor.hat.person_uid,
                "student": asked.student,
                "work": asked.work,
            }
            await asyncio.to_thread(services().bus.publish, Change(feed_of(asked.course), 0, {"guest": guest}))

    @allow(Right.SEE_JOURNAL)
    async def call_roll(self, actor: Actor):
        """Open the roll call. Its items, one for each student, are sent to pages in which it was opened only."""
        self._calling = True
        await self._show(actor)

    @allow(Right.SEE_JOURNAL)
    async def close_drawer(self, _actor: Actor):
        self.drawer = False

    @allow(Right.SEE_JOURNAL, payloads.OpenLesson)
    async def open_lesson(self, actor: Actor, asked: payloads.OpenLesson):
        """A lesson of the list of topics: its panel, as a drawer where there is no room beside."""
        self._leave_form()
        self._work, self._student, self.drawer, self.editing = asked.work, "", True, True
        self._shown, self._lesson = asked.work, ""  # also the one that is shown is read anew
        await self._show(actor)

    @allow(Right.KEEP_LESSONS, payloads.OpenLesson)
    async def edit(self, actor: Actor, asked: payloads.OpenLesson):
        """Show the form of the lesson that the person sees, even if the panel has moved to another one meanwhile."""
        if asked.work != self._shown:
            self._shown, self._lesson = asked.work, ""
        self.editing, self.wrong = True, Wrong()
        await self._show(actor)

    @allow(Right.KEEP_LESSONS)
    async def stop_editing(self, actor: Actor):
        self._leave_form()
        await self._show(actor)

    @allow(Right.KEEP_LESSONS, payloads.LessonForm)
    async def save_lesson(self, actor: Actor, form: payloads.LessonForm):
        lesson, version, work = self._lesson, self._version, self._shown

        def describe(uow: UnitOfWork) -> int:
            return lessons.describe_lesson(uow, actor, form.read(lesson, version, work))

        if await change(self, actor, describe, lesson, form) is None:
            await self._show_what_changed(actor)
            return
        self._leave_form()
        await say(self, _("The lesson is saved."), done=True)
        await self._show(actor)
        await show_topics(await self.get_state(JournalState), actor)

    @allow(Right.KEEP_LESSONS, payloads.NewColumn)
    async def add_column(self, actor: Actor, form: payloads.NewColumn):
        """Another column of the lesson, of the kind chosen."""
        lesson = form.lesson
        if await change(self, actor, lambda uow: lessons.add_work(uow, actor, lesson, form.type), lesson, form):
            await say(self, _("The column is added."), done=True)
            await self._show(actor)

    @allow(Right.KEEP_LESSONS, RemarkForm)
    async def add_remark(self, actor: Actor, form: RemarkForm):
        """A remark to the student of the active cell, at its lesson."""
        lesson, student = self._active_lesson, self._student

        def add(uow: UnitOfWork) -> str:
            return remarking.add_remark(uow, actor, lesson, student, form.remark)

        if await change(self, actor, add, lesson, form) is not None:
            self._written += 1
            await self._show(actor)

    @allow(Right.KEEP_LESSONS, Withdraw)
    async def withdraw_remark(self, actor: Actor, chosen: Withdraw):
        """Withdraw a remark: nobody sees it, and its author can put it back from the list of what was taken back."""

        def withdraw(uow: UnitOfWork) -> bool:
            remarking.withdraw_remark(uow, actor, chosen.remark)
            return True

        if await change(self, actor, withdraw, chosen.remark):
            await say(self, _("The remark is taken back."), done=True)
            await show_taken_back(await self.get_state(JournalState), actor)
        await self._show(actor)

    @allow(Right.ASK_OPENING, AskForm)
    async def ask_opening(self, actor: Actor, form: AskForm):
        """Ask the deputy to open the lesson that is shown, or the student of the active cell in it."""
        asked = openings.NewRequest(self._lesson, form.reason, self._student if form.only else "")
        if await change(self, actor, lambda uow: openings.ask(uow, actor, asked), self._lesson, form) is not None:
            await say(self, _("The request is sent."), done=True)
        await self._show(actor)

    @allow(Right.ASK_OPENING, OfRequest)
    async def withdraw_request(self, actor: Actor, chosen: OfRequest):
        await change(self, actor, lambda uow: openings.withdraw(uow, actor, chosen.request), chosen.request)
        await self._show(actor)

    async def _course(self) -> str:
        return self._of or course_of(await self.get_state(JournalState))

    async def _grant(self, actor: Actor) -> ViewGrant:
        return await viewing.grant(services().database, actor, await self._course())

    def _write_address(self) -> None:
        shown = payloads.FormAddress(edit=self._shown if self.editing else "")
        self.address = address(f"/journal/{self._of}", shown)

    def _leave_form(self) -> None:
        """Close the form; the panel goes on to the lesson of the active cell."""
        self.editing, self.wrong = False, Wrong()

    async def _show_what_changed(self, actor: Actor) -> None:
        """A lesson that was changed meanwhile is read anew: the form lays what was typed over what is there now."""
        if self.editing and not self.wrong.field:
            self._lesson = ""
            await self._show(actor)

    def _empty(self) -> None:
        """Nothing of the course is chosen."""
        course = self._of
        self.reset()
        self._of = course
        self._write_address()

    async def _show(self, actor: Actor) -> None:
        """Read anew what is shown: the active cell, and its lesson or that of the open form."""
        if not self._work:
            return
        self._write_address()
        try:
            grant = await self._grant(actor)
            lesson, cell = await services().read(actor, panels, grant, self._work, self._student)
            shown = await self._to_show(actor, lesson)
        except NotYours as refusal:
            work = self._work
            self._empty()
            await tell_foreign(self, actor, refusal, "cell", work)
            return
        except TakenBack as refusal:
            self._empty()
            await say(self, str(refusal))
            return
        self._active_lesson = lesson.lesson
        if shown is not None:
            self._show_lesson(actor, shown)
        self.remark_key = f"{self._active_lesson}-{self._student}-{self._written}"
        if cell is None:
            self.cell, self.history, self.remarks = CellView(), [], []
            return
        cell_key = (self._student, self._work)
        found = await services().read(actor, remarks, grant, cell_key)
        self.remarks = remark_items(found, actor.hat.zone)
        self.cell = views.cell_view(actor, cell, lesson, cell_key)
        self.history = views.history_items(cell, actor.hat.zone)

    async def _to_show(self, actor: Actor, active: LessonPanel) -> LessonPanel | None:
        """The lesson to show: that of the active cell, or of the open form; None = the form's is shown already."""
        if not self.editing or self._lesson == active.lesson or self._shown in ("", active.work):
            return active
        if self._lesson:
            return None
        grant = await self._grant(actor)
        return (await services().read(actor, panels, grant, self._shown, ""))[0]

    def _show_lesson(self, actor: Actor, lesson: LessonPanel) -> None:
        shown = lesson_view(lesson, now_of(actor))
        if self.editing and self._lesson:  # what is typed began with what is there, and saving says so
            shown = replace(shown, **{name: getattr(self.lesson, name) for name in TYPED})
        else:
            self._lesson, self._version = lesson.lesson, lesson.version
            self.lesson_key = f"{lesson.lesson}-{lesson.version}"
        self.lesson, self._shown = shown, shown.work
        self.asking = asking_view(lesson.asking, moment_of(actor), actor.hat.zone)
        self.columns = column_items(lesson)
        self.types = type_options(lesson)
        called = lesson.roll if self._calling else ()
        self.roll = [RollItem(pupil.student, pupil.name, pupil.code[:1]) for pupil in called]


def leave_lesson(state: LessonState) -> None:
    """Empty the panel, whose lesson or column is gone, until the grid sends another cell."""
    state._empty()  # noqa: SLF001 - a method without «_» would be an event handler


async def refresh_lesson(state: LessonState, actor: Actor) -> None:
    """Read anew what the panel shows."""
    await state._show(actor)  # noqa: SLF001 - a method without «_» would be an event handler


def watcher_is(guest: dict[str, Any], token: str) -> bool:
    """Whether `guest` (a writer at a cell) is the tab of this `token`."""
    return guest.get("tab") == tab_name(token)
