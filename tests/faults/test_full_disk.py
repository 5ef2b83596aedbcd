"""A full disk: edits are refused with an id and kept by the client, reading goes on, and all of it heals by itself."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ais_app.db import Database
from tests import servers
from tests.builders import PASSWORD
from tests.faults import checks
from tests.faults.burst import EDITS, answered, check_everything_is_there_once, let_go, typing

SMALL = 32 * 1024 * 1024


class Quota:
    """No file of the server may grow beyond what the write-ahead log soon needs: the kernel refuses the write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, server: servers.Server) -> None:
        self._limit(server, 256 * 1024)

    def free(self, server: servers.Server) -> None:
        self._limit(server, resource.RLIM_INFINITY)

    def _limit(self, server: servers.Server, size: int) -> None:
        for pid in server.workers:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class SmallDisk:
    """A real file system that is full to the last byte, with database, data folder and log on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, _server: servers.Server) -> None:
        with self._ballast.open("wb", buffering=0) as ballast:
            for block in (1 << 20, 1 << 12, 1):
                try:
                    while ballast.write(b"x" * block):
                        pass
                except OSError:
                    continue

    def free(self, _server: servers.Server) -> None:
        self._ballast.unlink()


@contextmanager
def quota(folder: Path) -> Iterator[Quota]:
    yield Quota(folder)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    mounted = folder / "disk"
    mounted.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "ais-full-disk", mounted]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no right to mount a small file system: the quota stands for it")
    try:
        yield SmallDisk(mounted)
    finally:
        subprocess.run(["umount", "--lazy", mounted], check=True)


@pytest.mark.parametrize("make", [quota, small_disk])
def test_a_full_disk_loses_nothing_and_heals(templates, clock, tmp_path, make: Callable):
    with make(tmp_path) as disk, templates.copy("sqlite", disk.folder, "small school") as url:
        database = Database(url, clock)
        school = templates.school("sqlite", database)
        with servers.running(disk.folder, url) as server, typing(school, [lambda: server.url], held=True) as typists:
            mother = checks.session_not_seen_lately(database, server, "mother")
            servers.wait_for(lambda: answered(typists) > EDITS // 10, "a burst in full swing")
            disk.fill(server)
            let_go(typists)
            servers.wait_for(lambda: all(typist.notices for typist in typists), "each client is told")
            checks.check_reading_goes_on(server, mother)
            checks.check_nothing_is_half_written(database, typists)
            if make is quota:  # on the small disk there was no room for the log either
                checks.check_each_refusal_has_an_id(server, typists)
                checks.check_page_says_so(server, sign_in_refused(server))
            disk.free(server)
            for typist in typists:
                typist.finish()
            assert server.process.poll() is None
        check_everything_is_there_once(database, typists)
        database.close()


def sign_in_refused(server: servers.Server) -> httpx.Response:
    """A sign-in writes: there is no room for it."""
    form = {"login": "historian", "password": PASSWORD}
    return httpx.post(f"{server.url}/login", data=form, headers={"origin": server.url}, timeout=20)
