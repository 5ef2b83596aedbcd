"""School years and grading periods of a set, and the year into which it is imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ais_app.exchange.engine import Line, Note
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.roster import DIVISIONS, HOLIDAY, Roster, is_out
from ais_app.school import rules

_NAMES = {2: "Полугодия", 3: "Триместры", 4: "Четверти"}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedYear:
    """A year to import into, with the classes that belong to it.

    `session` is the school year of the set, "" where it has none. `schemes`: {scheme of the draft: its sessions}.
    `closed`: {(scheme, ordinal) of a period that is closed in our own export: since when}. `moved`: the classes come
    from another year than `draft`, so that the dates of the set are ignored.
    """

    draft: rules.YearDraft
    session: str
    classes: frozenset[str]
    schemes: dict[str, frozenset[str]] = field(default_factory=dict)
    closed: dict[tuple[str, int], datetime | None] = field(default_factory=dict)
    moved: bool = False

    def scheme_of(self, line: Line) -> str:
        """The scheme of a class by its name: the one made of its terms or of what divides them, else the first."""
        terms = set(line.several("termSourcedIds"))
        names = [scheme.name for scheme in self.draft.schemes]
        return next((name for name in names if terms & self.schemes.get(name, frozenset())), names[0])


def year_around(today: date, name: str | None) -> rules.YearDraft:
    """The school year of this name («2026/27»), else the present one (from August the coming), with four quarters."""
    first = int(name[:4]) if name else today.year - (today.month < 8)
    days = ((9, 1), (10, 25)), ((11, 2), (12, 30)), ((1, 11), (3, 26)), ((4, 5), (5, 31))
    quarters = [
        rules.PeriodDraft(
            f"{roman} четверть",
            *(date(first + (month < 8), month, day) for month, day in dates),
        )
        for roman, dates in zip(("I", "II", "III", "IV"), days, strict=True)
    ]
    return rules.YearDraft(
        year_name(date(first, 9, 1)),
        date(first, 9, 1),
        date(first + 1, 8, 31),
        [rules.SchemeDraft("Четверти", quarters)],
    )


def year_name(starts_on: date) -> str:
    """«2026/27» of a year that begins from July 2026 to June 2027."""
    first = starts_on.year - (starts_on.month < 7)
    return f"{first}/{(first + 1) % 100:02d}"


def plan(roster: Roster, today: date, name: str | None) -> list[PlannedYear]:
    """The years to import into: one for a foreign set, all of them for our own export.

    A foreign set's own year is taken when it is the named one, or, without a name, when it is not over. Otherwise, or
    when the set has none, its classes go into the named year, else the present one, with default quarters.
    """
    years = {key: line for key, line in roster["academicSessions"] if _kind(line) == "schoolyear" and not is_out(line)}
    by_year = _classes_by_year(roster, years)
    if roster.manifest.own and years:
        return [
            _planned(roster, key, by_year.get(key, frozenset()))
            for key in sorted(years, key=lambda key: _start(years[key]))
        ]
    loose = by_year.get("", frozenset())
    if not years:
        return [PlannedYear(year_around(today, name), "", loose)]
    chosen = _chosen(years, today, name)
    left = sum(len(classes) for key, classes in by_year.items() if key not in (chosen, ""))
    if left:
        roster.notes.append(Note.of(codes.OTHER_YEARS, "classes.csv", count=left))
    classes = by_year.get(chosen, frozenset()) | loose
    line = years[chosen]
    if (name is None and _end(line) >= today) or (name is not None and year_name(_start(line)) == name):
        return [_planned(roster, chosen, classes)]
    target = year_around(today, name)
    note = roster["academicSessions"].note(line, "", codes.OTHER_TARGET, year=line["title"], target=target.name)
    roster.notes.append(note)
    return [PlannedYear(target, "", classes, moved=True)]


def _chosen(years: dict[str, Line], today: date, name: str | None) -> str:
    """The year of the set whose classes are taken: the named one, else the first that is not over, else the last."""
    ordered = sorted(years, key=lambda key: (_start(years[key]), key))
    if name is not None:
        named = [key for key in ordered if year_name(_start(years[key])) == name]
        if named:
            return named[0]
    ahead = [key for key in ordered if _end(years[key]) >= today]
    return ahead[0] if ahead else ordered[-1]


def _classes_by_year(roster: Roster, years: dict[str, Line]) -> dict[str, frozenset[str]]:
    """{school year: its classes}; under "" those without terms, or with terms of no year."""
    sessions = roster["academicSessions"]
    by_year: dict[str, set[str]] = {}
    for key, line in roster["classes"]:
        if is_out(line):
            continue
        terms = [sessions[term] for term in line.several("termSourcedIds") if term in sessions]
        homes = {_year_of(roster, years, term) for term in terms} - {""}
        for home in homes or {""}:
            by_year.setdefault(home, set()).add(key)
    return {home: frozenset(classes) for home, classes in by_year.items()}


def _year_of(roster: Roster, years: dict[str, Line], line: Line) -> str:
    """The school year of a session: itself, one above it, or one whose days include its own; "" when there is none."""
    sessions, key, seen = roster["academicSessions"], line["sourcedId"], set[str]()
    while key in sessions and key not in seen:
        if key in years:
            return key
        seen.add(key)
        key = sessions[key]["parentSourcedId"]
    holding = [key for key, year in years.items() if _start(year) <= _start(line) and _end(line) <= _end(year)]
    return min(holding, default="")


def _planned(roster: Roster, key: str, classes: frozenset[str]) -> PlannedYear:
    """A year of the set, with the schemes that its sessions make; with default quarters where they make none."""
    sessions = roster["academicSessions"]
    line, own = sessions[key], roster.manifest.own
    first, last = _start(line), _end(line) - _DAY if own else _end(line)
    kinds: dict[tuple[str, str], list[str]] = {}
    for session, one in sessions:
        if session != key and not is_out(one) and _kind(one) in DIVISIONS and _year_of(roster, {key: line}, one) == key:
            kinds.setdefault((_kind(one), one["metadata.ais.scheme"]), []).append(session)
    drafts: list[rules.SchemeDraft] = []
    made: dict[str, frozenset[str]] = {}
    closed: dict[tuple[str, int], datetime | None] = {}
    for (kind, named), members in sorted(kinds.items(), key=lambda item: (DIVISIONS.index(item[0][0]), item[0][1])):
        periods = _periods(roster, members, exclusive=own)
        if periods is None or periods[0].starts_on < first or periods[-1].ends_on > last:
            roster.notes.append(Note.of(codes.NO_PERIODS, "academicSessions.csv", kind=kind))
            continue
        name = named or _free(_NAMES.get(len(periods), "Учебные периоды"), made)
        drafts.append(rules.SchemeDraft(name, periods))
        ordered = sorted(members, key=lambda one: _start(sessions[one]))
        made[name] = frozenset(members) | {sessions[one]["parentSourcedId"] for one in members} - {"", key}
        closed |= {
            (name, ordinal): sessions[one].moment("metadata.ais.closedAt")
            for ordinal, one in enumerate(ordered, 1)
            if own and sessions[one].flag("metadata.ais.closed", empty=False)
        }
    bare = own and all(roster["classes"][one]["metadata.ais.kind"] == "group" for one in classes)
    if not drafts and not bare:
        quarters = year_around(first, year_name(first)).schemes[0].periods
        inside = [one for one in quarters if first <= one.starts_on and one.ends_on <= last]
        drafts = [rules.SchemeDraft("Четверти", inside or [rules.PeriodDraft("Учебный год", first, last)])]
    title = line["title"][:32] if own else year_name(first)
    draft = rules.YearDraft(title, first, last, drafts, _holidays(roster, key) if own else ())
    return PlannedYear(draft, key, classes, made, closed)


def _holidays(roster: Roster, year: str) -> list[rules.HolidayDraft]:
    """The holidays of a year of our own export."""
    lines = [line for _key, line in roster["academicSessions"] if _kind(line) == HOLIDAY and not is_out(line)]
    return [
        rules.HolidayDraft(
            line["title"][:64],
            _start(line),
            _end(line) - _DAY,
            line.whole("metadata.ais.grade", 0) if line["metadata.ais.grade"] else None,
        )
        for line in lines
        if line["parentSourcedId"] == year
    ]


def _periods(roster: Roster, members: Sequence[str], *, exclusive: bool) -> list[rules.PeriodDraft] | None:
    """The periods that sessions of one kind make, in order; None when they overlap.

    The last day of a session is its endDate, unless another one begins on that day: then the date is exclusive,
    as the standard has it. Our own exports are always exclusive.
    """
    sessions = roster["academicSessions"]
    ordered = sorted((sessions[key] for key in members), key=lambda line: (_start(line), _end(line)))
    begins = {_start(line) for line in ordered}
    periods = [
        rules.PeriodDraft(
            (line["title"] or ("" if exclusive else f"{number}"))[:64],
            _start(line),
            _end(line) - _DAY if exclusive or _end(line) in begins else _end(line),
        )
        for number, line in enumerate(ordered, 1)
    ]
    return None if rules.overlapping(periods) else periods


def _free(name: str, taken: dict[str, frozenset[str]]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


def _kind(line: Line) -> str:
    return line["type"].casefold()


def _start(line: Line) -> date:
    return line.day("startDate") or date.min


def _end(line: Line) -> date:
    return line.day("endDate") or date.max
