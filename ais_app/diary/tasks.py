"""«Что на завтра»: homework by the day on which it is due, ready to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ais_app.diary.load import LoadNorms
from ais_app.diary.queries import TaskLine, Week
from ais_app.i18n import _, capital, day_and_month, weekday


@dataclass(frozen=True, slots=True)
class TaskItem:
    """Homework to be done: of which subject, what, about how long, when it was set."""

    subject: str
    text: str
    minutes: str
    given: str
    new: bool


@dataclass(frozen=True, slots=True)
class Meter:
    """The homework due on a day against the norm; `words` is empty when no minutes are known, `fill` a width in CSS."""

    words: str
    fill: str
    heavy: bool


@dataclass(frozen=True, slots=True)
class TaskDay:
    """A coming day with what is to be done for it. `nothing`: subjects without homework; `unwritten`: not yet known."""

    iso: str
    name: str
    date: str
    load: str
    fill: str
    heavy: bool
    tasks: list[TaskItem]
    nothing: str
    unwritten: str


def duration(minutes: int) -> str:
    """«1 ч 25 мин», «40 мин», «2 ч»."""
    hours, rest = divmod(minutes, 60)
    parts = [_("{count} h").format(count=hours)] if hours else []
    if rest or not hours:
        parts.append(_("{minutes} min").format(minutes=rest))
    return " ".join(parts)


def meter(tasks: Sequence[TaskLine], week: Week, day: date) -> Meter:
    """The homework that is due on a day against the norm of the grade."""
    minutes = sum(task.minutes or 0 for task in tasks if task.text)
    load = LoadNorms(week.values).load(minutes, week.grade, day)
    words = _("for this day: {minutes} of {norm}").format(minutes=duration(load.minutes), norm=duration(load.norm))
    return Meter(words if load.minutes else "", f"{load.percent}%", load.heavy)


def item(task: TaskLine, news: frozenset[str]) -> TaskItem:
    """One task as the diary shows it."""
    return TaskItem(
        subject=task.subject,
        text=task.text,
        minutes=_("{minutes} min").format(minutes=task.minutes) if task.minutes else "",
        given=_("set on {day}").format(day=day_and_month(task.given)),
        new=task.lesson in news,
    )


def coming(week: Week, today: date) -> list[TaskDay]:
    """What is due from tomorrow on, also after the week's end; of a week that is over, what was due in it.

    The first day with lessons is there also when nothing is due on it, so that the page says so.
    """
    first, last = week.days[0].day, week.days[0].day + timedelta(days=6)
    start = first if first > today or last < today else today + timedelta(days=1)
    by_day: dict[date, list[TaskLine]] = {}
    for task in week.tasks:
        if task.due is not None and start <= task.due and (last >= today or task.due <= last):
            by_day.setdefault(task.due, []).append(task)
    nearest = min(by_day, default=start)
    return [
        _day(day, tasks, week, today)
        for day, tasks in sorted(by_day.items())
        if day == nearest or any(task.text for task in tasks)
    ]


def _day(day: date, tasks: Sequence[TaskLine], week: Week, today: date) -> TaskDay:
    load = meter(tasks, week, day)
    name = weekday(day)
    if day == today + timedelta(days=1):
        name = _("Tomorrow, {weekday}").format(weekday=name)
    return TaskDay(
        iso=day.isoformat(),
        name=capital(name),
        date=day_and_month(day),
        load=load.words,
        fill=load.fill,
        heavy=load.heavy,
        tasks=[item(task, week.news) for task in tasks if task.text],
        nothing=_subjects(task for task in tasks if not task.text and task.nothing_set),
        unwritten=_subjects(task for task in tasks if not task.text and not task.nothing_set and task.given <= today),
    )


def _subjects(tasks: Iterable[TaskLine]) -> str:
    return ", ".join(dict.fromkeys(task.subject for task in tasks))
