"""`kill -9` of `ais worker`, its children and the server beside it, over PostgreSQL and Redis: a real job, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from random import Random

from sqlalchemy import text

from ais_app.clock import SystemClock, local_date
from ais_app.db import Database, migrations
from ais_app.jobs import asking
from ais_app.jobs.rules import State
from ais_app.ledger import triggers, verifying
from ais_app.rights.rules import operator
from ais_app.setup.demo import founding_parts, parts, people
from ais_app.setup.demo.founding import ZONE
from ais_app.setup.jobs import LARGE_DEMONSTRATION
from ais_app.setup.requests import LARGE, Nothing
from tests import databases, servers
from tests.faults.test_jobs_killed import kill_children, state
from tests.unit.whole_record import record_faults

LAST = 450  # parts: the people are there, guardians are being added
OPERATIONS = "SELECT count(*) FROM operation WHERE chain_id LIKE 'school:%'"


@contextmanager
def worker(folder: Path, url: str, redis: str) -> Iterator[subprocess.Popen[bytes]]:
    said = {"AIS_DATABASE_URL": url, "AIS_REDIS_URL": redis}
    environment = servers.environment(folder, 0, said)
    del environment["AIS_CLOCK"]  # a lease is over by the real clock
    with (folder / "worker.log").open("ab") as log:
        command = [sys.executable, "-m", "ais_app.cli", "worker"]
        process = subprocess.Popen(command, cwd=servers.ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)


def test_server_worker_and_children_killed_write_each_part_once(tmp_path):
    """The large school is being founded by `ais worker`; the server of the installation runs no jobs itself."""
    moments = iter(sorted(Random(15).sample(range(10, LAST - 20), 5)))
    with ExitStack() as stack:
        url = databases.create(stack.enter_context(servers.postgresql()).url)
        redis = stack.enter_context(servers.redis()).url
        database = Database(url, SystemClock())
        stack.callback(database.close)
        migrations.upgrade(database, triggers.install)
        today = local_date(database.clock.now(), ZONE)
        uid = database.write(lambda uow: LARGE.run(uow, Nothing()))["job"]
        beside = {"AIS_REDIS_URL": redis, "AIS_JOBS_AT_ONCE": "0"}
        server = stack.enter_context(servers.running(tmp_path, url, 0, **beside))
        process = stack.enter_context(worker(tmp_path, url, redis))
        for victim in ("child", "worker", "server", "child", "worker"):
            moment = next(moments)
            reached = lambda moment=moment: state(database, uid).written >= moment  # noqa: E731
            servers.wait_for(reached, f"part {moment}", 90)
            if victim == "child":
                kill_children(process.pid)
            elif victim == "worker":
                os.kill(process.pid, signal.SIGKILL)
                process.wait(timeout=10)
                process = stack.enter_context(worker(tmp_path, url, redis))
            else:
                server.kill()
        servers.wait_for(lambda: state(database, uid).written >= LAST, "the guardians", 90)
        database.write(lambda uow: asking.stop(uow, operator(), LARGE_DEMONSTRATION, uid))
        servers.wait_for(lambda: state(database, uid).state == State.STOPPED, "its end", 60)
        written = state(database, uid).written
        assert operations(database) == sum(1 + (one["do"] == "class") for one in first_parts(database, today, written))
        assert database.read(lambda one: list(verifying.verify(one))) == []
        assert record_faults(database) == []


def operations(database: Database) -> int:
    return database.read(lambda one: one.execute(text(OPERATIONS)).scalar_one())


def first_parts(database: Database, today, written: int) -> list[parts.Part]:
    """The parts that were to be written, as a child that begins anew makes them now."""

    def read(connection):
        every = (
            part
            for step in founding_parts.STEPS
            for part in parts.of_step(connection, today, step, people.large_roster())
        )
        return list(islice(every, written))

    return database.read(read)
