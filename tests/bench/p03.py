"""P-3 the server under load: 1,000 open journals making 150 edits a second, then 50 without a pause; nothing lost."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import text

from ais_app.ledger import verifying
from tests.bench import load, reference, schools, teachers
from tests.bench.figures import Figure, at_least, exactly, median, percentile, spelled, timed

SESSIONS, RATE, PACED_SECONDS = 1_000, 150, 30.0
SATURATING, SATURATED_SECONDS = 50, 12.0


async def paced(people: list[load.Teacher]) -> list[float]:
    """Latencies of everybody at a pace."""
    await load.opened(person.tab for person in people)
    random = Random(3)
    found = await load.at_a_pace(people, lambda one: one.edit(random), len(people) / RATE, PACED_SECONDS)
    await load.closed(person.tab for person in people)
    return found


async def saturated(people: list[load.Teacher]) -> tuple[list[float], float]:
    """Latencies without a pause, and edits a second."""
    await load.opened(person.tab for person in people)
    random = Random(4)
    await load.without_pause(people, lambda one: one.edit(random), 2)
    found = await load.without_pause(people, lambda one: one.edit(random), SATURATED_SECONDS)
    await load.closed(person.tab for person in people)
    return found


async def references(url: str) -> dict[str, float]:
    """{nothing, bare, orm: events a second} of 50 tabs without a pause."""
    tabs = [load.at_the_reference(url) for _tab in range(SATURATING)]
    await load.opened(tabs)
    places, found = count(), {}
    for kind in ("nothing", "bare", "orm"):
        _latencies, found[kind] = await load.without_pause(
            tabs, lambda tab, kind=kind: load.ask_the_reference(tab, kind, next(places) % 40_000), 5
        )
    await load.closed(tabs)
    return found


def kept(copy: schools.Copy, people: list[load.Teacher]) -> tuple[int, int]:
    """(operations that were answered but are not in the ledger, operations that stand there twice)."""
    uids = [uid for person in people for uid in person.confirmed]
    with copy.database.connect() as connection:
        rows = [row[0] for row in connection.execute(text("SELECT uid FROM operation WHERE kind = 'marks_entered'"))]
    present = set(rows)
    return sum(uid not in present for uid in uids), len(rows) - len(present)


def run() -> list[Figure]:
    with schools.copied(schools.large()) as copy:
        with teachers.served(copy, SESSIONS) as (_server, people):
            latencies = asyncio.run(paced(people))
        with teachers.served(copy, SATURATING) as (_server, others):
            more, rate = asyncio.run(saturated(others))
        lost, double = kept(copy, [*people, *others])
        wrong = sum(len(person.wrong) for person in [*people, *others])
        faults = copy.database.read(lambda connection: len(list(verifying.verify(connection))))
    with TemporaryDirectory(prefix="ais-bench-") as name, reference.served(Path(name)) as url:
        beside = asyncio.run(references(url))
    told = ", ".join(f"{kind} {rate_:,.0f}/s" for kind, rate_ in beside.items())
    return [
        timed(
            f"{SESSIONS:,} open journals, {len(latencies) / PACED_SECONDS:.0f} edits/s; one process",
            latencies,
            limit=(None, 30),
        ),
        at_least(
            700,
            f"saturated by {SATURATING} sessions (p50 {spelled(median(more) * 1000)} ms, "
            f"p95 {spelled(percentile(more, 0.95) * 1000)} ms)",
            rate,
            "edits/s",
            reference=f"events of Reflex: {told}",
            ratio=rate / beside["bare"],
        ),
        exactly(
            0,
            f"lost, double, refused, faults of the ledger ({len(latencies) + len(more):,} edits)",
            lost + double + wrong + faults,
            "edits",
        ),
    ]
