"""A process that runs the jobs of the tests; `python -m tests.faults.job_runner`, settings in its environment."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ais_app.clock import SystemClock
from ais_app.db import Database
from ais_app.exchange.files import PURPOSES
from ais_app.exchange.jobs import IMPORT, TAKING_BACK
from ais_app.files.keeping import JobFiles
from ais_app.files.store import FileStore
from ais_app.jobs.run_of_child import Place
from ais_app.jobs.running import Runner
from ais_app.settings import settings
from tests.counting_jobs import COUNTING

LEASE_SECONDS = 2.0  # of a real one 15: a killed worker's job is taken again after that
SLOW = (
    replace(IMPORT, write="tests.faults.slow_pieces:write_steps"),
    replace(TAKING_BACK, write="tests.faults.slow_pieces:write_back"),
)


def main() -> None:
    chosen = settings()
    database = Database(chosen.database, SystemClock())
    kinds = {kind.name: replace(kind, lease_seconds=LEASE_SECONDS) for kind in (COUNTING, *SLOW)}
    keep = JobFiles(FileStore(chosen.files), kinds, {purpose.name: purpose for purpose in PURPOSES})
    asyncio.run(Runner(database, kinds, Place(chosen.data), keep=keep).run())


if __name__ == "__main__":
    main()
