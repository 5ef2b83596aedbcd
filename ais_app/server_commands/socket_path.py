"""The path of the socket, short enough for the system: the address of a socket has at most about 100 bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ais_app import private_files

NAME = "command.sock"
LONGEST_ADDRESS = 100


@contextmanager
def address_of(path: Path) -> Iterator[str]:
    """`path` as the address of a socket, while the block lasts; a long one goes by the folder's open descriptor.

    Raises OSError where the folder of a long path does not exist. A long path needs `/proc`.
    """
    if len(os.fsencode(path)) <= LONGEST_ADDRESS:
        yield str(path)
        return
    folder = private_files.folder_descriptor(path.parent)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
