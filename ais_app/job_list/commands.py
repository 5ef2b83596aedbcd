"""`ais worker`."""

from __future__ import annotations

import asyncio
import signal
import sys

import click

from ais_app import commands
from ais_app.changes import change_of
from ais_app.file_purposes import PURPOSES
from ais_app.files.keeping import JobFiles
from ais_app.files.store import FileStore
from ais_app.i18n import _
from ais_app.job_kinds import JOB_KINDS
from ais_app.jobs.run_of_child import Place
from ais_app.jobs.running import Runner
from ais_app.live.bus import MemoryBus, RedisBus
from ais_app.server_commands.runner import open_database
from ais_app.server_commands.schema import require_present


@click.command(
    cls=commands.Command,
    epilog="Exit codes: 0 ended by SIGTERM or SIGINT, 1 the database cannot be used, 2 wrong use or a wrong setting.",
)
def worker() -> None:
    """Run jobs beside the servers of one PostgreSQL, until SIGTERM.

    Servers run jobs themselves; with AIS_JOBS_AT_ONCE=0 they leave them to this command. Over SQLite one process
    writes, the server, and runs its jobs. Open pages hear of what is written by Redis (AIS_REDIS_URL).
    """
    chosen = commands.chosen_settings()
    if not chosen.database.startswith("postgresql"):
        click.echo(_("Over SQLite the running server runs the jobs itself: there is no worker beside it."), err=True)
        sys.exit(2)
    database = open_database(chosen)
    require_present(database)
    bus = RedisBus(chosen.redis_url) if chosen.redis_url else MemoryBus()
    database.on_commit(lambda announced: bus.publish(*[change_of(event) for event in announced]))
    place = Place(chosen.data)
    keep = JobFiles(FileStore(chosen.files), JOB_KINDS, PURPOSES)
    at_once = max(1, chosen.jobs_at_once)
    runner = Runner(database, JOB_KINDS, place, zone=chosen.timezone, at_once=at_once, keep=keep)
    click.echo("АИС: " + _("the worker waits for jobs"))
    try:
        asyncio.run(_until_signal(runner))
    finally:
        database.close()


async def _until_signal(runner: Runner) -> None:
    running, loop = asyncio.create_task(runner.run()), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        return
