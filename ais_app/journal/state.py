"""State of the journal: parses an event, calls one service or query in a thread, shows a small view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlsplit

import reflex as rx
import structlog
from pydantic import ValidationError
from sqlalchemy import Connection

from ais_app.access import service as access
from ais_app.access.errors import NotYours, Refused
from ais_app.access.guard import NoticeState, actor_of
from ais_app.access.policy import allow
from ais_app.access.rules import Actor, Right, Role
from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.db.columns import new_uid
from ais_app.house import house
from ais_app.i18n import _, capital, day_and_month, ngettext, weekday
from ais_app.journal import payloads
from ais_app.journal.errors import CellsRefused
from ais_app.journal.queries import courses, panel, patch, sheet
from ais_app.journal.queries.courses import CourseRow
from ais_app.journal.rules import ABSENT, LATE
from ais_app.journal.service import lessons, viewing
from ais_app.journal.service.marks import Entered, MarkEntry, MarksOperation, enter_marks
from ais_app.live.hub import Watcher

T = TypeVar("T")
M = TypeVar("M", bound=payloads.Payload)
log = structlog.get_logger("journal")
CHANNEL = "journal"


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in the list."""

    href: str
    uid: str
    title: str
    subject: str
    class_name: str
    teacher: str
    today: str
    own: bool


@dataclass(frozen=True, slots=True)
class PeriodTab:
    uid: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class RollItem:
    student: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class HistoryItem:
    before: str
    after: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class TypeOption:
    uid: str
    label: str


@dataclass(frozen=True, slots=True)
class LessonView:
    """The lesson panel, ready to show."""

    title: str = ""
    place: str = ""
    topic: str = ""
    homework: str = ""
    minutes: str = ""
    nothing_set: bool = False
    control_type: str = ""
    open: bool = False
    marks_open: bool = False
    why: str = ""
    present: str = "0"
    ill: str = "0"
    excused: str = "0"
    absent: str = "0"


@dataclass(frozen=True, slots=True)
class CellView:
    """The cell panel, ready to show."""

    name: str = ""
    value: str = ""
    work: str = ""
    comment: str = ""
    can_comment: bool = False


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
        self.courses = await house().database.aread(_cards, actor)
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
            entry = await house().database.aread(_roll_entry, actor, course, work, called)
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
            entry = await house().database.aread(_comment_entry, actor, course, student, work, form.comment.strip())
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
            done = await house().database.awrite(
                lambda uow: enter_marks(uow, actor, operation), shard=actor.hat.school_uid
            )
        except CellsRefused as refused:
            if any(cell.code == "denied" for cell in refused.cells):
                await self._count_refusal("cell", operation.course)
            answer = patch.refusal(operation.course, 0, operation.uid, refused)
        except Refused as refusal:
            await self._count_refusal("course", operation.course)
            answer = patch.patch(operation.course, 0, operation=operation.uid, error=str(refusal))
        else:
            answer = await house().database.aread(_saved, done)
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
            view = await house().database.aread(_open, actor, course, period)
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
            lesson, cell = await house().database.aread(_panel, actor, self._course, self._work, self._student)
        except NotYours:
            await self._count_refusal("cell", self._work)
            return
        self._lesson, self._version = lesson.lesson, lesson.version
        self.lesson, self.lesson_key = _lesson_view(lesson), f"{lesson.lesson}-{lesson.version}"
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


@dataclass(frozen=True, slots=True)
class _Opened:
    sheet: dict[str, Any]
    period: str
    title: str
    class_name: str
    subject: str
    held: str
    read_only: bool
    courses: list[CourseCard]
    periods: list[PeriodTab]
    types: list[TypeOption]
    today: str


def _today(actor: Actor) -> date:
    return local_date(house().database.clock.now(), actor.hat.zone)


def _cards(connection: Connection, actor: Actor) -> list[CourseCard]:
    return [
        CourseCard(
            href=f"/journal/{line.uid}",
            uid=line.uid,
            title=f"{line.class_name}, {line.subject}" if line.class_name else line.subject,
            subject=line.subject,
            class_name=line.class_name,
            teacher=line.teacher,
            today=_lesson_numbers(line.today),
            own=line.own,
        )
        for line in courses.courses(connection, actor, _today(actor))
    ]


def _lesson_numbers(numbers: tuple[int, ...]) -> str:
    if not numbers:
        return ""
    return _("today: lesson {numbers}").format(numbers=", ".join(str(number) for number in numbers))


def _open(connection: Connection, actor: Actor, course_uid: str, period_uid: str) -> _Opened:
    today = _today(actor)
    page = courses.course(connection, actor, course_uid, today)
    found = sheet.periods(connection, page.scheme_id)
    period = next((one for one in found if one.uid == period_uid), sheet.present_period(found, today))
    view = sheet.sheet(connection, actor, page, period, today)
    return _Opened(
        sheet=view,
        period=period.uid,
        title=sheet.title(page),
        class_name=page.class_name,
        subject=page.name,
        held=_held(connection, page, today),
        read_only=not page.own,
        courses=_cards(connection, actor),
        periods=[PeriodTab(one.uid, one.name, one.uid == period.uid) for one in found],
        types=[
            TypeOption(one.uid, _("{type}, weight {weight}").format(type=one.name, weight=one.weight))
            for one in panel.control_types(connection, actor)
        ],
        today=today.isoformat(),
    )


def _held(connection: Connection, page: CourseRow, today: date) -> str:
    held = courses.held_lessons(connection, page.id, today)
    if page.hours_planned:
        return _("{held} of {planned} hours held").format(held=held, planned=page.hours_planned)
    return ngettext("{count} lesson held", "{count} lessons held", held)


def _saved(connection: Connection, done: Entered) -> dict[str, Any]:
    cells, averages = patch.changed_cells(connection, done.course.uid, done.cells)
    return patch.patch(done.course.uid, done.sequence, operation=done.operation, cells=cells, averages=averages)


def _panel(
    connection: Connection, actor: Actor, course_uid: str, work: str, student: str
) -> tuple[panel.LessonPanel, panel.CellPanel]:
    today = _today(actor)
    page = courses.course(connection, actor, course_uid, today)
    return (
        panel.lesson_panel(connection, actor, page, work, today),
        panel.cell_panel(connection, actor, page, student, work),
    )


def _roll_entry(
    connection: Connection, actor: Actor, course_uid: str, work: str, called: payloads.RollCall
) -> MarkEntry:
    """The cell of the roll call: another attendance, the same marks, the version that stands there now."""
    today = _today(actor)
    page = courses.course(connection, actor, course_uid, today)
    lesson = panel.lesson_panel(connection, actor, page, work, today)
    line = next((one for one in lesson.roll if one.student == called.student), None)
    if line is None:
        raise NotYours
    marks = [part for part in line.text.split("/") if part and part != line.code]
    text = "/".join([*([called.code] if called.code else []), *marks])
    return MarkEntry(called.student, panel.first_work_of(connection, page, work), text, line.version)


def _comment_entry(
    connection: Connection, actor: Actor, course_uid: str, student: str, work: str, comment: str
) -> MarkEntry:
    page = courses.course(connection, actor, course_uid, _today(actor))
    value, version = panel.cell_text(connection, page, student, work)
    return MarkEntry(student, work, value, version, comment)


def _lesson_view(lesson: panel.LessonPanel) -> LessonView:
    counts = lesson.counts
    time = f"{lesson.begins}–{lesson.ends}" if lesson.begins else ""
    number = _("lesson {number}").format(number=lesson.number) if lesson.number else ""
    room = _("room {room}").format(room=lesson.room) if lesson.room[:1].isdigit() else lesson.room
    return LessonView(
        title=capital(f"{weekday(lesson.day, short=True)}, {day_and_month(lesson.day)}"),
        place=" · ".join(part for part in (number, time, room) if part),
        topic=lesson.topic,
        homework=lesson.homework,
        minutes=str(lesson.minutes or ""),
        nothing_set=lesson.nothing_set,
        control_type=lesson.control_type,
        open=lesson.open,
        marks_open=lesson.marks_open,
        why=lesson.why,
        present=str(counts[""] + counts[LATE]),
        ill=str(counts["б"]),
        excused=str(counts["у"]),
        absent=str(counts[ABSENT]),
    )
