"""The part of the home page that the journal fills: own lessons, what is not written, who was missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import reflex as rx
from pydantic import Field

from ais_app.access.handling import allow, change, said_in_place, say
from ais_app.access.page_address import address
from ais_app.access.page_state import Status, WithForms, asked_or_kept
from ais_app.access.payload import Payload
from ais_app.i18n import _, day_and_month, ngettext
from ais_app.journal.attendance import payloads
from ais_app.journal.attendance.service import change_reason, excuse
from ais_app.journal.attendance.views import reason_names
from ais_app.journal.grid.rules import REASONS
from ais_app.journal.lessons.rules import is_held
from ais_app.journal.lessons.views import due_in_words
from ais_app.journal.today import queries as reads
from ais_app.journal.today.queries import Missing, OwnLesson
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.services import services
from ais_app.web.forms import Wrong, wrong


@dataclass(frozen=True, slots=True)
class LessonItem:
    """A lesson of the day. `mood`: done, warn, now or empty."""

    href: str
    time: str
    class_name: str
    subject: str
    room: str
    state: str
    mood: str


@dataclass(frozen=True, slots=True)
class DueItem:
    """A held lesson that is not written down, with its term."""

    href: str
    title: str
    about: str
    term: str
    late: bool


@dataclass(frozen=True, slots=True)
class MissingItem:
    """An absence of a day: who, which lessons, and whether its reason is known."""

    student: str
    name: str
    class_name: str
    day: str
    iso: str
    lessons: str
    reason: str
    code: str
    key: str


@dataclass(frozen=True, slots=True)
class Today:
    lessons: list[LessonItem]
    due: list[DueItem]
    missing: list[MissingItem]
    explained: list[MissingItem]


class _Address(Payload):
    """What the address of the home says: the absence whose form is open, with the reason that is to be changed."""

    excuse: Annotated[
        str, Field(pattern=rf"^([a-z2-7]{{16}}\.\d{{4}}-\d{{2}}-\d{{2}}(\.({'|'.join(REASONS)}))?)?$")
    ] = ""


class TodayState(WithForms, rx.State):
    """Today's work of a teaching person. `status`: loading, ready, error.

    `missing`: whose reason is not known, and who is missing today; `explained`: the other absences of the week.
    """

    teaches: bool = False
    leads: bool = False
    status: Status = "loading"
    sum: str = ""
    lessons: list[LessonItem] = []
    due: list[DueItem] = []
    missing: list[MissingItem] = []
    explained: list[MissingItem] = []
    excusing: str = ""

    @allow(Right.SEE_HOME)
    async def open_part(self, actor: Actor):
        asked = await asked_or_kept(self, _Address)
        if asked is not None:
            self._open(asked.excuse.replace(".", ":"))
        self.teaches = actor.may(Right.KEEP_LESSONS)
        self.leads = actor.may(Right.SET_ABSENCE_REASON) and actor.hat.person_id is not None and self.teaches
        async with said_in_place(self):
            await show(self, actor)

    @allow(Right.SET_ABSENCE_REASON, payloads.ChooseAbsence)
    async def choose(self, _actor: Actor, chosen: payloads.ChooseAbsence):
        """Open the form for the reason of one absence, or close it."""
        key = _key(chosen.student, chosen.day, chosen.reason)
        self._open("" if self.excusing == key else key)

    @allow(Right.SET_ABSENCE_REASON, payloads.ExcuseForm)
    async def excuse(self, actor: Actor, form: payloads.ExcuseForm):
        """Give the unexplained absences of these days their reason."""
        changed = await change(self, actor, lambda uow: excuse(uow, actor, form.read()), form.student, form)
        if changed is None:
            return
        if not changed:
            self.wrong = wrong("last", _("No lesson of these days is missed without a reason."))
            return
        self._open("")
        await say(
            self,
            ngettext(
                "The reason is written for {count} lesson.", "The reason is written for {count} lessons.", changed
            ),
            done=True,
        )
        await show(self, actor)

    @allow(Right.SET_ABSENCE_REASON, payloads.ReasonForm)
    async def change_reason(self, actor: Actor, form: payloads.ReasonForm):
        """Give absences another reason than the one that is written, or none."""
        changed = await change(self, actor, lambda uow: change_reason(uow, actor, form.read()), form.student, form)
        if changed is None:
            return
        if not changed:
            self.wrong = wrong("last", _("No lesson of these days has this reason."))
            return
        self._open("")
        said = ngettext(
            "The reason of {count} lesson is changed.", "The reason of {count} lessons is changed.", changed
        )
        await say(self, said, done=True)
        await show(self, actor)

    def _open(self, key: str) -> None:
        self.excusing, self.wrong = key, Wrong()
        self.address = address("/", _Address(excuse=key.replace(":", ".")))


async def show(state: TodayState, actor: Actor) -> None:
    """Read the day anew."""
    made = await services().read(actor, read)
    state.lessons, state.due, state.missing, state.explained = made.lessons, made.due, made.missing, made.explained
    count = len(made.due) + sum(item.reason == "" for item in made.missing)
    state.sum = ngettext("{count} thing to do", "{count} things to do", count) if count else _("Nothing is waiting")
    state.status = "ready"


def read(reading: Reading) -> Today:
    """The day of a teaching person, ready to show."""
    own = reads.own_lessons(reading)
    absences = reads.missing(reading)
    now, today = reading.clock, reading.today
    of_a_day = Counter((lesson.course, lesson.day) for lesson in own)
    return Today(
        lessons=[_lesson(lesson, now) for lesson in own if lesson.day == today],
        due=[
            _due(lesson, now, numbered=of_a_day[lesson.course, lesson.day] > 1)
            for lesson in own
            if not lesson.kept and is_held(lesson.day, lesson.ends, now)
        ],
        missing=[_missing(one, today) for one in absences if not one.reason or one.day == today],
        explained=[_missing(one, today) for one in absences if one.reason and one.day != today],
    )


def _address(lesson: OwnLesson) -> str:
    return f"/journal/{lesson.course}?lesson={lesson.uid}"


def _lesson(lesson: OwnLesson, now: datetime) -> LessonItem:
    going = lesson.begins is not None and lesson.ends is not None and lesson.begins <= now.time() < lesson.ends
    if going:
        state, mood = _("going on now"), "now"
    elif lesson.kept:
        state, mood = _("written"), "done"
    elif is_held(lesson.day, lesson.ends, now):
        state, mood = _("no homework yet") if lesson.topic else _("no topic yet"), "warn"
    else:
        state, mood = _("ahead"), ""
    number = _("lesson {number}").format(number=lesson.number)
    return LessonItem(
        href=_address(lesson),
        time=f"{lesson.begins:%H:%M}" if lesson.begins else number,
        class_name=lesson.class_name,
        subject=lesson.subject,
        room=_("room {room}").format(room=lesson.room) if lesson.room[:1].isdigit() else lesson.room,
        state=state,
        mood=mood,
    )


def _due(lesson: OwnLesson, now: datetime, *, numbered: bool) -> DueItem:
    """What is to be written of a lesson; `numbered`: its course has another one on that day."""
    today = now.date()
    what = _("Write the homework") if lesson.topic else _("Write topic and homework")
    title = f"{what}, {lesson.class_name}" if lesson.class_name else what
    day = _("today") if lesson.day == today else day_and_month(lesson.day)
    about, locked_after = f"{lesson.subject}, {day}", lesson.window.last_day(lesson.day)
    if numbered:
        about += ", " + _("lesson {number}").format(number=lesson.number)
    if locked_after == today:
        about += ". " + _("After today it cannot be written any more")
    term, late = due_in_words(lesson.due, now)
    return DueItem(href=_address(lesson), title=title, about=about, term=term, late=late)


def _key(student: str, day: str, reason: str) -> str:
    """The key of the form of an absence: «student:day» or «student:day:reason»."""
    return ":".join(filter(None, (student, day, reason)))


def _missing(absence: Missing, today: date) -> MissingItem:
    return MissingItem(
        student=absence.student,
        name=absence.name,
        class_name=absence.class_name,
        day=_("today") if absence.day == today else day_and_month(absence.day),
        iso=absence.day.isoformat(),
        lessons=_("lesson {number}").format(number=absence.lessons[0])
        if len(absence.lessons) == 1
        else _("lessons {numbers}").format(numbers=", ".join(map(str, absence.lessons))),
        reason=reason_names()[absence.reason] if absence.reason else "",
        code=absence.reason,
        key=_key(absence.student, absence.day.isoformat(), absence.reason),
    )
