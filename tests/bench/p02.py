"""P-2 key → «saved», one teacher: in Chromium, and over a raw websocket."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.bench import grid, load, reference, schools, teachers
from tests.bench.figures import Figure, median, timed

KEYS, EDITS, WARM = 60, 200, 20
PAUSE = 0.06  # the gate reads 20 events a second of a session in the long run


def keys() -> tuple[list[float], list[float]]:
    """Seconds of each key in a grid of 33 × 80 (until saved, until shown)."""
    with grid.teacher_of_the_course(1) as (_browser, teacher, journal):
        hand = grid.Hand(teacher.opened(journal))
        for _key in range(KEYS):
            hand.press()
        return hand.saved, hand.shown


async def edits(teacher: load.Teacher) -> list[float]:
    """Latencies of one teacher's edits, one after the other."""
    await teacher.tab.open()
    random, found = Random(2), []
    for _edit in range(WARM + EDITS):
        await asyncio.sleep(PAUSE)
        found.append(await teacher.edit(random))
    await teacher.tab.close()
    assert not teacher.wrong, teacher.wrong[0]
    return found[WARM:]


async def echoes(url: str) -> list[float]:
    """The same way with an event that does nothing."""
    tab = load.at_the_reference(url)
    await tab.open()
    found = []
    for place in range(EDITS):
        await asyncio.sleep(PAUSE)
        found.append(await load.ask_the_reference(tab, "nothing", place))
    await tab.close()
    return found


def run() -> list[Figure]:
    saved, shown = keys()
    with TemporaryDirectory(prefix="ais-bench-") as name, schools.copied(schools.large()) as copy:
        with teachers.served(copy, 1) as (_server, (teacher,)):
            found = asyncio.run(edits(teacher))
        commits = reference.commits(Path(name), EDITS, 1)
        with reference.served(Path(name)) as url:
            bare = asyncio.run(echoes(url))
    both = [echo + median(commits) for echo in bare]
    return [
        timed(
            f"key → «saved» in the browser (mean updated); {grid.SIZE}",
            saved,
            limit=(40, 80),
            reference=("key → value", shown),
        ),
        timed(
            "edit sent → answered (committed, mean updated), raw client, one teacher",
            found,
            limit=(40, 80),
            reference=("echo of Reflex + bare commit", both),
        ),
    ]
