"""A process that runs the jobs of the tests; `python -m tests.faults.job_runner`, settings in its environment."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ais_app.clock import SystemClock
from ais_app.db import Database
from ais_app.exchange.jobs import IMPORT, TAKING_BACK
from ais_app.jobs.run_of_child import Place
from ais_app.jobs.running import Runner
from ais_app.settings import settings
from tests.counting_jobs import COUNTING

LEASE_SECONDS = 2.0  # of a real one 15: a killed worker's job is taken again after that


def main() -> None:
    chosen = settings()
    database = Database(chosen.database, SystemClock())
    kinds = {kind.name: replace(kind, lease_seconds=LEASE_SECONDS) for kind in (COUNTING, IMPORT, TAKING_BACK)}
    asyncio.run(Runner(database, kinds, Place(chosen.data)).run())


if __name__ == "__main__":
    main()
