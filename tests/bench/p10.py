"""P-10 the ledger: what appending costs of an edit's time in the writer, and how fast a chain is verified."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from ais_app.db import UnitOfWork
from ais_app.journal.grid.service import marks
from ais_app.ledger import queries, service
from tests.bench import reference, schools, teachers
from tests.bench.figures import Figure, at_least, at_most, median, timed, took
from tests.servers import ROOT

EDITS, WARM = 550, 50


class Watch:
    """Adds up the time in the ledger's functions while edits run."""

    def __init__(self) -> None:
        self.spent = 0.0

    def around(self, function):
        def watched(*arguments, **named):
            begun = perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.spent += perf_counter() - begun

        return watched


def edits(copy: schools.Copy) -> tuple[list[float], list[float], list[float]]:
    """Seconds of each edit until it is committed, of its unit of work alone, and of the ledger's part in that."""
    (course,) = teachers.chosen(copy, 1)
    actor, operations = teachers.operations(copy, course, Random(6))
    committed, whole, parts, watch = [], [], [], Watch()
    original = service.lock, service.append_entry
    service.lock, service.append_entry = watch.around(service.lock), watch.around(service.append_entry)
    try:
        for operation in islice(operations, WARM + EDITS):

            def work(uow: UnitOfWork, operation: marks.MarksOperation = operation) -> None:
                before = watch.spent
                whole.append(took(lambda: marks.enter_marks(uow, actor, operation)))
                parts.append(watch.spent - before)

            committed.append(took(lambda work=work: copy.database.write(work, shard=actor.hat.school_uid)))
    finally:
        service.lock, service.append_entry = original
    return committed[WARM:], whole[WARM:], parts[WARM:]


def bare_hashes(count: int) -> float:
    """SHA-256 operations a second over texts as long as an operation of one mark."""
    text = "x" * 700
    begun = perf_counter()
    for _one in range(count):
        sha256(text.encode()).hexdigest()
    return count / (perf_counter() - begun)


VERIFY = """
import sys, time
from ais_app.ledger import parallel_verification
begun = time.perf_counter()
assert not list(parallel_verification.verify(sys.argv[1], int(sys.argv[2])))
print(time.perf_counter() - begun)
"""


def verified(url: str, processes: int) -> float:
    """Seconds of `ais verify` past the start of Python, in a process of its own as the command is."""
    command = [sys.executable, "-c", VERIFY, url, str(processes)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True)
    return float(done.stdout)


def share(what: str, parts: list[float], of: list[float]) -> Figure:
    return at_most(20, f"the ledger's share of {what}", 100 * median(parts) / median(of), "%")


def run() -> list[Figure]:
    with TemporaryDirectory(prefix="ais-bench-") as name, schools.copied(schools.large()) as copy:
        committed, whole, parts = edits(copy)
        inserts = reference.inserts(Path(name), EDITS)
        operations = copy.database.read(queries.count)
        alone, together = verified(copy.url, 1), verified(copy.url, 0)
    hashes = bare_hashes(100_000)
    return [
        timed("an edit, submitted to the writer → committed", committed),
        timed("its unit of work, without the commit", whole),
        timed("its part in the ledger", parts, reference=("bare insert", inserts)),
        share("the edit with its commit", parts, committed),
        share("its unit of work, without the commit", parts, whole),
        at_least(
            50_000,
            f"verification ({operations:,} operations of six items each, free texts too), a process for each processor",
            operations / together,
            "operations/s",
            reference=f"bare SHA-256: {hashes:,.0f}/s",
            ratio=operations / together / hashes,
        ),
        Figure("the same in one process", operations / alone, unit="operations/s"),
    ]
