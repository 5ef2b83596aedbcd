"""What the lesson panel shows, and what was taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from ais_app.clock import SchoolMoment
from ais_app.i18n import _, capital, clock_time, day_and_month, ngettext, weekday
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries import courses
from ais_app.journal.grid.queries import history
from ais_app.journal.grid.rules import ABSENT, LATE
from ais_app.journal.lessons.queries import panel
from ais_app.journal.lessons.queries.taken_back import TakenBack, taken_back


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


def to_put_back(connection: Connection, grant: ViewGrant, today: date) -> list[TakenBackItem]:
    """What the reader of a course took back in it and can put back. Raises NotYours."""
    page = courses.course(connection, grant, today)
    return [taken_back_item(one) for one in taken_back(connection, grant.actor, page, today)]


def taken_back_item(one: TakenBack) -> TakenBackItem:
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


def panels(
    connection: Connection, grant: ViewGrant, work: str, student: str, at: SchoolMoment
) -> tuple[panel.LessonPanel, history.CellPanel | None]:
    """The lesson and, when a student is named, the cell beside the grid. Raises NotYours."""
    page, actor = courses.course(connection, grant, at.day), grant.actor
    return (
        panel.lesson_panel(connection, actor, page, (work, student), at),
        history.cell_panel(connection, actor, page, (student, work), at.day) if student else None,
    )


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
