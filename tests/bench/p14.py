"""P-14 start: `ais run` over a school with a year of data until it answers that it is ready."""

from __future__ import annotations

from subprocess import run as execute
from sys import executable
from time import perf_counter

from tests import servers
from tests.bench import schools
from tests.bench.figures import Figure, timed, took

STARTS = 5


IMPORTING = [executable, "-c", "import reflex, sqlmodel, granian"]


def run() -> list[Figure]:
    found, bare = [], []
    with schools.copied(schools.large()) as copy:
        for _start in range(STARTS):
            begun = perf_counter()
            with copy.served():
                found.append(perf_counter() - begun)
            bare.append(took(lambda: execute(IMPORTING, cwd=servers.ROOT, check=True)))
    return [
        timed(
            "`ais run` → ready, 394,000 marks",
            found,
            limit=(3000, None),
            reference=("Python importing Reflex, SQLModel and granian", bare),
        )
    ]
