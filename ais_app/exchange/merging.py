"""Dated lists that an import brings up to date: which rows to add, to end and to leave. Without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a set wants: this person in [begin, end); a begin of None means that the set does not tell."""

    person: int
    begin: date | None = None
    end: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What is there: row `id` of this person in [begin, end)."""

    id: int
    person: int
    begin: date
    end: date | None

    def is_open(self, today: date) -> bool:
        return self.end is None or self.end > max(today, self.begin)


@dataclass(frozen=True, slots=True)
class Added:
    person: int
    begin: date
    end: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A row whose days change."""

    row: Held
    begin: date
    end: date | None


@dataclass
class Merge:
    """What to change. Once it is done, merging the same set again gives an empty one."""

    added: list[Added] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.moved)


def merge(wanted: Iterable[Wanted], held: Iterable[Held], today: date, begin: date) -> Merge:
    """The changes that bring `held` to what is `wanted`; a new row without a begin begins on `begin`.

    What is wanted no more ends today and stays as history. A row that ended is never opened again: the person gets a
    new one that begins after it.
    """
    changes = Merge()
    present: dict[int, list[Held]] = {}
    for row in held:
        present.setdefault(row.person, []).append(row)
    by_person: dict[int, list[Wanted]] = {}
    for one in wanted:
        by_person.setdefault(one.person, []).append(one)
    for person, terms in by_person.items():
        _merge_person(sorted(terms, key=_by_begin), present.pop(person, []), today, begin, changes)
    changes.moved += [_ended(row, today) for rows in present.values() for row in rows if row.is_open(today)]
    return changes


def _by_begin(one: Wanted) -> date:
    return one.begin or date.min


def _merge_person(terms: Sequence[Wanted], held: list[Held], today: date, begin: date, changes: Merge) -> None:
    free = list(held)
    pairs: list[tuple[Wanted, Held]] = []
    late = _pair(terms, free, pairs, lambda term, row: row.end == term.end and term.begin in (None, row.begin))
    late = _pair(late, free, pairs, lambda term, row: row.end == term.end)
    late = _pair(late, free, pairs, lambda _term, row: row.is_open(today))
    moved: dict[int, Moved] = {}
    for term, row in pairs:
        first = term.begin if term.begin is not None and len(held) == 1 else row.begin
        last = term.end if term.end is None else max(term.end, first)
        if (first, last) != (row.begin, row.end):
            moved[row.id] = Moved(row, first, last)
    moved |= {row.id: _ended(row, today) for row in free if row.is_open(today)}
    changes.moved += moved.values()
    taken = [(one.begin, one.end) for one in (moved.get(row.id, row) for row in held)]
    for term in late:
        first = max([term.begin or begin, *(last or first for first, last in taken)])
        if term.end is None or term.end > first:
            changes.added.append(Added(term.person, first, term.end, term.note))
            taken.append((first, term.end))


def _pair(
    terms: Sequence[Wanted], free: list[Held], pairs: list[tuple[Wanted, Held]], fits: Callable[[Wanted, Held], bool]
) -> list[Wanted]:
    """Move each term with the first free row that fits to `pairs`; returns the terms for which there is none."""
    rest = []
    for term in terms:
        row = next((one for one in free if fits(term, one)), None)
        if row is None:
            rest.append(term)
        else:
            free.remove(row)
            pairs.append((term, row))
    return rest


def _ended(row: Held, today: date) -> Moved:
    return Moved(row, row.begin, max(today, row.begin))
