"""P-15 edits beside a large job: how long a teacher's edit takes until it is committed, alone and while a job writes.

The job is the large demonstration school, once its people are there. SQLite: the runner of this process, as the server
has it. PostgreSQL: `ais worker` in a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select, text

from ais_app.clock import SystemClock, local_date
from ais_app.db import Database, migrations
from ais_app.db.columns import new_uid, table
from ais_app.job_kinds import JOB_KINDS
from ais_app.jobs.models import Job
from ais_app.jobs.run_of_child import Place
from ais_app.jobs.running import Runner
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.ledger import triggers
from ais_app.rights.rules import Role
from ais_app.setup.demo.founding import ZONE
from ais_app.setup.demo.keeping import demonstration_actor
from ais_app.setup.requests import LARGE, Nothing
from tests import databases, servers
from tests.bench.figures import Figure, timed

EDITS, PAUSE = 100, 0.02
FOUNDED, SECONDS = 1_200, 900.0  # parts: the school and its accounts, about 1,130, are there
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
    try:
        with _worker(url, folder) if not database.is_sqlite else nullcontext():
            runner = Runner(database, JOB_KINDS, Place(folder, {"PYTHONPATH": str(servers.ROOT)}))
            task = asyncio.create_task(runner.run()) if database.is_sqlite else None
            await _until(database, uid, FOUNDED)
            beside = await _edits(database, 0)
            assert _row(database, uid).state == "running"
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        alone = await _edits(database, EDITS)
    finally:
        database.close()
    longest = max(beside)
    return [
        timed(f"an edit while a large job writes, {where}", beside, reference=("the same alone", alone)),
        timed(
            f"the longest of {EDITS} of them, {where}", [longest], limit=(100, None), reference=("alone", [max(alone)])
        ),
    ]


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
