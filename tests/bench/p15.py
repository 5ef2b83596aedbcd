"""P-15 edits beside a large job: how long a teacher's edit takes until it is committed, alone and while a job writes.

The job is the large demonstration school: while it is founded (no teacher is there yet: an empty unit of work instead
of an edit), and once its journals are written; then also with a process at full load on the other core, and beside the
nightly check of the record. SQLite: the runner of this process, as the server has it. PostgreSQL: `ais worker` in a
process of its own.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from sqlalchemy import select, text

from ais_app.clock import SystemClock, local_date
from ais_app.control.jobs import VERIFICATION, VerificationAsked
from ais_app.db import Database, migrations
from ais_app.db.columns import new_uid, table
from ais_app.job_kinds import JOB_KINDS
from ais_app.jobs import asking
from ais_app.jobs.child import NICE
from ais_app.jobs.models import Job
from ais_app.jobs.run_of_child import Place
from ais_app.jobs.running import Runner
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.ledger import triggers
from ais_app.rights.rules import Role, operator
from ais_app.setup.demo.founding import ZONE
from ais_app.setup.demo.keeping import demonstration_actor
from ais_app.setup.jobs import LARGE_DEMONSTRATION
from ais_app.setup.requests import LARGE, Nothing
from tests import databases, servers
from tests.bench.figures import Figure, percentile, timed

EDITS, PAUSE = 75, 0.02
BEGUN, FOUNDED, SECONDS = 400, 6_880, 900.0  # parts: some people; the school and its accounts are there
_job = table(Job)

CELLS = """
SELECT course.uid, person.uid, work.uid FROM lesson
JOIN work ON work.lesson_id = lesson.id JOIN course ON course.id = lesson.course_id AND course.graded
JOIN course_teacher ON course_teacher.course_id = course.id
JOIN role_assignment ON role_assignment.person_id = course_teacher.person_id AND role_assignment.role = 'teacher'
JOIN account ON account.id = role_assignment.account_id AND account.login = 'teacher'
JOIN enrollment ON enrollment.group_id = course.group_id AND enrollment.valid_to IS NULL
JOIN person ON person.id = enrollment.person_id
WHERE lesson.day BETWEEN :first AND :last ORDER BY work.id, person.id
"""


def run() -> list[Figure]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    found: list[Figure] = []
    with TemporaryDirectory() as folder:
        found += asyncio.run(_measured(f"sqlite:///{folder}/ais.sqlite3", Path(folder), "SQLite"))
    with servers.postgresql() as server, TemporaryDirectory() as folder:
        found += asyncio.run(_measured(databases.create(server.url), Path(folder), "PostgreSQL, `ais worker`"))
    return found


async def _measured(url: str, folder: Path, where: str) -> list[Figure]:
    database = Database(url, SystemClock())
    migrations.upgrade(database, triggers.install)
    uid = database.write(lambda uow: LARGE.run(uow, Nothing()))["job"]
    beside: dict[str, list[float]] = {}
    try:
        with _worker(url, folder) if not database.is_sqlite else nullcontext():
            async with _runner(database, folder):
                await _until(database, uid, BEGUN)
                founding = await _empty_units(database)
                await _until(database, uid, FOUNDED)
                beside["a large job"] = await _edits(database, 0)
                with _busy():
                    beside["a large job and a process at full load"] = await _edits(database, EDITS)
                assert _row(database, uid).state == "running"
                database.write(lambda uow: asking.stop(uow, operator(), LARGE_DEMONSTRATION, uid))
                async with _checks(database):
                    beside["the nightly check"] = await _edits(database, 2 * EDITS)
        alone = await _edits(database, 3 * EDITS)
        empty = await _empty_units(database)
    finally:
        database.close()
    said = [_said(f"an empty unit beside the founding of a school, {where}", founding, empty)]
    return said + [_said(f"an edit beside {what}, {where}", spent, alone) for what, spent in beside.items()]


def _said(what: str, spent: list[float], alone: list[float]) -> Figure:
    """The budget is for the longest of all."""
    longest, other = max(spent) * 1000, max(alone) * 1000
    figure = timed(f"{what}; the longest {longest:.1f} ms", spent, reference=("the same alone", alone))
    also = f"{figure.reference}, p95 {percentile(alone, 0.95) * 1000:.1f} ms, the longest {other:.1f} ms"
    return replace(figure, limit="longest ≤ 100 ms", met=longest <= 100, reference=also)


@asynccontextmanager
async def _runner(database: Database, folder: Path) -> AsyncIterator[None]:
    """The runner of this process, over SQLite."""
    if not database.is_sqlite:
        yield
        return
    task = asyncio.create_task(Runner(database, JOB_KINDS, Place(folder, {"PYTHONPATH": str(servers.ROOT)})).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _checks(database: Database) -> AsyncIterator[None]:
    """The check of the record, over and over."""
    payload, author = VerificationAsked(), operator().author

    async def ask_always() -> None:
        while True:
            await database.awrite(lambda uow: asking.ask(uow, VERIFICATION, payload, author, key="bench"))
            await asyncio.sleep(0.5)

    task = asyncio.create_task(ask_always())
    running = select(_job.c.id).where(_job.c.kind == VERIFICATION.name, _job.c.state == "running")
    try:
        until = time.monotonic() + 60
        while not await database.aread(lambda one: one.execute(running).first()):
            assert time.monotonic() < until
            await asyncio.sleep(0.05)
        yield
    finally:
        task.cancel()


@contextmanager
def _busy() -> Iterator[None]:
    """A process that never rests, at the priority of children."""
    process = subprocess.Popen([sys.executable, "-c", f"import os\nos.nice({NICE})\nwhile True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


async def _empty_units(database: Database) -> list[float]:
    """Seconds of units of work that do nothing, until their commit is known."""
    spent: list[float] = []
    for _number in range(EDITS):
        begun = time.perf_counter()
        await database.awrite(lambda uow: uow.execute(select(_job.c.id).limit(1)))
        spent.append(time.perf_counter() - begun)
        await asyncio.sleep(PAUSE)
    return spent


@contextmanager
def _worker(url: str, folder: Path) -> Iterator[None]:
    environment = {**os.environ, "AIS_DATABASE_URL": url, "AIS_DATA_DIR": str(folder), "PYTHONPATH": str(servers.ROOT)}
    environment.pop("AIS_CLOCK", None)
    process = subprocess.Popen([sys.executable, "-m", "ais_app.cli", "worker"], cwd=servers.ROOT, env=environment)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _row(database: Database, uid: str) -> Any:
    return database.read(lambda one: one.execute(select(_job).where(_job.c.uid == uid)).one())


async def _until(database: Database, uid: str, written: int) -> None:
    until = time.monotonic() + SECONDS
    while _row(database, uid).written < written:
        if time.monotonic() > until or _row(database, uid).state == "failed":
            raise TimeoutError(str(_row(database, uid)))
        await asyncio.sleep(0.2)


async def _edits(database: Database, first: int) -> list[float]:
    """Seconds of each edit of one mark, from its submission until its commit is known."""
    today = local_date(database.clock.now(), ZONE)
    days = {"first": today - timedelta(days=6), "last": today - timedelta(days=1)}
    cells = database.read(lambda one: one.execute(text(CELLS), days).all())[first : first + EDITS]
    assert len(cells) == EDITS
    actor = database.read(demonstration_actor, "teacher", Role.TEACHER, database.clock.now())
    spent: list[float] = []
    for course, student, work in cells:
        operation = MarksOperation(new_uid(), course, [MarkEntry(student, work, "5", 0)])
        begun = time.perf_counter()
        await database.awrite(lambda uow, one=operation: enter_marks(uow, actor, one), shard=actor.hat.school_uid)
        spent.append(time.perf_counter() - begun)
        await asyncio.sleep(PAUSE)
    return spent
