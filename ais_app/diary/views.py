"""What the diary's pages show: small display-ready values, made from the week in a reader's thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ais_app.diary import queries
from ais_app.diary.corrected import CorrectionItem, attendance_name, correction_items, news
from ais_app.diary.queries import class_list
from ais_app.diary.queries.acknowledgements import AcknowledgementLine, week_of_a_class
from ais_app.diary.settings import ACKNOWLEDGEMENT_DAYS
from ais_app.diary.tasks import TaskDay, TaskItem, coming, duration, item, meter
from ais_app.i18n import _, capital, day_and_month, day_range, full_date, moment_in_words, ngettext, p_, weekday
from ais_app.journal.grid.rules import ABSENT, EXCUSED, ILL, LATE
from ais_app.people.names import Spelling, told_apart
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.school.queries import listed


@dataclass(frozen=True, slots=True)
class ChildItem:
    uid: str
    name: str
    initials: str
    class_name: str
    current: bool


@dataclass(frozen=True, slots=True)
class LastMarkItem:
    """A chip of the class teacher's list: the code, and what it was given in and when."""

    code: str
    about: str


@dataclass(frozen=True, slots=True)
class PupilItem:
    """A student of the own class. `born` is empty when unknown, `missed` when nothing was; `seen` = who of the family
    has seen the week."""

    uid: str
    name: str
    class_name: str
    born: str
    marks: list[LastMarkItem]
    missed: str
    worrying: bool
    seen: str


@dataclass(frozen=True, slots=True)
class MarkItem:
    """A chip: the code, what it was given for, and the work whose cell it opens."""

    code: str
    about: str
    work: str


@dataclass(frozen=True, slots=True)
class LessonItem:
    """A lesson: `tasks` are to be done for it, `homework` is set at it, for `until`. `new`: since the last visit."""

    uid: str
    number: str
    begins: str
    subject: str
    teachers: str
    topic: str
    tasks: list[TaskItem]
    homework: str
    until: str
    quiet: str
    minutes: str
    new: bool
    control: str
    comments: list[str]
    remarks: list[str]
    marks: list[MarkItem]
    corrections: list[CorrectionItem]


@dataclass(frozen=True, slots=True)
class DayItem:
    """A day of the spread; `load` is of what is due on it, `fill` the bar's width as CSS. `news`: how many new things,
    `beside`: what is due on it without a lesson of its subject.
    """

    iso: str
    name: str
    short: str
    number: str
    date: str
    today: bool
    chosen: bool
    note: str
    left: bool
    load: str
    fill: str
    heavy: bool
    news: str
    lessons: list[LessonItem]
    beside: list[TaskItem]


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """«Итог недели» in words, and who has seen the week. `may` = this person can acknowledge it now.

    `news`: what has changed since the last signature; `again` = this person has signed, and is asked to once more.
    `idle`: why the week has no lessons, empty where it has; `after`: the label of the button to the next week
    that has some, `after_weeks` ahead; empty where none is laid out.
    """

    marks: str = ""
    missed: str = ""
    late: str = ""
    homework: str = ""
    seen: list[str] | None = None
    appeared: str = ""
    term: str = ""
    may: bool = False
    news: list[str] = field(default_factory=list)
    again: bool = False
    idle: str = ""
    after: str = ""
    after_weeks: int = 0


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """The head of every printed sheet of a week."""

    title: str = ""
    name: str = ""
    school: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class WeekView:
    """The open week: its days, its summary, what is due on the coming days, the head of its print.

    `new_before`: how many entries of the week before are new, empty for none.
    """

    name: str
    days: list[DayItem]
    tasks: list[TaskDay]
    summary: SummaryItem
    printed: PrintedItem
    new_before: str


def monday_of(day: date) -> date:
    """The Monday of the week that a diary opens with: on a Sunday the coming one."""
    ahead = day + timedelta(days=1) if day.isoweekday() == 7 else day
    return ahead - timedelta(days=ahead.isoweekday() - 1)


def children(reading: Reading, current: str) -> list[ChildItem]:
    """The children (or oneself) of a family's diary; `current` is the one shown, the first when it is not theirs."""
    found = queries.children(reading)
    shown = current if any(child.uid == current for child in found) else (found[0].uid if found else "")
    names = told_apart({child.uid: child.name for child in found}, Spelling.GIVEN)
    return [
        ChildItem(
            child.uid,
            names[child.uid],
            (child.given_name[:1] + child.family_name[:1]).upper(),
            child.class_name,
            child.uid == shown,
        )
        for child in found
    ]


def pupils(reading: Reading, monday: date) -> list[PupilItem]:
    """The own class: the last marks up to the week, what was missed in it, and who has seen it."""
    seen = week_of_a_class(reading, monday)
    born = queries.birth_dates(reading)
    marks = class_list.last_marks(reading, min(monday + timedelta(days=6), reading.today))
    missed = class_list.missed(reading, monday)
    found = queries.children(reading)
    names = listed(reading, {child.uid: child.name for child in found}, Spelling.LISTED)
    return [
        PupilItem(
            child.uid,
            names[child.uid],
            child.class_name,
            full_date(born[child.uid]) if child.uid in born else "",
            [_last_mark(one) for one in marks.get(child.uid, ())],
            _missed(missed.get(child.uid)),
            child.uid in missed and missed[child.uid].unexplained > 0,
            ", ".join(_acknowledged(one, reading.zone) for one in seen.get(child.uid, [])),
        )
        for child in found
    ]


def _last_mark(mark: class_list.LastMark) -> LastMarkItem:
    return LastMarkItem(mark.code, f"{mark.subject}, {day_and_month(mark.day)}")


def _missed(missed: class_list.Missed | None) -> str:
    """«3 урока, 1 без причины»; empty when nothing was missed."""
    if missed is None:
        return ""
    lessons = ngettext("{count} lesson", "{count} lessons", missed.lessons)
    if not missed.unexplained:
        return lessons
    return lessons + ", " + _("{count} without a reason").format(count=missed.unexplained)


def week(reading: Reading, child: str, monday: date, chosen: date, *, with_news: bool) -> WeekView:
    """The week of a student as its page shows it, with what is new to the reader or without. Raises NotYours."""
    found = queries.week(reading, child, monday, with_news=with_news)
    shown = [row.day for row in found.days]
    open_day = chosen if chosen in shown else shown[0]
    half = (len(found.days) + 1) // 2
    days = [
        _day(row, (found, reading.zone), reading.today, chosen=row.day == open_day, left=position < half)
        for position, row in enumerate(found.days)
    ]
    name = day_range(monday, shown[-1])
    return WeekView(
        name,
        days,
        coming(found, reading.today),
        _summary(found, reading.actor, reading.today),
        _printed(found, name),
        str(found.new_before or ""),
    )


def _printed(found: queries.Week, name: str) -> PrintedItem:
    about = found.context
    year = _("school year {name}").format(name=about.year) if about.year else ""
    return PrintedItem(
        title=_("Diary, week of {days} {year}").format(days=name, year=found.days[-1].day.year),
        name=", ".join(filter(None, (about.name, about.class_name))),
        school=about.school,
        term=", ".join(filter(None, (year, *about.periods))),
    )


def week_name(monday: date, days: int) -> str:
    """«23–27 ноября»."""
    return day_range(monday, monday + timedelta(days=max(days, 1) - 1))


def _day(row: queries.DayLine, of: tuple[queries.Week, str], today: date, *, chosen: bool, left: bool) -> DayItem:
    """A day of the week `of` = (week, zone of the school)."""
    week, zone = of
    load = meter(row.tasks, week, row.day)
    note = row.holiday or ("" if row.lessons else _("no lessons"))
    if row.lessons and row.day > today and not row.tasks:
        note = _("Homework appears after the lessons")
    return DayItem(
        iso=row.day.isoformat(),
        name=capital(weekday(row.day)),
        short=weekday(row.day, short=True),
        number=str(row.day.day),
        date=day_and_month(row.day),
        today=row.day == today,
        chosen=chosen,
        note=note,
        left=left,
        load=load.words,
        fill=load.fill,
        heavy=load.heavy,
        news=str(_news(row, week.news) or ""),
        lessons=[_lesson(lesson, (row.day, today), week.news, zone) for lesson in row.lessons],
        beside=[item(task, week.news) for task in row.beside],
    )


def _news(row: queries.DayLine, homework: frozenset[str]) -> int:
    """New things of a day: homework counts where it is due, or while that is unknown, where it was set."""
    due = sum(task.lesson in homework for task in row.tasks)
    unknown = sum(lesson.uid in homework and lesson.due is None for lesson in row.lessons)
    return due + unknown + sum(lesson.new for lesson in row.lessons)


def _lesson(lesson: queries.LessonLine, days: tuple[date, date], news: frozenset[str], zone: str) -> LessonItem:
    """A lesson with what was set; `days` = (its day, today)."""
    day, today = days
    quiet, until = "", ""
    if lesson.homework:
        until = _("for {day}").format(day=day_and_month(lesson.due)) if lesson.due else _("for the next lesson")
    elif lesson.nothing_set:
        quiet = _("Nothing is set")
    elif day <= today or not lesson.tasks:
        quiet = _("Not written yet") if day >= today else "—"
    marks = [MarkItem(mark.code, _about(mark), mark.uid) for mark in lesson.marks]
    if lesson.attendance:
        marks.insert(0, MarkItem(lesson.attendance[:1], attendance_name(lesson.attendance), lesson.first_work))
    return LessonItem(
        uid=lesson.uid,
        number=str(lesson.number or ""),
        begins=lesson.begins,
        subject=lesson.subject,
        teachers=", ".join(lesson.teachers),
        topic=lesson.topic,
        tasks=[item(task, news) for task in lesson.tasks],
        homework=lesson.homework,
        until=until,
        quiet=quiet,
        minutes=_("{minutes} min").format(minutes=lesson.minutes) if lesson.minutes else "",
        new=lesson.new > 0,
        control=lesson.control,
        comments=[mark.comment for mark in lesson.marks if mark.comment],
        remarks=list(lesson.remarks),
        marks=marks,
        corrections=correction_items(lesson.corrections, zone),
    )


def _about(mark: queries.MarkLine) -> str:
    return _("{type}, weight {weight}").format(type=mark.work, weight=mark.weight)


def _summary(found: queries.Week, actor: Actor, today: date) -> SummaryItem:
    lessons = [lesson for day in found.days for lesson in day.lessons]
    codes = [lesson.attendance[:1] for lesson in lessons]
    minutes = sum(task.minutes or 0 for day in found.days for task in day.tasks)
    kinds = ((ABSENT, p_("missed", "no reason")), (ILL, p_("missed", "ill")), (EXCUSED, p_("missed", "excused")))
    missed = [f"{codes.count(code)} {name}" for code, name in kinds if code in codes]
    monday, last = found.days[0].day, found.days[-1].day
    own = any(one.person == actor.hat.person_uid for one in found.acknowledged)
    since, entries = found.since, found.since.entries
    return SummaryItem(
        marks=str(sum(len(lesson.marks) for lesson in lessons)),
        missed=", ".join(missed) or "0",
        late=str(codes.count(LATE)),
        homework=duration(minutes) if minutes else "—",
        seen=[_acknowledged(one, actor.hat.zone) for one in found.acknowledged],
        appeared=ngettext("{count} entry appeared after that", "{count} entries appeared after that", entries)
        if entries
        else "",
        term=_term(last + timedelta(days=found.values.at(ACKNOWLEDGEMENT_DAYS, last)), today)
        if not found.acknowledged and monday <= today
        else "",
        may=actor.may(Right.ACKNOWLEDGE) and (not own or bool(since.news)) and monday <= today,
        news=news(since.news) if own or not actor.may(Right.ACKNOWLEDGE) else [],
        again=own and bool(since.news),
        idle="" if lessons or any(day.beside for day in found.days) else _idle(found.days),
        **_next_week(monday, found.next_lesson),
    )


def _next_week(monday: date, lesson: date | None) -> dict[str, Any]:
    """The way from the idle week of `monday` to the one of the next `lesson`."""
    if lesson is None:
        return {}
    then = lesson - timedelta(days=lesson.isoweekday() - 1)
    return {"after": _("Show {days}").format(days=week_name(then, 5)), "after_weeks": (then - monday).days // 7}


def _idle(days: Sequence[queries.DayLine]) -> str:
    """Why a week has no lessons: its holidays and until when they last, or that none are in the timetable."""
    holidays = dict.fromkeys((day.holiday, day.holiday_until) for day in days if day.holiday_until)
    named = [f"{name} {_('until {day}').format(day=day_and_month(until))}" for name, until in holidays if until]
    return ". ".join(named) or _("None are in the timetable for these days.")


def _term(day: date, today: date) -> str:
    if day >= today:
        return _("to be seen until {day}").format(day=day_and_month(day))
    return _("was to be seen until {day}").format(day=day_and_month(day))


def _acknowledged(signature: AcknowledgementLine, zone: str) -> str:
    return f"{signature.who}, {moment_in_words(signature.at, zone)}"


@dataclass(frozen=True, slots=True)
class Copy:
    """The present week as a plain page, for a phone without a connection; `saved`: when it was made."""

    name: str
    week: str
    days: list[DayItem]
    saved: str


def copy(reading: Reading, child: str) -> Copy | None:
    """The present week of `child` (uid), or of the first child where it is not theirs; None when there is no child."""
    shown = next((one for one in children(reading, child) if one.current), None)
    if shown is None:
        return None
    monday = monday_of(reading.today)
    found = week(reading, shown.uid, monday, reading.today, with_news=False)
    name = f"{shown.name}, {shown.class_name}" if shown.class_name else shown.name
    return Copy(name, found.name, found.days, moment_in_words(reading.now, reading.zone))
