"""Who writes into an embedded database: a lock in the data folder, shared by servers, a command's alone (D-38)."""

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
    """Another command holds the folder for too long, or a server that does not answer."""


class FolderLock:
    """The lock of a data folder. It goes with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = private_files.descriptor(folder / NAME)

    def try_alone(self) -> bool:
        """Take it alone; False when somebody else has it."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def share(self) -> None:
        """A server that starts: from now on other servers may too, a command may not."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1


def take(folder: Path, waiting: Callable[[], None]) -> FolderLock:
    """Take the folder for one writer, once the command before it has ended; `waiting` is called when it has not.

    Raises ServerRuns and FolderBusy.
    """
    lock = FolderLock(folder)
    until, said = time.monotonic() + PATIENCE, False
    while True:
        if client.is_listening(folder):
            lock.release()
            raise ServerRuns
        if lock.try_alone():
            return lock
        if time.monotonic() > until:
            lock.release()
            raise FolderBusy
        if not said:
            waiting()
            said = True
        time.sleep(STEP)
