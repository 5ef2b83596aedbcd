"""The folder of contents: `ab/cdef…` by their SHA-256; each is whole or not there.

What comes in is written under a random name in `incoming/`, brought to the disk and renamed. A lock of the folder is
shared by those who place contents until their rows are committed; who removes contents without rows takes it alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ais_app import private_files
from ais_app.db.columns import new_uid
from ais_app.files.content import images
from ais_app.files.content.types import IMAGES, FileType, type_of
from ais_app.files.purposes import Purpose

INCOMING, LOCK = "incoming", ".lock"
FORGOTTEN_SECONDS = 3_600  # after which what still lies in `incoming/` is of nobody
_PIECE = 1 << 20
_SHA256 = re.compile("[0-9a-f]{64}")


class Incoming:
    """A file that is being written; `close` removes it unless it was placed."""

    def __init__(self, path: Path) -> None:
        self.path, self.size = path, 0
        self._hash, self._target = hashlib.sha256(), private_files.new(path)

    def write(self, piece: bytes) -> None:
        self._target.write(piece)
        self._hash.update(piece)
        self.size += len(piece)

    def finish(self) -> None:
        """Bring what was written to the disk. Raises OSError."""
        self._target.flush()
        os.fsync(self._target.fileno())
        self._target.close()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        self._target.close()
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Content:
    """What was taken in: where it lies, and what it is."""

    incoming: Incoming
    type: FileType


class FileStore:
    """The contents beneath a folder, which is made when something comes in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the content lies. Raises ValueError for what is no SHA-256."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(sha256)
        return self.folder / sha256[:2] / sha256[2:]

    def incoming(self) -> Incoming:
        """A new file to write into. Raises OSError."""
        for folder in (self.folder, self.folder / INCOMING):
            private_files.make_folder(folder)
        return Incoming(self.folder / INCOMING / new_uid())

    @contextmanager
    def taken_in(self, written: Incoming, purpose: Purpose) -> Iterator[Content]:
        """What was written, once its type is known to be one of the purpose; an image is written anew.

        Nothing of it is left when the context ends, unless it was placed. Raises FileRefused, OSError.
        """
        made: Incoming | None = None
        try:
            written.finish()
            kind = type_of(written.path, purpose.types)
            if kind in IMAGES:
                made = self.incoming()
                made.write(images.written_anew(written.path, kind.value.upper()))
                made.finish()
            yield Content(made or written, kind)
        finally:
            for one in (written, made):
                if one is not None:
                    one.close()

    @contextmanager
    def placed(self, content: Content) -> Iterator[None]:
        """Put the content into its place; within the context its row must be committed. Raises OSError."""
        path = self.path(content.incoming.sha256)
        private_files.make_folder(path.parent)
        with self._locked(fcntl.LOCK_SH):
            content.incoming.path.replace(path)
            for folder in (path.parent, self.folder):
                _flush_folder(folder)
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nothing is placed meanwhile, here or by another process. Raises OSError."""
        with self._locked(fcntl.LOCK_EX):
            yield

    def contents(self) -> Iterator[str]:
        """The SHA-256 of every content that lies here."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                if _SHA256.fullmatch(folder.name + path.name):
                    yield folder.name + path.name

    def strangers(self) -> Iterator[Path]:
        """What lies here and is neither a content nor on its way."""
        for path in sorted(self.folder.rglob("*")) if self.folder.is_dir() else ():
            within = path.relative_to(self.folder).parts
            known = within[0] in (INCOMING, LOCK) or (path.is_dir() and re.fullmatch("[0-9a-f]{2}", path.name))
            if not known and not (len(within) == 2 and _SHA256.fullmatch("".join(within)) and not path.is_symlink()):
                yield path

    def forgotten(self) -> list[Path]:
        """What began to come in and was never finished: its process was killed."""
        oldest = time.time() - FORGOTTEN_SECONDS
        return [path for path in (self.folder / INCOMING).glob("*") if path.stat().st_mtime < oldest]

    def digest(self, sha256: str) -> str | None:
        """The SHA-256 of what really lies in this place; None = nothing does. Raises OSError."""
        try:
            with self.path(sha256).open("rb") as source:
                return hashlib.file_digest(source, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        private_files.make_folder(self.folder)
        opened = private_files.descriptor(self.folder / LOCK)
        try:
            fcntl.flock(opened, how)
            yield
        finally:
            os.close(opened)


def copy_in(store: FileStore, path: Path) -> Incoming:
    """A copy of a file of our own, on its way into the store. Raises OSError."""
    incoming = store.incoming()
    try:
        with path.open("rb") as source:
            while piece := source.read(_PIECE):
                incoming.write(piece)
    except OSError:
        incoming.close()
        raise
    return incoming


def _flush_folder(folder: Path) -> None:
    opened = private_files.folder_descriptor(folder)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
