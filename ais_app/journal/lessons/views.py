"""The lesson panel, the list of topics and the list of what was taken back, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ais_app.i18n import _, capital, clock_time, day_and_month, ngettext, short_date, weekday
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.queries import courses
from ais_app.journal.grid.queries import history
from ais_app.journal.grid.rules import ABSENT, EXCUSED, ILL, LATE
from ais_app.journal.lessons.queries import panel
from ais_app.journal.lessons.queries import topics as topics_queries
from ais_app.journal.lessons.queries.contents import Contents
from ais_app.journal.lessons.queries.taken_back import TakenBack, taken_back
from ais_app.journal.lessons.queries.topics import LessonRow
from ais_app.journal.lessons.queries.warnings import Odd, Warned
from ais_app.journal.windows.views import why_not
from ais_app.rights.reading import Reading


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
class TopicLine:
    """A lesson of the list, ready to show. `state`: ok, late, missing or plan; `record` says it in words, or
    nothing where nothing is known."""

    work: str
    day: str
    number: str
    topic: str
    homework: str
    kinds: str
    state: str
    record: str
    today: bool


SOON = 3  # lessons ahead that are listed with the held ones


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


def to_put_back(reading: Reading, grant: ViewGrant) -> list[TakenBackItem]:
    """What the reader of a course took back in it and can put back. Raises NotYours."""
    page = courses.course(reading, grant)
    return [taken_back_item(one) for one in taken_back(reading, page)]


def taken_back_item(one: TakenBack) -> TakenBackItem:
    when = _("{day}, lesson {number}").format(day=day_and_month(one.day), number=one.number)
    what = {"lesson": _("Lesson"), "column": _("Column"), "remark": _("Remark")}[one.what]
    named = f"{what}: {one.name}" if one.name else what
    return TakenBackItem(one.what, one.uid, f"{named}, {when}", one.text)


def type_options(lesson: panel.LessonPanel) -> list[TypeOption]:
    """The kinds that a column of this lesson may have."""
    return [TypeOption(one.uid, kind_in_words(one.name, one.weight)) for one in lesson.types]


def column_items(lesson: panel.LessonPanel) -> list[ColumnItem]:
    return [ColumnItem(one.work, kind_in_words(one.name, one.weight), one.own) for one in lesson.columns]


def kind_in_words(name: str, weight: int) -> str:
    return _("{type}, weight {weight}").format(type=name, weight=weight)


def warnings_in_words(against: Sequence[Warned], day: date, number: int) -> str:
    """The warnings before a lesson is added, as one text; empty where there are none."""
    return " ".join(_warning(one, day, number) for one in against)


def _warning(warned: Warned, day: date, number: int) -> str:
    shown = f"{capital(weekday(day))}, {day_and_month(day)}"
    match warned.odd:
        case Odd.SUNDAY:
            return _("{day}: there are no lessons on a Sunday.").format(day=shown)
        case Odd.HOLIDAY:
            return _("{day} is a holiday: {name}.").format(day=shown, name=warned.name)
        case Odd.TEACHER_BUSY:
            said = _("You already have lesson {number} that day: {course}.")
        case Odd.STUDENTS_BUSY:
            said = _("The same students already have lesson {number} that day: {course}.")
    return said.format(number=number, course=warned.name)


def contents_in_words(contents: Contents) -> str:
    """The question before a lesson or a column with these contents is taken back."""
    parts = [
        ngettext("{count} mark", "{count} marks", contents.marks) if contents.marks else "",
        ngettext("{count} absence or lateness", "{count} absences and latenesses", contents.absences)
        if contents.absences
        else "",
        ngettext("{count} comment", "{count} comments", contents.comments) if contents.comments else "",
        ngettext("{count} remark", "{count} remarks", contents.remarks) if contents.remarks else "",
    ]
    what = ", ".join(part for part in parts if part)
    return _("With it go: {what}. Nobody sees them until it is put back.").format(what=what)


def topics(reading: Reading, grant: ViewGrant, period_uid: str) -> tuple[list[TopicLine], list[TopicLine]]:
    """The lessons of a course in a period: the held ones and the next three, newest first; then those further ahead.

    Raises NotYours.
    """
    rows = topics_queries.topics(reading, grant, period_uid)
    items = [_topic_item(row, reading.today, reading.zone) for row in rows]
    cut = len(items) - max(0, sum(row.day > reading.today for row in rows) - SOON)
    return items[:cut][::-1], items[cut:]


def _topic_item(row: LessonRow, today: date, zone: str) -> TopicLine:
    state, record = _record(row, today, zone)
    homework = row.homework or (_("Nothing is set") if row.nothing_set else "")
    if row.homework and row.due:
        homework += f" ({_('for {day}').format(day=short_date(row.due))})"
    return TopicLine(
        work=row.first_work,
        day=short_date(row.day),
        number=str(row.position),
        topic=row.topic,
        homework=homework,
        kinds=", ".join(f"{code}\u00a0×\u00a0{weight}" for code, weight in row.columns),
        state=state,
        record=record,
        today=row.day == today,
    )


def _record(row: LessonRow, today: date, zone: str) -> tuple[str, str]:
    """(`state` of a TopicLine, its words): whether topic and homework were first written on the day of the lesson, or
    which of them later; nothing is said of what is not known.
    """
    if not row.is_written_down:
        if row.day > today:
            return "plan", _("ahead")
        return "missing", _("no topic yet") if not row.topic else _("no homework yet")
    if row.day > today:
        return "plan", _("prepared")
    written = {"topic": _local(row.topic_at, zone), "homework": _local(row.homework_at, zone)}
    late = {what: at for what, at in written.items() if at is not None and at.date() > row.day}
    if not late:
        return ("ok", _("on the day of the lesson")) if None not in written.values() else ("plan", "")
    if written["topic"] == written["homework"]:
        return "late", _("later: {when}").format(when=_when(late["topic"]))
    words = {"topic": _("topic later: {when}"), "homework": _("homework later: {when}")}
    return "late", "; ".join(words[what].format(when=_when(at)) for what, at in late.items())


def _local(moment: datetime | None, zone: str) -> datetime | None:
    return None if moment is None else moment.astimezone(ZoneInfo(zone))


def _when(moment: datetime) -> str:
    return f"{day_and_month(moment.date())}, {clock_time(moment)}"


def panels(
    reading: Reading, grant: ViewGrant, work: str, student: str
) -> tuple[panel.LessonPanel, history.CellPanel | None]:
    """The lesson and, when a student is named, the cell beside the grid. Raises NotYours."""
    page = courses.course(reading, grant)
    return (
        panel.lesson_panel(reading, page, (work, student)),
        history.cell_panel(reading, page, (student, work)) if student else None,
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
        kind=kind_in_words(lesson.code, lesson.weight),
        nth=str(lesson.nth or ""),
        uid=lesson.lesson,
        work=lesson.work,
        added=lesson.added,
        mine=lesson.mine,
        open=lesson.open,
        marks_open=lesson.marks_open,
        why=why_not(lesson.shut, lesson.last_day),
        term=term,
        late=late,
        present=str(counts[""] + counts[LATE]),
        ill=str(counts[ILL]),
        excused=str(counts[EXCUSED]),
        absent=str(counts[ABSENT]),
    )


def _due(lesson: panel.LessonPanel) -> str:
    """For which day the homework is: the one that is set, the next lesson, or none that is known."""
    if not lesson.homework:
        return ""
    day = lesson.due or lesson.following
    return _("for {day}").format(day=day_and_month(day)) if day else _("for the next lesson")
