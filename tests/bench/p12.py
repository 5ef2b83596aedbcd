"""P-12 memory of the server with nobody there and of an open journal; bytes of an edit both ways."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from random import Random

import httpx

from tests.bench import load, schools, teachers
from tests.bench.figures import Figure, at_most

SESSIONS, WARM = 1_000, 100  # the first hundred tabs warm the caches up
EDITS, PAUSE = 200, 0.06  # the gate reads 20 events a second of a session in the long run
FIRST = 20  # edits while the page's own last frames may still come


def family(pid: int) -> list[int]:
    """A process and everything it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [pid, *(one for child in children for one in family(int(child)))]


def memory(pid: int) -> float:
    """Proportional set size of a process and its children, in MB: what is shared counts once."""
    total = 0
    for one in family(pid):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{one}/smaps_rollup").read_text(encoding="utf-8"), re.M)
        total += int(found[1]) if found else 0
    return total / 1024


async def bytes_of_an_edit(teacher: load.Teacher) -> float:
    await teacher.tab.open()
    random, before = Random(2), 0
    for number in range(-FIRST, EDITS):
        if number == 0:
            before = teacher.tab.sent + teacher.tab.received
        await asyncio.sleep(PAUSE)
        await teacher.edit(random)
    await teacher.tab.close()
    assert not teacher.wrong, teacher.wrong[0]
    return (teacher.tab.sent + teacher.tab.received - before) / EDITS


async def opened(people: list[load.Teacher], pid: int) -> float:
    """KB of memory that each of the journals takes after the first hundred."""
    await load.opened(person.tab for person in people[:WARM])
    warm = memory(pid)
    await load.opened(person.tab for person in people[WARM:])
    each = (memory(pid) - warm) * 1024 / (len(people) - WARM)
    await load.closed(person.tab for person in people)
    return each


def run() -> list[Figure]:
    with schools.copied(schools.large()) as copy:
        with teachers.served(copy, SESSIONS) as (server, people):
            httpx.get(f"{server.url}/login", timeout=10).raise_for_status()
            idle = memory(server.process.pid)
            each = asyncio.run(opened(people, server.process.pid))
        with teachers.served(copy, 1) as (_server, (teacher,)):
            size = asyncio.run(bytes_of_an_edit(teacher))
    return [
        at_most(600, "wire per edit, both ways", size, "bytes"),
        at_most(250, "memory of an open journal, after the first hundred", each, "KB"),
        at_most(200, "memory of the idle server (PSS of both processes)", idle, "MB"),
    ]
