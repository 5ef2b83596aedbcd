"""P-2 key → «saved» over a raw websocket, one teacher; P-12's bytes of an edit. The browser's part is in `p01.py`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from ais_app.db.columns import new_uid
from tests.bench import load, reference, schools, teachers
from tests.bench.figures import Figure, median, timed

EDITS = 200
PAUSE = 0.06  # the gate reads 20 events a second of a session in the long run


async def edits(url: str, courses: list[schools.TaughtCourse], cookies: list[str]) -> tuple[list[float], float]:
    """Latencies of one teacher's edits, one after the other, and the bytes of an edit both ways."""
    (teacher,) = teachers.at_work(url, courses, cookies)
    await teacher.tab.open()
    random = Random(2)
    for _warm in range(20):
        await teacher.edit(random)
        await asyncio.sleep(PAUSE)
    before = teacher.tab.sent + teacher.tab.received
    found = []
    for _edit in range(EDITS):
        await asyncio.sleep(PAUSE)
        found.append(await teacher.edit(random))
    size = (teacher.tab.sent + teacher.tab.received - before) / EDITS
    await teacher.tab.close()
    assert not teacher.wrong, teacher.wrong[0]
    return found, size


async def echoes(url: str) -> list[float]:
    """The same way with an event that does nothing."""
    tab = load.Tab(url, "", "/", '"is_hydrated_rx_state_":true')
    await tab.open()
    found = []
    for _event in range(EDITS):
        await asyncio.sleep(PAUSE)
        uid = new_uid()
        payload = {"raw": {"op": uid}}
        found.append((await tab.ask(f'"op":"{uid}"', f"{reference.STATE}.nothing", payload))[0])
    await tab.close()
    return found


def bare_commits(folder: Path, count: int = EDITS) -> list[float]:
    connection = reference.bare_connection(folder / "commits.sqlite3")
    found = []
    for place in range(count):
        begun = perf_counter()
        connection.execute(reference.UPSERT, (place, "5"))
        found.append(perf_counter() - begun)
    connection.close()
    return found


def run() -> list[Figure]:
    with TemporaryDirectory(prefix="ais-bench-") as name, schools.copied(schools.large()) as copy:
        courses = teachers.chosen(copy, 1)
        cookies = teachers.cookies_for(copy, courses)
        with copy.served() as server:
            found, size = asyncio.run(edits(server.url, courses, cookies))
        commits = bare_commits(Path(name))
        with reference.served(Path(name)) as url:
            bare = asyncio.run(echoes(url))
    both = [echo + median(commits) for echo in bare]
    return [
        timed(
            "P-2",
            "edit sent → answered (committed, mean updated), raw client, one teacher",
            found,
            limit=(40, 80),
            reference=("echo of Reflex + bare commit", both),
        ),
        Figure("P-12", "wire per edit, both ways", size, unit="bytes", limit="≤ 600 bytes", met=size <= 600),
    ]
