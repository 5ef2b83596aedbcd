"""P-6 in Chromium: a journal of 33 × 80 from nothing to usable, and again, in turns with a blank Reflex page.

The budget does not say how full the journal is. Measured are both ends: without a mark, as after the holidays, and with
twelve a lesson, as many as the large demonstration school has.
"""

from __future__ import annotations

from tests.bench import blank_page, grid
from tests.bench.browser import Opening, Visitor
from tests.bench.figures import Figure, at_most, median, spelled, timed

OPENS = 7
BLANK = "blank Reflex page"
FULL = 12

Openings = list[tuple[Opening, Opening]]


def opened(each_lesson: int) -> tuple[Openings, Openings, float]:
    """Visits (first, later) of a journal and of the blank page, in turns; KB of a first visit of it by gzip."""
    journals, blanks = [], []
    with grid.teacher_of_the_course(OPENS + 1, each_lesson) as (browser, teacher, journal), blank_page.served() as url:
        stranger = Visitor(browser, url)
        for _open in range(OPENS):
            journals.append(teacher.first_and_later(journal))
            blanks.append(stranger.first_and_later(blank_page.PAGE))
        by_gzip, _later = teacher.by_name().first_and_later(journal)
    return journals, blanks, by_gzip.size


def figures(what: str, journals: Openings, blanks: Openings, by_gzip: float) -> list[Figure]:
    def seconds(openings: Openings, later: int) -> list[float]:
        return [pair[later].seconds for pair in openings]

    def size(limit: float, name: str, later: int) -> Figure:
        value, beside = (median([pair[later].size for pair in openings]) for openings in (journals, blanks))
        return at_most(limit, name, value, "KB", reference=f"{BLANK}: {spelled(beside)} KB", ratio=value / beside)

    return [
        timed(
            f"{what}: first visit → grid usable",
            seconds(journals, 0),
            limit=(1000, None),
            reference=(BLANK, seconds(blanks, 0)),
        ),
        timed(f"{what}: later visits", seconds(journals, 1), reference=(BLANK, seconds(blanks, 1))),
        size(240, f"{what}: over the wire at the first visit, with fonts and frames (Brotli)", 0),
        at_most(255, f"{what}: the same by gzip", by_gzip, "KB"),
        size(3, f"{what}: over the wire, opened again unchanged", 1),
    ]


def run() -> list[Figure]:
    return [
        *figures(f"journal {grid.SIZE} without marks", *opened(0)),
        *figures(f"journal {grid.SIZE} with {FULL} marks a lesson", *opened(FULL)),
    ]
