"""Taking back what was added by mistake in an open course, and putting it back."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from ais_app.access.handling import allow, change, say
from ais_app.db import UnitOfWork
from ais_app.i18n import _, day_and_month
from ais_app.journal.grid.state import JournalState, show_taken_back
from ais_app.journal.lessons import payloads
from ais_app.journal.lessons.service import taking_back
from ais_app.journal.lessons.state.panel import LessonState, leave_lesson, refresh_lesson
from ais_app.journal.remarks import service as remarks
from ais_app.rights.rules import Actor, Right
from ais_app.web.forms import Wrong

_TAKE_BACK = {"lesson": taking_back.take_back_lesson, "column": taking_back.take_back_work}
_PUT_BACK = {
    "lesson": taking_back.put_back_lesson,
    "column": taking_back.put_back_work,
    "remark": remarks.put_back_remark,
}


@dataclass(frozen=True, slots=True)
class PendingQuestion:
    """The question that waits for an answer: whether to take `what` (lesson or column) `uid` back. Empty: none does."""

    what: str = ""
    uid: str = ""
    question: str = ""


class TakingBackState(rx.State):
    """The question before something with marks in it is taken back. `wrong`: what is wrong with the reason."""

    asked: PendingQuestion = PendingQuestion()
    wrong: Wrong = Wrong()

    @allow(Right.KEEP_LESSONS, payloads.TakeBack)
    async def take_back(self, actor: Actor, form: payloads.TakeBack):
        """Take a lesson or a column back; with marks in it only when its question was answered, with a reason."""

        def work(uow: UnitOfWork):
            return _TAKE_BACK[form.what](uow, actor, form.uid, form.reason, form.confirmed)

        day = await change(self, actor, work, form.uid, form)
        if self.wrong.field == "confirmed":
            self.asked, self.wrong = PendingQuestion(form.what, form.uid, self.wrong.text), Wrong()
        if day is None:
            return
        self.asked = PendingQuestion()
        leave_lesson(await self.get_state(LessonState))
        said = (
            _("The lesson of {day} is taken back.")
            if form.what == "lesson"
            else _("The column of {day} is taken back.")
        )
        await say(self, said.format(day=day_and_month(day)), done=True)
        await show_taken_back(await self.get_state(JournalState), actor)

    @allow(Right.KEEP_LESSONS)
    async def leave_it(self, _actor: Actor):
        """Close the question; nothing is taken back."""
        self.asked, self.wrong = PendingQuestion(), Wrong()

    @allow(Right.KEEP_LESSONS, payloads.PutBack)
    async def put_back(self, actor: Actor, chosen: payloads.PutBack):
        """Put back a lesson, a column or a remark that was taken back."""
        day = await change(self, actor, lambda uow: _PUT_BACK[chosen.what](uow, actor, chosen.uid), chosen.uid)
        if day is not None:
            await say(self, _("It stands again at {day}.").format(day=day_and_month(day)), done=True)
            await refresh_lesson(await self.get_state(LessonState), actor)
        await show_taken_back(await self.get_state(JournalState), actor)
