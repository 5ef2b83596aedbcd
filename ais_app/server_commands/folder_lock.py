"""The lock of the data folder, held by who writes an embedded database: servers share it, commands do not (D-38)."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

from ais_app import private_files
from ais_app.server_commands import client

NAME = "ais.lock"
PATIENCE, STEP = 60.0, 0.1  # seconds


class ServerRuns(Exception):  # noqa: N818 - reads as what it is
    """A server answers in this data folder: it alone writes there."""


class FolderBusy(Exception):  # noqa: N818 - reads as what it is
    """Another command, or a server that does not listen, has held the lock for `PATIENCE` seconds."""


class FolderLock:
    """The lock of a data folder. The system releases it when the process ends, however that happens."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = private_files.descriptor(folder / NAME)

    def try_alone(self) -> bool:
        """Take the lock exclusively; False when another process has it."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def share(self) -> None:
        """Share the lock: from now on other servers may take it too, commands may not."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1


def take(folder: Path, waiting: Callable[[], None]) -> FolderLock:
    """Take the lock exclusively, once other commands have released it; `waiting` is called once when one has not.

    Raises ServerRuns and FolderBusy.
    """
    lock = FolderLock(folder)
    until, told = time.monotonic() + PATIENCE, False
    while True:
        if client.is_listening(folder):
            lock.release()
            raise ServerRuns
        if lock.try_alone():
            return lock
        if time.monotonic() > until:
            lock.release()
            raise FolderBusy
        if not told:
            waiting()
            told = True
        time.sleep(STEP)
