"""A runner of jobs within a test, with real children."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from ais_app.db import Database
from ais_app.db.columns import table
from ais_app.file_purposes import PURPOSES
from ais_app.files.keeping import JobFiles
from ais_app.files.store import FileStore
from ais_app.job_kinds import JOB_KINDS
from ais_app.jobs.declared import JobKind
from ais_app.jobs.models import Job
from ais_app.jobs.rules import OPEN
from ais_app.jobs.run_of_child import KeepFile, Place
from ais_app.jobs.running import Runner
from tests.servers import ROOT

_job = table(Job)


def run_until(
    database: Database,
    condition: Callable[[], bool],
    folder: Path,
    kinds: Mapping[str, JobKind] = JOB_KINDS,
    keep: KeepFile | None = None,
) -> None:
    """Run jobs until the condition holds; then the runner stops."""

    async def run() -> None:
        place = Place(folder, {"PYTHONPATH": str(ROOT)})
        kept = keep or JobFiles(FileStore(folder / "files"), kinds, PURPOSES)
        task = asyncio.create_task(Runner(database, kinds, place, keep=kept).run())
        try:
            async with asyncio.timeout(60):
                while not await asyncio.to_thread(condition):
                    await asyncio.sleep(0.02)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(run())


def jobs_to_their_end(database: Database, folder: Path) -> None:
    """Run every job that waits."""
    open_ones = select(_job.c.id).where(_job.c.state.in_(OPEN))
    run_until(database, lambda: database.read(lambda one: one.execute(open_ones).first()) is None, folder)
