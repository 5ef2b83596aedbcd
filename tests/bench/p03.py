"""P-3 the server under load: 1,000 open journals making 150 edits a second, then 50 without a pause; nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import text

from ais_app.db.columns import new_uid
from ais_app.ledger import verifying
from tests.bench import load, reference, schools, teachers
from tests.bench.figures import Figure, median, percentile, spelled, timed
from tests.bench.processes import memory

SESSIONS, RATE, PACED_SECONDS = 1_000, 150, 30.0
WARM = 100
SATURATING, SATURATED_SECONDS = 50, 12.0


async def paced(url: str, courses: list[schools.TaughtCourse], cookies: list[str], pid: int) -> tuple:
    """Latencies at a pace, and the memory in KB of one session after the first hundred, which warm the caches up."""
    people = teachers.at_work(url, courses, cookies)
    await load.opened(person.tab for person in people[:WARM])
    warm = memory(pid)
    await load.opened(person.tab for person in people[WARM:])
    each = (memory(pid) - warm) * 1024 / (len(people) - WARM)
    random = Random(3)
    acts: list[Callable[[], Awaitable[float]]] = [lambda one=one: one.edit(random) for one in people]
    found = await load.at_a_pace(acts, len(people) / RATE, PACED_SECONDS)
    for person in people:
        await person.tab.close()
    return found, people, each


async def saturated(url: str, courses: list[schools.TaughtCourse], cookies: list[str]) -> tuple:
    people = teachers.at_work(url, courses, cookies)
    await load.opened(person.tab for person in people)
    random = Random(4)
    acts: list[Callable[[], Awaitable[float]]] = [lambda one=one: one.edit(random) for one in people]
    await load.without_pause(acts, 2)
    found, rate = await load.without_pause(acts, SATURATED_SECONDS)
    for person in people:
        await person.tab.close()
    return found, rate, people


async def references(url: str) -> dict[str, tuple[list[float], float]]:
    """{nothing, bare, orm: (latencies, events a second)} of 50 tabs without a pause."""
    tabs = [load.Tab(url, "", "/", '"is_hydrated_rx_state_":true') for _tab in range(SATURATING)]
    await load.opened(tabs)
    places, found = count(), {}

    async def act(tab: load.Tab, kind: str) -> float:
        uid = new_uid()
        payload = {"raw": {"op": uid, "place": next(places) % 40_000, "value": "5"}}
        return (await tab.ask(f'"op":"{uid}"', f"{reference.STATE}.{kind}", payload))[0]

    for kind in ("nothing", "bare", "orm"):
        found[kind] = await load.without_pause([lambda tab=tab, kind=kind: act(tab, kind) for tab in tabs], 5)
    for tab in tabs:
        await tab.close()
    return found


def kept(copy: schools.Copy, people: list[load.Teacher]) -> tuple[int, int]:
    """(operations that were answered but are not in the ledger, operations that stand there twice)."""
    uids = [uid for person in people for uid in person.confirmed]
    with copy.database.connect() as connection:
        rows = [row[0] for row in connection.execute(text("SELECT uid FROM operation WHERE kind = 'marks_entered'"))]
    present = set(rows)
    return sum(uid not in present for uid in uids), len(rows) - len(present)


def run() -> list[Figure]:
    figures = []
    with schools.copied(schools.large()) as copy:
        many = teachers.chosen(copy, SESSIONS)
        cookies = teachers.cookies_for(copy, many)
        with copy.served() as server:
            latencies, people, each = asyncio.run(paced(server.url, many, cookies, server.process.pid))
        few = teachers.chosen(copy, SATURATING)  # anew: the cells have other versions now
        cookies = teachers.cookies_for(copy, few)
        with copy.served() as server:
            more, rate, others = asyncio.run(saturated(server.url, few, cookies))
        lost, double = kept(copy, [*people, *others])
        wrong = sum(len(person.wrong) for person in [*people, *others])
        faults = copy.database.read(lambda connection: len(list(verifying.verify(connection))))
    with TemporaryDirectory(prefix="ais-bench-") as name, reference.served(Path(name)) as url:
        beside = asyncio.run(references(url))
    told = ", ".join(f"{kind} {rate_:,.0f}/s" for kind, (_latencies, rate_) in beside.items())
    paced_figure = timed(
        "P-3",
        f"{SESSIONS:,} open journals, {len(latencies) / PACED_SECONDS:.0f} edits/s; one process",
        latencies,
        limit=(None, 30),
    )
    figures += [
        paced_figure,
        Figure(
            "P-3",
            f"saturated by {SATURATING} sessions (p50 {spelled(median(more) * 1000)} ms, "
            f"p95 {spelled(percentile(more, 0.95) * 1000)} ms)",
            rate,
            unit="edits/s",
            limit="≥ 700/s",
            met=rate >= 700,
            reference=f"events of Reflex: {told}",
            ratio=rate / beside["bare"][1],
        ),
        Figure(
            "P-3",
            f"lost, double, refused, faults of the ledger ({len(latencies) + len(more):,} edits)",
            lost + double + wrong + faults,
            unit="edits",
            limit="0",
            met=not (lost + double + wrong + faults),
        ),
        Figure(
            "P-12",
            "memory of an open journal, after the first hundred",
            each,
            unit="KB",
            limit="≤ 250 KB",
            met=each <= 250,
        ),
    ]
    return figures
