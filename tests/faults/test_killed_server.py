"""`kill -9` during a burst: what was acknowledged is there once, the clients finish the rest by themselves."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack

import pytest

from tests import servers
from tests.faults.burst import EDITS, answered, check_everything_is_there_once, let_go, operations, typing


@pytest.mark.parametrize("database_kind", ["sqlite"])  # PostgreSQL: test_restarts.py
def test_a_killed_server_loses_nothing_of_five_hundred_edits(school, tmp_path):
    database, port = school.database, servers.free_port()
    url = database.url.render_as_string(hide_password=False)
    with servers.running(tmp_path, url, port) as server, typing(school, [lambda: server.url], held=True) as typists:
        servers.wait_for(lambda: answered(typists) > EDITS // 4, "a burst in full swing")
        let_go(typists)
        server.kill()
        for typist in typists:
            assert typist.offline.wait(10)
        known = {uid for typist in typists for uid in typist.acknowledged}
        assert EDITS // 4 < len(known) < EDITS
        kept = operations(database)
        assert known <= set(kept)
        assert len(kept) == len(set(kept))
        with servers.running(tmp_path, url, port):
            for typist in typists:
                typist.finish()
    check_everything_is_there_once(database, typists)


KILLS, BETWEEN, LONG = 10, 150, 40


@pytest.mark.deep(twin="tests/faults/test_killed_server.py::test_a_killed_server_loses_nothing_of_five_hundred_edits")
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_server_killed_ten_times_loses_nothing_of_two_thousand_edits(school, tmp_path):
    database, port = school.database, servers.free_port()
    url = database.url.render_as_string(hide_password=False)
    with ExitStack() as stack:
        server = stack.enter_context(servers.running(tmp_path, url, port))
        typists = stack.enter_context(typing(school, [lambda: f"http://127.0.0.1:{port}"], LONG))
        for kill in range(1, KILLS + 1):
            servers.wait_for(lambda wanted=kill * BETWEEN: answered(typists) > wanted, "they go on typing", 60)
            server.kill()
            server = stack.enter_context(servers.running(tmp_path, url, port))
        for typist in typists:
            typist.finish()
    check_everything_is_there_once(database, typists)


def test_a_killed_worker_is_replaced_without_anybodys_help(school, tmp_path):
    """The kernel takes the process that needs most memory: the launcher starts another one, the clients go on."""
    url = school.database.url.render_as_string(hide_password=False)
    with servers.running(tmp_path, url) as server, typing(school, [lambda: server.url], held=True) as typists:
        servers.wait_for(lambda: answered(typists) > EDITS // 4, "a burst in full swing")
        (worker,) = server.workers
        let_go(typists)
        os.kill(worker, signal.SIGKILL)
        for typist in typists:
            typist.finish()
        assert server.process.poll() is None
        assert server.workers != [worker]
    check_everything_is_there_once(school.database, typists)
