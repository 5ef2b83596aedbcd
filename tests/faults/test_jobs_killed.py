"""`kill -9` of the server, the worker and their children while a job runs: each of its parts has its effect once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.jobs import asking
from ais_app.jobs.models import Job
from ais_app.jobs.rules import State
from ais_app.rights.rules import server as server_actor
from tests import counting_jobs, servers

_job = table(Job)
PARTS, KILLS = 400, 10


def ask(database) -> str:
    def write(uow) -> str:
        asked = counting_jobs.Counted(parts=PARTS, pause=0.02)
        return asking.ask(uow, counting_jobs.COUNTING, asked, server_actor().author).uid

    return database.write(write)


def state(database, uid: str):
    return database.read(lambda one: one.execute(select(_job).where(_job.c.uid == uid)).one())


def children(pid: int) -> list[int]:
    """The pids of the children of jobs beneath a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            line = (path / "cmdline").read_bytes()
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if b"ais_app.jobs.child" in line and parent == pid:
            found.append(int(path.name))
    return found


def kill_children(pid: int) -> None:
    servers.wait_for(lambda: children(pid), "a child", 30)
    for child in children(pid):
        os.kill(child, signal.SIGKILL)


@contextmanager
def runner(database, folder: Path):
    """A process that runs the kind of the tests, as a server or a worker does."""
    environment = servers.environment(
        folder, 0, {"AIS_DATABASE_URL": database.url.render_as_string(hide_password=False)}
    )
    with (folder / "runner.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.job_runner"], cwd=servers.ROOT, env=environment, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)


def test_a_job_killed_ten_times_has_each_effect_once(database, tmp_path):
    """Ten seeded moments; the runner and its child are killed in turn. SQLite: the next one takes over at once;
    PostgreSQL: when the lease is over.
    """
    uid, random = ask(database), Random(38)
    moments = sorted(random.sample(range(5, PARTS - 20), KILLS))
    with ExitStack() as stack:
        process = stack.enter_context(runner(database, tmp_path))
        for number, moment in enumerate(moments):
            servers.wait_for(lambda moment=moment: state(database, uid).written >= moment, f"part {moment}", 60)
            if number % 2:
                kill_children(process.pid)
            else:
                process.kill()
                process.wait(timeout=10)
                process = stack.enter_context(runner(database, tmp_path))
        servers.wait_for(lambda: state(database, uid).state == State.DONE, "its end", 120)
    assert counting_jobs.effects(database, uid) == dict.fromkeys(range(PARTS), 1)
    assert state(database, uid).written == PARTS


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_server_killed_in_a_check_makes_it_anew(school, tmp_path):
    """The real server and its own kind of job: the child ends with it, the next server checks to the end."""
    from ais_app.control.jobs import VERIFICATION, VerificationAsked

    database, port = school.database, servers.free_port()
    url = database.url.render_as_string(hide_password=False)
    with ExitStack() as stack:
        server = stack.enter_context(servers.running(tmp_path, url, port))
        uid = database.write(lambda uow: asking.ask(uow, VERIFICATION, VerificationAsked(), server_actor().author).uid)
        servers.wait_for(lambda: children(server.workers[0]), "its child", 30)
        (child,) = children(server.workers[0])
        server.kill()
        servers.wait_for(lambda: not Path(f"/proc/{child}").exists(), "the child ends with it", 30)
        assert state(database, uid).state == State.RUNNING
        stack.enter_context(servers.running(tmp_path, url, port))
        servers.wait_for(lambda: state(database, uid).state == State.DONE, "the next server ends it", 60)
