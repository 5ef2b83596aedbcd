"""What the journal's pages show: small display-ready views, made from queries in a reader's thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from ais_app.access.rules import Actor
from ais_app.clock import SchoolMoment
from ais_app.i18n import _, capital, clock_time, day_and_month, ngettext, weekday
from ais_app.journal import open_sheet
from ais_app.journal.grants import ViewGrant
from ais_app.journal.queries import courses, panel, patch, sheet
from ais_app.journal.queries.courses import CourseRow
from ais_app.journal.queries.taken_back import TakenBack, taken_back
from ais_app.journal.rules import ABSENT, LATE
from ais_app.journal.service.marks import Entered
from ais_app.school.names import sort_key


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
    reason: str
    opening: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A class or a subject to go to from an open course."""

    href: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class TypeOption:
    uid: str
    label: str


@dataclass(frozen=True, slots=True)
class ColumnItem:
    """A column of the lesson beside the grid; `own`: it can be taken back."""

    work: str
    label: str
    own: bool


@dataclass(frozen=True, slots=True)
class TakenBackItem:
    """Something that was taken back in the open course and can be put back."""

    what: str
    uid: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class LessonView:
    """The lesson panel, ready to show."""

    title: str = ""
    place: str = ""
    topic: str = ""
    homework: str = ""
    minutes: str = ""
    nothing_set: bool = False
    due: str = ""
    due_words: str = ""
    following: str = ""
    control_type: str = ""
    kind: str = ""
    nth: str = ""
    uid: str = ""
    work: str = ""
    added: bool = False
    mine: bool = False
    open: bool = False
    marks_open: bool = False
    why: str = ""
    term: str = ""
    late: bool = False
    present: str = "0"
    ill: str = "0"
    excused: str = "0"
    absent: str = "0"


# Of a LessonView: what the form of the lesson holds, and of which column.
TYPED = ("topic", "homework", "minutes", "nothing_set", "due", "control_type", "kind", "nth", "work")


@dataclass(frozen=True, slots=True)
class CellView:
    """The cell panel, ready to show. `place` = "student:work", by which the grid knows what is shown."""

    place: str = ""
    name: str = ""
    value: str = ""
    work: str = ""
    comment: str = ""
    can_comment: bool = False
    open: bool = False


# What stands above the sheet of an open course, and with it.
SHOWN = (
    "has_lessons",
    "about",
    "title",
    "class_name",
    "subject",
    "held",
    "read_only",
    "classes",
    "subjects",
    "periods",
    "pad",
    "today",
)


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


def opened(connection: Connection, grant: ViewGrant, place: open_sheet.Place, at: SchoolMoment) -> dict[str, Any]:
    """All that the page shows of a course at `place`: its sheet, what names that, and what stands above it (`SHOWN`).

    Raises NotYours.
    """
    found, today = open_sheet.found(connection, grant, place, at), at.day
    page, period = found.course, found.period
    readable = cards(connection, grant.actor, today)
    classes, subjects = _choices(readable, page)
    teacher = next((card.teacher for card in readable if card.uid == page.uid), "")
    whole = open_sheet.sheet_at(connection, grant.actor, found, at)
    return {
        "read": found.read,
        "sheet": whole,
        "has_lessons": len(whole["columns"]) > 1,
        "about": " · ".join(filter(None, (period.name, teacher))),
        "title": sheet.title(page),
        "class_name": page.class_name,
        "subject": page.name,
        "held": _held(connection, page, today),
        "read_only": not page.own,
        "classes": classes,
        "subjects": subjects,
        "periods": [PeriodTab(one.uid, one.name, one.uid == period.uid) for one in found.periods],
        "pad": [*sheet.values(page), *sheet.codes(page, reasons=False)],
        "today": today.isoformat(),
        "status": "ready",
    }


def to_put_back(connection: Connection, grant: ViewGrant, today: date) -> list[TakenBackItem]:
    """What the reader of a course took back in it and can put back. Raises NotYours."""
    page = courses.course(connection, grant, today)
    return [_taken_back(one) for one in taken_back(connection, grant.actor, page, today)]


def _taken_back(one: TakenBack) -> TakenBackItem:
    place = _("{day}, lesson {number}").format(day=day_and_month(one.day), number=one.number)
    what = {"lesson": _("Lesson"), "column": _("Column"), "remark": _("Remark")}[one.what]
    named = f"{what}: {one.name}" if one.name else what
    return TakenBackItem(one.what, one.uid, f"{named}, {place}", one.text)


def type_options(lesson: panel.LessonPanel) -> list[TypeOption]:
    """The kinds that a column of this lesson may have."""
    return [
        TypeOption(one.uid, _("{type}, weight {weight}").format(type=one.name, weight=one.weight))
        for one in lesson.types
    ]


def _choices(readable: list[CourseCard], page: CourseRow) -> tuple[list[Choice], list[Choice]]:
    """Where to go from a course: another class (there to the same subject, if it has it), another subject."""
    by_class: dict[str, CourseCard] = {}
    for card in readable:
        if card.class_name not in by_class or card.subject == page.name:
            by_class[card.class_name] = card
    names = sorted(by_class, key=lambda name: (len(name), sort_key(name)))
    classes = [Choice(by_class[name].href, name or _("Groups"), name == page.class_name) for name in names]
    subjects = [
        Choice(card.href, card.subject, card.uid == page.uid) for card in readable if card.class_name == page.class_name
    ]
    return classes, sorted(subjects, key=lambda choice: sort_key(choice.label))


def _held(connection: Connection, page: CourseRow, today: date) -> str:
    held = courses.held_lessons(connection, page.id, today)
    if page.hours_planned:
        return _("{held} of {planned} hours held").format(held=held, planned=page.hours_planned)
    return ngettext("{count} lesson held", "{count} lessons held", held)


def saved(connection: Connection, done: Entered) -> dict[str, Any]:
    """The patch that answers an operation: of what was written, or, when it was known before, of what stands there."""
    if done.written is not None:
        cells, averages = patch.written_cells(done.cells, done.written.cells, done.written.means)
    else:
        cells, averages = patch.changed_cells(connection, done.course.uid, done.cells)
    return patch.patch(done.course.uid, done.sequence, operation=done.operation, cells=cells, averages=averages)


def panels(
    connection: Connection, grant: ViewGrant, work: str, student: str, at: SchoolMoment
) -> tuple[panel.LessonPanel, panel.CellPanel | None]:
    """The lesson and, when a student is named, the cell beside the grid. Raises NotYours."""
    page, actor = courses.course(connection, grant, at.day), grant.actor
    return (
        panel.lesson_panel(connection, actor, page, (work, student), at),
        panel.cell_panel(connection, actor, page, (student, work), at.day) if student else None,
    )


def cell_view(cell: panel.CellPanel, lesson: panel.LessonPanel, place: tuple[str, str]) -> CellView:
    """The cell panel of `place` = (student, work) in words; its lesson says whether it may be written."""
    can_comment = lesson.cell_open and any(sign.isdigit() for sign in cell.value) and cell.value[:1] != LATE
    return CellView(":".join(place), cell.name, cell.value, cell.work, cell.comment, can_comment, lesson.cell_open)


def due_in_words(by: datetime, now: datetime) -> tuple[str, bool]:
    """Until when something is to be written, and whether that is over: «до 15:20», «сегодня», «просрочено на 2 дня»."""
    last_day = (by - timedelta(microseconds=1)).date()
    if now < by:
        if by.time() != time.min:
            return _("until {time}").format(time=clock_time(by)), False
        return (_("today") if last_day == now.date() else _("until {day}").format(day=day_and_month(last_day))), False
    days = (now.date() - last_day).days
    if not days:
        return _("was due by {time}").format(time=clock_time(by)), True
    return ngettext("{count} day overdue", "{count} days overdue", days), True


def lesson_view(lesson: panel.LessonPanel, now: datetime) -> LessonView:
    """The lesson panel in words and counts; `now` is the school's."""
    term, late = due_in_words(lesson.term, now) if lesson.term else ("", False)
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
        due=lesson.due.isoformat() if lesson.due else "",
        due_words=_due(lesson),
        following=_("Left empty: for the next lesson, {day}").format(day=day_and_month(lesson.following))
        if lesson.following
        else "",
        control_type=lesson.control_type,
        kind=lesson.kind,
        nth=str(lesson.nth or ""),
        uid=lesson.lesson,
        work=lesson.work,
        added=lesson.added,
        mine=lesson.mine,
        open=lesson.open,
        marks_open=lesson.marks_open,
        why=lesson.why,
        term=term,
        late=late,
        present=str(counts[""] + counts[LATE]),
        ill=str(counts["б"]),
        excused=str(counts["у"]),
        absent=str(counts[ABSENT]),
    )


def _due(lesson: panel.LessonPanel) -> str:
    """For which day the homework is: the one that is set, the next lesson, or none that is known."""
    if not lesson.homework:
        return ""
    day = lesson.due or lesson.following
    return _("for {day}").format(day=day_and_month(day)) if day else _("for the next lesson")
