"""Where the socket lies, spelled short enough for the system: an address of a socket holds about 100 bytes."""

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
    """The path of a socket as an address, for as long as the block lasts: of a deep folder by its open descriptor.

    Raises OSError where the folder is not there, or is too deep on a system without `/proc`.
    """
    if len(os.fsencode(path)) <= LONGEST_ADDRESS:
        yield str(path)
        return
    folder = private_files.folder_descriptor(path.parent)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
