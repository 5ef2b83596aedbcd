"""What the journal's pages show: small display-ready views, made from queries in a reader's thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor
from ais_app.i18n import _, capital, day_and_month, ngettext, weekday
from ais_app.journal import payloads
from ais_app.journal.queries import courses, panel, patch, sheet
from ais_app.journal.queries.courses import CourseRow
from ais_app.journal.rules import ABSENT, LATE
from ais_app.journal.service.marks import Entered, MarkEntry


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


@dataclass(frozen=True, slots=True)
class Opened:
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


def cards(connection: Connection, actor: Actor, today: date) -> list[CourseCard]:
    """The readable courses, today's lessons first."""
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
        for line in courses.courses(connection, actor, today)
    ]


def _lesson_numbers(numbers: tuple[int, ...]) -> str:
    if not numbers:
        return ""
    return _("today: lesson {numbers}").format(numbers=", ".join(str(number) for number in numbers))


def opened(connection: Connection, actor: Actor, course_uid: str, period_uid: str, today: date) -> Opened:
    """A course in the named period, or the present one. Raises NotYours."""
    page = courses.course(connection, actor, course_uid, today)
    found = sheet.periods(connection, page.scheme_id)
    period = next((one for one in found if one.uid == period_uid), sheet.present_period(found, today))
    view = sheet.sheet(connection, actor, page, period, today)
    return Opened(
        sheet=view,
        period=period.uid,
        title=sheet.title(page),
        class_name=page.class_name,
        subject=page.name,
        held=_held(connection, page, today),
        read_only=not page.own,
        courses=cards(connection, actor, today),
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


def saved(connection: Connection, done: Entered) -> dict[str, Any]:
    """The patch that answers an operation, read in its own unit of work: no second thread, no second look."""
    cells, averages = patch.changed_cells(connection, done.course.uid, done.cells)
    return patch.patch(done.course.uid, done.sequence, operation=done.operation, cells=cells, averages=averages)


def panels(
    connection: Connection, actor: Actor, course_uid: str, work: str, student: str, today: date
) -> tuple[panel.LessonPanel, panel.CellPanel]:
    """The lesson and the cell beside the grid. Raises NotYours."""
    page = courses.course(connection, actor, course_uid, today)
    return (
        panel.lesson_panel(connection, actor, page, work, today),
        panel.cell_panel(connection, actor, page, student, work),
    )


def roll_entry(
    connection: Connection, actor: Actor, course_uid: str, work: str, called: payloads.RollCall, today: date
) -> MarkEntry:
    """The cell of the roll call: another attendance, the same marks, the version that stands there now."""
    page = courses.course(connection, actor, course_uid, today)
    lesson = panel.lesson_panel(connection, actor, page, work, today)
    line = next((one for one in lesson.roll if one.student == called.student), None)
    if line is None:
        raise NotYours
    marks = [part for part in line.text.split("/") if part and part != line.code]
    text = "/".join([*([called.code] if called.code else []), *marks])
    return MarkEntry(called.student, panel.first_work_of(connection, page, work), text, line.version)


def comment_entry(
    connection: Connection, actor: Actor, course_uid: str, cell: tuple[str, str], comment: str, today: date
) -> MarkEntry:
    """The cell of a comment (student, work): the value that stands there now, with another comment."""
    student, work = cell
    page = courses.course(connection, actor, course_uid, today)
    value, version = panel.cell_text(connection, page, student, work)
    return MarkEntry(student, work, value, version, comment)


def lesson_view(lesson: panel.LessonPanel) -> LessonView:
    """The lesson panel in words and counts."""
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
