"""Files that only their owner may read: 0600, and 0700 for folders, whatever the umask of who starts it (S-74)."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

FILE, FOLDER, OTHERS = 0o600, 0o700, 0o077
# What SQLite keeps beside a database. It gives these files the mode of the database itself.
BESIDE_DATABASE = ("-wal", "-shm", "-journal")


def close_to_others() -> int:
    """Let this process and its children make files for their owner alone from now on; returns the umask of before."""
    return os.umask(OTHERS)


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone; one that is there already is closed to others. Raises OSError."""
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    close(folder)


def make_file(path: Path) -> None:
    """Make an empty file for its owner alone, or close the one that is there, before anybody writes into it."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE))
    except FileExistsError:
        close(path)


def descriptor(path: Path) -> int:
    """An open descriptor of a file that only its owner may read: made when it is not there, else closed to others."""
    make_file(path)
    return os.open(path, os.O_RDWR)


def folder_descriptor(folder: Path) -> int:
    """An open descriptor of a folder, for short paths through `/proc/self/fd`. Raises OSError."""
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)


def new(path: Path) -> BinaryIO:
    """Make a new file for its owner alone and open it for writing. Raises FileExistsError, OSError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE), "wb")


def write_new(path: Path, content: bytes) -> None:
    """Write a new file for its owner alone. Raises FileExistsError, OSError."""
    with new(path) as target:
        target.write(content)


def make_once(path: Path, content: bytes) -> None:
    """Make a file for its owner alone, whole or not at all: of processes that start together one wins, and its content
    stays. Raises OSError.
    """
    make_folder(path.parent)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    write_new(aside, content)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass  # another process was first: what it wrote is what all read
    finally:
        aside.unlink()


def append(path: Path, content: bytes) -> None:
    """Write behind what stands in a file of its owner, at once and whole, and wait for the disk. Raises OSError."""
    make_file(path)
    target = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        before = os.fstat(target).st_size
        if os.write(target, content) < len(content):  # the disk is full: half of it would be worse than nothing
            os.ftruncate(target, before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(target)
    finally:
        os.close(target)


def flush(path: Path) -> None:
    """Wait until a file and its name in its folder are on the disk. Raises OSError."""
    for opened in (os.open(path, os.O_RDONLY), folder_descriptor(path.parent)):
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def close(path: Path) -> None:
    """Take every permission from group and others, where the file is ours; somebody else's is left as it is."""
    status = path.stat()
    if status.st_mode & OTHERS and status.st_uid == os.geteuid():
        path.chmod(status.st_mode & ~OTHERS & 0o7777)


def close_all(folder: Path, names: Iterable[str]) -> None:
    """Close what matches these patterns in `folder`, folders with all that is in them; no link is followed."""
    for name in names:
        for found in folder.glob(name):
            for path in (found, *(found.rglob("*") if found.is_dir() and not found.is_symlink() else ())):
                if not path.is_symlink():
                    close(path)


def is_open(path: Path) -> bool:
    """Whether anybody but the owner has a permission on it."""
    return bool(path.stat().st_mode & OTHERS)


def close_database(path: Path) -> None:
    """Make or close a database file of SQLite and close the files beside it; nothing where its folder is missing."""
    if not path.parent.is_dir():
        return
    make_file(path)
    for ending in BESIDE_DATABASE:
        beside = path.with_name(path.name + ending)
        if beside.exists():
            close(beside)
