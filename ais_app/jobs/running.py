"""The runner: takes jobs that are due, starts a child process for each, writes what it hands back (D-38)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ais_app.db import Database
from ais_app.jobs import schedules, taking
from ais_app.jobs.declared import JobKind
from ais_app.jobs.run_of_child import ChildRun, KeepFile, Place

log = structlog.get_logger("jobs")
LOOK_SECONDS = 0.5


class Runner:
    """Runs the jobs of the declared kinds, `at_once` of them side by side, until its task is cancelled.

    `zone`: by whose clock the schedules are meant. `keep`: what keeps the file of a job.
    """

    def __init__(
        self,
        database: Database,
        kinds: Mapping[str, JobKind],
        place: Place,
        *,
        zone: str = "UTC",
        at_once: int = 1,
        keep: KeepFile | None = None,
    ) -> None:
        self._database, self._kinds, self._place = database, kinds, place
        self._zone, self._at_once, self._keep = zone, at_once, keep
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Run until cancelled; then children end and their jobs wait for the next runner."""
        fresh = self._database.is_sqlite
        try:
            while True:
                try:
                    if fresh:
                        await self._database.awrite(taking.take_over)
                        fresh = False
                    await self._ask_for_what_is_due()
                    await self._start_what_is_due()
                except SQLAlchemyError as error:
                    log.warning("jobs_not_looked_at", error=type(error).__name__)
                await self._pause()
        finally:
            for task in self._running:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*self._running, return_exceptions=True)

    async def _ask_for_what_is_due(self) -> None:
        kinds, zone = list(self._kinds.values()), self._zone
        if await self._database.aread(schedules.is_due, self._database.clock.now(), kinds, zone):
            await self._database.awrite(lambda uow: schedules.run_due(uow, kinds, zone))

    async def _start_what_is_due(self) -> None:
        while len(self._running) < self._at_once:
            now, names = self._database.clock.now(), list(self._kinds)
            if not await self._database.aread(taking.is_due, now, names):
                return
            job = await self._database.awrite(lambda uow: taking.take(uow, self._kinds))
            if job is None:
                return
            run = ChildRun(self._database, self._kinds[job.kind], job, self._place, self._keep)
            task = asyncio.create_task(run.carry_out())
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _pause(self) -> None:
        """Until the next look, or until a place is free."""
        if self._running and len(self._running) >= self._at_once:
            await asyncio.wait(self._running, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(LOOK_SECONDS)
