"""Files that travel by the page of exchange: sets that were sent, reports, slips, exports; for their owner only.

They lie in the data folder under the uid of their job, or under a random one, and go after some days.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import BinaryIO, cast

from ais_app import private_files
from ais_app.db.columns import new_uid
from ais_app.settings import settings

LARGEST = 200 * 1024 * 1024  # bytes of a set that is sent
KEPT_DAYS = 14
SET, REPORT, SLIPS, EXPORT, COUNTS = "set.zip", "report.csv", "slips.pdf", "export.zip", "counts.json"


def folder() -> Path:
    return settings().data / "exchange"


def path_of(uid: str, what: str) -> Path:
    """The file `what` (one of the names above) of a job or an upload."""
    return folder() / f"{uid}.{what}"


def new_stream() -> BinaryIO:
    """A file without a name, for what is being received; gone when it is closed. Raises OSError."""
    private_files.make_folder(folder())
    return cast("BinaryIO", tempfile.TemporaryFile(dir=folder()))


def store(stream: BinaryIO) -> str:
    """Keep what somebody sent; returns the uid under which it is kept. Raises OSError."""
    private_files.make_folder(folder())
    _remove_old()
    uid = new_uid()
    with private_files.new(path_of(uid, SET)) as target:
        shutil.copyfileobj(stream, target)
    return uid


def keep(uid: str, what: str, content: bytes) -> None:
    """Keep a file of a job, in the place of one of an earlier attempt. Raises OSError."""
    private_files.make_folder(folder())
    path = path_of(uid, what)
    path.unlink(missing_ok=True)
    private_files.write_new(path, content)
    private_files.flush(path)


def _remove_old() -> None:
    oldest = time.time() - KEPT_DAYS * 86_400
    for path in folder().iterdir():
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
