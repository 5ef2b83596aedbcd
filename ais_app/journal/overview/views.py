"""What the list of journals shows: a page of rows, its parts with counts, what may be chosen; the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ais_app.access.list_address import ListPage, page_of, searched
from ais_app.i18n import _, clock_time, day_and_month, full_date, ngettext, p_
from ais_app.journal.overview import queries
from ais_app.journal.overview.payloads import COLUMNS, USUAL, JournalsAddress
from ais_app.journal.overview.queries import Journal, Period
from ais_app.journal.overview.rules import Kept, Part
from ais_app.people.names import sort_key
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right
from ais_app.web.kit.options import ChipItem, ConditionItem, OptionItem

_NEVER = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class JournalItem:
    """A journal in the list. `percent` of its held lessons has a topic, -1: none was held.

    `late`: nothing was entered for a week. `asks`: a request waits and the actor may answer it.
    """

    uid: str
    title: str
    teacher: str
    written: str
    percent: int
    whole: bool
    topic: str
    homework: str
    few: str
    requests: str
    last: str
    late: bool
    asks: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows."""

    rows: list[JournalItem]
    page: ListPage
    parts: list[ChipItem]
    standing: list[ConditionItem]
    classes: list[OptionItem]
    teachers: list[OptionItem]
    subjects: list[OptionItem]
    summary: str


@dataclass(frozen=True, slots=True)
class _Line:
    journal: Journal
    kept: Kept


def overview(reading: Reading, asked: JournalsAddress) -> Overview:
    """Raises NotYours."""
    known, periods = queries.journals(reading), queries.present_periods(reading)
    lines = _fitting(reading, known, periods, asked)
    part = Part(asked.part)
    of_part = _ordered([line for line in lines if line.kept.belongs_to(part, reading.today)], asked)
    page = page_of(asked.number, len(of_part))
    may_answer = reading.actor.may(Right.OPEN_EDITING)
    return Overview(
        [_item(line, reading, may_answer=may_answer) for line in of_part[max(0, page.first - 1) : page.last]],
        page,
        [ChipItem(one.value, words(), _count(lines, one, reading)) for one, words in _PARTS.items()],
        _standing(known, asked),
        _options(
            known, lambda one: (one.school_class, one.class_name), lambda one: (one.grade, sort_key(one.class_name))
        ),
        _options(known, lambda one: (one.teacher, one.teacher_name), lambda one: sort_key(one.teacher_name)),
        _options(known, lambda one: (one.subject, one.subject_name), lambda one: sort_key(one.subject_name)),
        _summary(reading, periods.values(), (len(of_part), len(known), _count(lines, Part.DEBTS, reading))),
    )


def lines_of_file(reading: Reading, asked: JournalsAddress) -> list[list[str]]:
    """The journals that fit, all pages of them, under the names of the columns. Raises NotYours."""
    lines = _fitting(reading, queries.journals(reading), queries.present_periods(reading), asked)
    of_part = [line for line in lines if line.kept.belongs_to(Part(asked.part), reading.today)]
    head = [
        _("Class"),
        _("Subject"),
        _("Teacher"),
        _("Lessons held"),
        _("With a topic"),
        _("No topic"),
        _("No homework"),
        _("Students with too few marks"),
        _("Requests to open"),
        _("Last entry"),
    ]
    return [head, *[_cells(line) for line in _ordered(of_part, asked)]]


# What the parts are called.
_PARTS: dict[Part, Callable[[], str]] = {
    Part.ALL: lambda: _("All"),
    Part.DEBTS: lambda: _("With debts"),
    Part.TOPIC: lambda: _("No topic"),
    Part.HOMEWORK: lambda: _("No homework"),
    Part.MARKS: lambda: _("Too few marks"),
    Part.REQUESTS: lambda: _("Ask to be opened"),
    Part.SILENT: lambda: _("A week without entries"),
    Part.ORDER: lambda: _("All is well"),
}


def _fitting(
    reading: Reading, known: Sequence[Journal], periods: Mapping[int, Period], asked: JournalsAddress
) -> list[_Line]:
    """What fits every condition but the part, with how it is kept."""

    def fits(one: Journal) -> bool:
        chosen = ((asked.school_class, one.school_class), (asked.teacher, one.teacher), (asked.subject, one.subject))
        if any(wanted not in ("", has) for wanted, has in chosen):
            return False
        text = searched(f"{one.class_name} {one.name} {one.subject_name} {one.teacher_name}")
        return all(word in text for word in asked.words)

    fitting = [one for one in known if fits(one)]
    kept = queries.kept(reading, fitting, periods)
    return [_Line(one, kept[one.id]) for one in fitting]


def _ordered(lines: list[_Line], asked: JournalsAddress) -> list[_Line]:
    column, falls = asked.order(COLUMNS, USUAL)
    keys: dict[str, Callable[[_Line], Any]] = {
        "title": _place,
        "teacher": lambda line: sort_key(line.journal.teacher_name),
        "written": lambda line: line.kept.topics / line.kept.held if line.kept.held else 1.0,
        "debts": lambda line: line.kept.weight,
        "last": lambda line: _moment(line.kept),
    }
    lines = sorted(lines, key=_place)  # what is equal stands by class and subject
    return sorted(lines, key=keys[column], reverse=falls)


def _place(line: _Line) -> tuple[int, str, str]:
    return line.journal.grade, sort_key(line.journal.class_name), sort_key(line.journal.name)


def _moment(kept: Kept) -> datetime:
    last = kept.last or _NEVER
    return last if isinstance(last, datetime) else datetime(last.year, last.month, last.day)  # noqa: DTZ001


def _count(lines: Sequence[_Line], part: Part, reading: Reading) -> int:
    return sum(line.kept.belongs_to(part, reading.today) for line in lines)


def _item(line: _Line, reading: Reading, *, may_answer: bool) -> JournalItem:
    one, kept = line.journal, line.kept
    return JournalItem(
        uid=one.uid,
        title=_title(one),
        teacher=one.teacher_name,
        written=_("{done} of {total}").format(done=kept.topics, total=kept.held) if kept.held else _("no lessons yet"),
        percent=100 * kept.topics // kept.held if kept.held else -1,
        whole=kept.no_topic == 0,
        topic=_("no topic: {count}").format(count=kept.no_topic) if kept.no_topic else "",
        homework=_("no homework: {count}").format(count=kept.no_homework) if kept.no_homework else "",
        few=_("too few marks: {count}").format(count=kept.few) if kept.few else "",
        requests=_("ask to be opened") if kept.requests else "",
        last=_last(kept, reading.today),
        late=kept.is_silent(reading.today),
        asks=may_answer and kept.requests > 0,
    )


def _title(one: Journal) -> str:
    return f"{one.class_name} · {one.name}" if one.class_name else one.name


def _last(kept: Kept, today: date) -> str:
    last, day = kept.last, kept.last_day
    if last is None or day is None:
        return _("none") if kept.held else ""
    ago = (today - day).days
    said = _("today") if ago == 0 else _("yesterday") if ago == 1 else day_and_month(day)
    return f"{said}, {clock_time(last)}" if isinstance(last, datetime) and ago in (0, 1) else said


def _cells(line: _Line) -> list[str]:
    one, kept = line.journal, line.kept
    numbers = (kept.held, kept.topics, kept.no_topic, kept.no_homework, kept.few, kept.requests)
    day = full_date(kept.last_day) if kept.last_day else ""
    return [one.class_name, one.name, one.teacher_name, *map(str, numbers), day]


def _standing(known: Sequence[Journal], asked: JournalsAddress) -> list[ConditionItem]:
    """The conditions in words, but for the part, whose chip is pressed."""
    said = {
        "q": (p_("condition", "Search"), asked.q),
        "school_class": (_("Class"), _named(asked.school_class, ((one.school_class, one.class_name) for one in known))),
        "teacher": (_("Teacher"), _named(asked.teacher, ((one.teacher, one.teacher_name) for one in known))),
        "subject": (_("Subject"), _named(asked.subject, ((one.subject, one.subject_name) for one in known))),
    }
    return [ConditionItem(name, label, value) for name, (label, value) in said.items() if value]


def _named(uid: str, names: Any) -> str:
    return dict(names).get(uid, _("unknown")) if uid else ""


def _options(
    known: Sequence[Journal], of: Callable[[Journal], tuple[str, str]], order: Callable[[Journal], Any]
) -> list[OptionItem]:
    return [OptionItem(uid, name) for uid, name in dict(map(of, sorted(known, key=order))).items() if uid]


def _summary(reading: Reading, periods: Iterable[Period], counts: tuple[int, int, int]) -> str:
    """`counts`: of those shown, of all, of those with debts."""
    shown, known, debts = counts
    names = sorted({one.name for one in periods})
    of_all = ngettext("of {count} journal", "of {count} journals", known)
    of_debts = _("debts in {count}").format(count=debts) if debts else _("no debts")
    moment = _("today, {time}").format(time=clock_time(reading.clock))
    return ". ".join((f"{shown} {of_all}, {of_debts}", ", ".join((*names, moment))))
