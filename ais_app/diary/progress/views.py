"""«Успехи» as texts: what is chosen on the page, and every text and number that it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from ais_app.diary.progress.queries import CourseLine, GivenMark, Gone, PeriodLine, StudentYear
from ais_app.diary.rules import marks_needed, sums
from ais_app.i18n import _, day_range, ngettext, short_date
from ais_app.journal.grid.means import USUAL_THRESHOLDS, Thresholds, WeightedMark, shown_mean, weighted_mean
from ais_app.journal.grid.rules import MARKS
from ais_app.journal.grid.thresholds import thresholds as thresholds_of_day
from ais_app.journal.lessons.rules import DaySpan
from ais_app.people.names import sort_key

YEAR = "year"
MOST_LINES, USUAL_LINES = 7, 6  # the chart's theme has seven ways to draw a line
MOST_ADDED = 20
BEST = MARKS["5"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person has chosen on the page; empty = as usual. `lines`: uids of the courses in the chart of means;
    `added`: supposed marks of what-if, (code, uid of the kind).
    """

    period: str = ""
    lines: tuple[str, ...] = ()
    course: str = ""
    kind: str = ""
    added: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodItem:
    uid: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class ChipItem:
    """A mark or absence in the cell of `work`; `was`: what was corrected there. `code` is empty where the cell is."""

    code: str
    about: str
    work: str
    was: str


@dataclass(frozen=True, slots=True)
class EarnedItem:
    """A period's mean with the mark that it earns by calculation."""

    period: str
    mean: str
    mark: str


@dataclass(frozen=True, slots=True)
class SubjectItem:
    """A row of «Все отметки»; `of_class`: the mean of the class, where the school compares with it."""

    uid: str
    name: str
    chips: list[ChipItem]
    mean: str
    mark: str
    needed: str
    reached: bool
    why: str
    sum_of: str
    quotient: str
    aside: str
    periods: list[EarnedItem]
    current: bool
    of_class: str


@dataclass(frozen=True, slots=True)
class OptionItem:
    uid: str
    label: str
    chosen: bool
    locked: bool = False


@dataclass(frozen=True, slots=True)
class AddedItem:
    position: int
    code: str
    about: str


@dataclass(frozen=True, slots=True)
class TargetItem:
    """How far the mean is from a mark: `count` fives; where `count` is empty, `reached` already or out of reach."""

    label: str
    count: str
    reached: bool


@dataclass(frozen=True, slots=True)
class WhatIfItem:
    subject: str = ""
    before: str = ""
    after: str = ""
    mark: str = ""
    added: list[AddedItem] = field(default_factory=list)
    full: bool = False
    targets: list[TargetItem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """The chosen period of a year, or the whole year (`uid` = YEAR), with all its days, also those ahead.

    `courses`: those that give marks, and any other with a mark in these days.
    """

    year: StudentYear
    uid: str
    name: str
    span: DaySpan
    courses: tuple[CourseLine, ...]
    today: date

    @property
    def is_year(self) -> bool:
        return self.uid == YEAR

    def marks(self, course: CourseLine) -> list[GivenMark]:
        return [mark for mark in course.marks if mark.day in self.span]

    def counted(self, course: CourseLine) -> list[WeightedMark]:
        return counted(self.marks(course))


def counted(marks: Sequence[GivenMark]) -> list[WeightedMark]:
    """The marks that enter a mean."""
    return [mark.weighted for mark in marks if mark.weighted is not None]


def started(year: StudentYear, today: date) -> list[PeriodLine]:
    """The periods that have begun; before the year the first one."""
    begun = [period for period in year.periods if period.span.first <= today]
    return begun or list(year.periods[:1])


def shown(year: StudentYear, choice: Choice, today: date) -> Shown:
    """What the tab shows: the chosen period, else the present (or last) one; the year where there is no other."""
    begun = started(year, today)
    period = next((one for one in begun if one.uid == choice.period), begun[-1] if begun else None)
    if choice.period == YEAR or period is None:
        uid, name, span = YEAR, _("Year"), year.span
    else:
        uid, name, span = period.uid, period.name, period.span
    courses = tuple(
        course for course in year.courses if course.graded or any(mark.day in span for mark in course.marks)
    )
    return Shown(year, uid, name, span, courses, today)


def title(year: StudentYear) -> str:
    return _("Progress: {student}").format(student=", ".join(filter(None, (year.given_name, year.class_name))))


def about(view: Shown) -> str:
    """The period with its days, and the weights of the works that were marked in it."""
    text = f"{view.name}, {day_range(view.span.first, view.span.last)}"
    kinds = {mark.kind: mark.weight for course in view.courses for mark in view.marks(course) if mark.weighted}
    if not kinds:
        return text
    weights = ", ".join(f"{_within(kind)} {weight}" for kind, weight in sorted(kinds.items(), key=lambda one: -one[1]))
    return text + ". " + _("The mean is weighted: {weights}").format(weights=weights)


def _within(name: str) -> str:
    """A name in the middle of a sentence: «контрольная работа», but «ВПР» as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def rule(view: Shown, thresholds: Thresholds) -> str:
    """How a mark follows from a mean, under the table."""
    if view.is_year:
        return _("The mark of the year is set from the marks of the periods, not from this mean.")
    steps = ", ".join(
        _("«{mark}» from {mean}").format(mark=mark, mean=shown_mean(thresholds.least_for(mark), thresholds))
        for mark in (5, 4, 3)
    )
    return _("By calculation: {steps} of the exact mean. The teacher sets the mark of the period.").format(steps=steps)


def periods(view: Shown) -> list[PeriodItem]:
    found = [PeriodItem(one.uid, one.name, one.uid == view.uid) for one in started(view.year, view.today)]
    return [*found, PeriodItem(YEAR, _("Year"), view.is_year)]


def thresholds_in(year: StudentYear, span: DaySpan, today: date) -> Thresholds:
    """The thresholds by which marks of these days are judged: those of their last day, or of today."""
    return thresholds_of_day(year.values, min(span.last, today))


def subjects(
    view: Shown, chosen: str, usual: int, class_means: Mapping[str, Fraction] = MappingProxyType({})
) -> list[SubjectItem]:
    """The rows of the table. `usual` is the weight of the ordinary work, for «до «5»»; `class_means`: {course uid: mean
    of the class}.
    """
    thresholds = thresholds_in(view.year, view.span, view.today)
    return [_subject(view, course, chosen, (thresholds, usual, class_means.get(course.uid))) for course in view.courses]


def _subject(view: Shown, course: CourseLine, chosen: str, by: tuple[Thresholds, int, Fraction | None]) -> SubjectItem:
    thresholds, usual, of_class = by
    marks = view.counted(course)
    mean = weighted_mean(marks)
    needed = marks_needed(marks, thresholds.five, WeightedMark(BEST, usual)) if marks else None
    sum_of, quotient = explained(marks, thresholds)
    earned = thresholds.earned(mean)
    return SubjectItem(
        uid=course.uid,
        name=course.name,
        chips=_chips(view, course),
        mean=shown_mean(mean, thresholds),
        mark=str(earned or ""),
        needed=str(needed or ""),
        reached=needed == 0,
        why=_("How the mean {mean} comes about").format(mean=shown_mean(mean, thresholds)) if marks else "",
        sum_of=sum_of,
        quotient=quotient,
        aside=_aside(view, course),
        periods=[
            _earned(course, period, thresholds_in(view.year, period.span, view.today))
            for period in started(view.year, view.today)
        ]
        if view.is_year
        else [],
        current=course.uid == chosen,
        of_class=shown_mean(of_class, thresholds),
    )


def _earned(course: CourseLine, period: PeriodLine, thresholds: Thresholds) -> EarnedItem:
    mean = weighted_mean(counted([mark for mark in course.marks if mark.day in period.span]))
    return EarnedItem(period.name, shown_mean(mean, thresholds), str(thresholds.earned(mean) or ""))


def _chips(view: Shown, course: CourseLine) -> list[ChipItem]:
    """Marks and absences in the order of the lessons, with what was corrected in their cells."""
    found = [(mark.day, mark.number, 1, mark.uid, mark.code, mark_about(mark)) for mark in view.marks(course)]
    found += [
        (absence.day, absence.number, 0, absence.uid, absence.code[:1], short_date(absence.day))
        for absence in course.missed
        if absence.day in view.span
    ]
    shown_uids = {one[3] for one in found}
    was = {gone.uid: ", ".join(gone.before) for gone in course.gone if gone.day in view.span}
    found += [
        (gone.day, gone.number, 1, gone.uid, "", f"{short_date(gone.day)}, {_kind(gone)}")
        for gone in course.gone
        if gone.uid in was and gone.uid not in shown_uids
    ]
    ordered = sorted(found, key=lambda one: one[:3])
    return [ChipItem(code, text, uid, was.pop(uid, "")) for _day, _number, _kind_, uid, code, text in ordered]


def _kind(mark: GivenMark | Gone) -> str:
    return _("{type}, weight {weight}").format(type=mark.kind, weight=mark.weight)


def mark_about(mark: GivenMark) -> str:
    """«12.11, Контрольная работа, вес 5»."""
    return f"{short_date(mark.day)}, {_kind(mark)}"


def explained(marks: Sequence[WeightedMark], thresholds: Thresholds = USUAL_THRESHOLDS) -> tuple[str, str]:
    """The mean spelled with its own numbers: («5 × 3 + 4 × 1 = 19», «19 : (3 + 1) = 4,75»)."""
    if not marks:
        return "", ""
    total, weight = sums(marks)
    products = " + ".join(f"{exact(Fraction(mark.hundredths, 100))} × {mark.weight}" for mark in marks)
    weights = " + ".join(str(mark.weight) for mark in marks)
    mean = total / weight
    sign = "=" if (mean * 100).denominator == 1 else "≈"
    divisor = f"({weights}) = {exact(total)} : {weight}" if len(marks) > 1 else str(weight)
    return f"{products} = {exact(total)}", f"{exact(total)} : {divisor} {sign} {shown_mean(mean, thresholds)}"


def exact(number: Fraction) -> str:
    """A number of whole hundredths without needless zeros: «19», «4,5»."""
    digits = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits).replace(".", ",")


def _aside(view: Shown, course: CourseLine) -> str:
    """«Not counted here: …»: the codes of the row that do not enter the mean; empty where there are none."""
    codes = {mark.code for mark in view.marks(course) if mark.weighted is None}
    codes |= {absence.code[:1] for absence in course.missed if absence.day in view.span}
    return _("Not counted here: {codes}").format(codes=", ".join(sorted(codes))) if codes else ""


def drawn_courses(view: Shown, choice: Choice) -> list[CourseLine]:
    """The courses that the chart draws: the chosen ones, else those with the most marks."""
    drawable = [course for course in view.courses if view.counted(course)]
    wanted = [course for course in drawable if course.uid in choice.lines]
    if not wanted:
        wanted = sorted(drawable, key=lambda course: (-len(view.counted(course)), sort_key(course.name)))[:USUAL_LINES]
    return sorted(wanted, key=lambda course: sort_key(course.name))[:MOST_LINES]


def line_options(view: Shown, drawn: Sequence[CourseLine]) -> list[OptionItem]:
    chosen = {course.uid for course in drawn}
    full = len(chosen) >= MOST_LINES
    return [
        OptionItem(
            course.uid,
            course.name,
            course.uid in chosen,
            locked=(full and course.uid not in chosen) or chosen == {course.uid},
        )
        for course in view.courses
        if view.counted(course)
    ]


def course_of(view: Shown, choice: Choice) -> CourseLine | None:
    """The subject of what-if: the chosen one, else the one with the lowest mean."""
    chosen = next((course for course in view.courses if course.uid == choice.course), None)
    if chosen is not None:
        return chosen
    graded = [(mean, course) for course in view.courses if (mean := weighted_mean(view.counted(course))) is not None]
    return min(graded, key=lambda one: one[0])[1] if graded else next(iter(view.courses), None)


def course_options(view: Shown, chosen: CourseLine | None, thresholds: Thresholds) -> list[OptionItem]:
    found = []
    for course in view.courses:
        mean = shown_mean(weighted_mean(view.counted(course)), thresholds)
        label = _("{subject}, mean {mean}").format(subject=course.name, mean=mean) if mean else course.name
        found.append(OptionItem(course.uid, label, course is chosen))
    return found


def kind_options(year: StudentYear, chosen: str) -> list[OptionItem]:
    return [
        OptionItem(
            kind.uid, _("{type}, weight {weight}").format(type=kind.name, weight=kind.weight), kind.uid == chosen
        )
        for kind in year.kinds
    ]


def kind_of(year: StudentYear, chosen: str) -> str:
    """The chosen kind of work, else the ordinary one."""
    known = [kind.uid for kind in year.kinds]
    return chosen if chosen in known else next(iter(known), "")


def what_if(view: Shown, course: CourseLine | None, choice: Choice, thresholds: Thresholds) -> WhatIfItem:
    """What the mean becomes with the supposed marks, and how many fives the next marks take without them."""
    weights = {kind.uid: kind.weight for kind in view.year.kinds}
    if course is None or not weights:
        return WhatIfItem()
    marks = view.counted(course)
    added = [(code, kind) for code, kind in choice.added if kind in weights and code in MARKS]
    after = weighted_mean([*marks, *(WeightedMark(MARKS[code], weights[kind]) for code, kind in added)])
    mark = thresholds.earned(after)
    weight = weights[kind_of(view.year, choice.kind)]
    return WhatIfItem(
        subject=course.name,
        before=shown_mean(weighted_mean(marks), thresholds),
        after=shown_mean(after, thresholds),
        mark="" if view.is_year else str(mark or ""),
        added=[
            AddedItem(position, code, _("weight {weight}").format(weight=weights[kind]))
            for position, (code, kind) in enumerate(added)
        ],
        full=len(choice.added) >= MOST_ADDED,
        targets=_targets(marks, thresholds, sorted({weight, max(weights.values())})),
    )


def _targets(marks: Sequence[WeightedMark], thresholds: Thresholds, weights: Sequence[int]) -> list[TargetItem]:
    """How many fives of each of these weights lead to «5» and «4», and to «3» while it is not earned."""
    found = []
    earned = thresholds.earned(weighted_mean(marks)) or 2
    for mark in (3, 4, 5) if earned < 3 else (4, 5):
        least = thresholds.least_for(mark)
        label = _("To «{mark}» ({mean})").format(mark=mark, mean=shown_mean(least, thresholds))
        for weight in weights[:1] if earned >= mark else weights:
            count = marks_needed(marks, least, WeightedMark(BEST, weight))
            way = label if count == 0 else _("{target}, weight {weight}").format(target=label, weight=weight)
            found.append(TargetItem(way, str(count or ""), count == 0))
    return found


def days_in_words(count: int) -> str:
    return ngettext("{count} day", "{count} days", count)
