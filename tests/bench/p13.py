"""P-13 growth: the same things in the large school (1,000 students) of one year and after 5 and 25, measured in turns.

Two and ten million marks, with the ledger of every year: written once, which takes its time, and kept.

In the browser as people have it (P-2, P-6, the diary week); and the server's part of it alone, since a page of half a
second would hide that its reads take twice their time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from tests.bench import growth, schools
from tests.bench.browser import Opening, chromium
from tests.bench.figures import Figure, grown

KEYS, OPENS, WARM, FLAT = 64, 10, 6, 1.2
One = TypeVar("One")
Found = TypeVar("Found")


def in_turns(young: One, old: One, act: Callable[[One], Found], rounds: int) -> tuple[list[Found], list[Found]]:
    """What `act` finds in the one and the other, so that whatever else the machine does falls on both.

    Each comes first in every second round: what one leaves behind falls on both too.
    """
    found: tuple[list[Found], list[Found]] = [], []
    for number in range(rounds):
        pairs = [(young, found[0]), (old, found[1])]
        for one, kept in reversed(pairs) if number % 2 else pairs:
            kept.append(act(one))
    return found


class Pair:
    """Two ages of one school: (young, old)."""

    def __init__(self, young: schools.Copy, old: schools.Copy, what: str) -> None:
        self._copies = young, old
        first, last = (f"{growth.marks_in(copy):,} marks" for copy in self._copies)
        self._what, self._beside = f"{what} ({last})", f"one year ({first})"

    def figure(self, act: str, young: Sequence[float], old: Sequence[float]) -> Figure:
        return grown(f"{act}; {self._what}", (self._beside, young), old, FLAT)

    def pages(self) -> list[Figure]:
        """As people have it."""
        with ExitStack() as stack:
            browser = stack.enter_context(chromium())
            young, old = (stack.enter_context(growth.pages(copy, browser, OPENS)) for copy in self._copies)
            in_turns(young, old, lambda one: one.hand.press(), KEYS)
            saved = young.hand.saved, old.hand.saved
            journals = in_turns(young, old, lambda one: one.journal(), OPENS)
            diaries = in_turns(young, old, lambda one: one.diary(), OPENS)
        return [
            self.figure("P-2 key → «saved» in the browser", *saved),
            *self._openings("P-6 journal", journals),
            *self._openings("diary week", diaries),
        ]

    def _openings(self, page: str, found: tuple[list[tuple[Opening, Opening]], ...]) -> list[Figure]:
        visits = ("first visit → usable", "later visits")
        return [
            self.figure(f"{page}, {visit}", *([pair[place].seconds for pair in age] for age in found))
            for place, visit in enumerate(visits)
        ]

    def services(self) -> list[Figure]:
        """The server's part alone."""
        young, old = (growth.Services(copy) for copy in self._copies)
        figures = []
        for act, rounds in young.rounds.items():
            before, after = in_turns(young, old, lambda one, act=act: one.act(act), WARM + rounds)
            figures.append(self.figure(f"server alone: {act}", before[WARM:], after[WARM:]))
        return figures


def compared(young: Path, old: Path, what: str) -> list[Figure]:
    with schools.copied(young) as first, schools.copied(old) as last:
        pair = Pair(first, last, what)
        return [*pair.pages(), *pair.services()]


def run() -> list[Figure]:
    young, *older = schools.AGES
    return [
        figure for years in older for figure in compared(schools.large(young), schools.large(years), f"{years} years")
    ]
