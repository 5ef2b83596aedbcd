"""The files of a set: a folder or a zip, read within limits. Nothing is ever unpacked to the disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from ais_app.exchange.engine import codes
from ais_app.exchange.engine.declarations import LIMITS, Limits
from ais_app.exchange.engine.findings import Note, Problem

_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".xz", ".bz2")
_BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)


def gather(
    path: Path, names: Collection[str], problems: list[Problem], notes: list[Note], limits: Limits = LIMITS
) -> dict[str, bytes]:
    """{file name without `.csv` in lower case: content} of those files in a folder or zip that `names` wants.

    Everything suspicious about the folder or the archive becomes a problem; then nothing of it is read.
    """
    found: dict[str, bytes] = {}
    spelled: dict[str, str] = {}
    total = 0
    for name, content in _members(path, problems, limits):
        pure = PurePosixPath(name)
        stem = pure.stem.casefold()
        if pure.suffix.casefold() != ".csv" or stem not in names:
            notes.append(Note.of(codes.NOT_OF_FORMAT, name))
            continue
        if stem in spelled:
            problems.append(Problem.of(codes.TWO_OF_A_NAME, name, other=spelled[stem]))
            continue
        spelled[stem] = name
        try:
            data = content()
        except _BROKEN as error:
            problems.append(Problem.of(codes.FILE_UNREADABLE, name, error=type(error).__name__))
            continue
        if data is None:
            problems.append(Problem.of(codes.FILE_TOO_LARGE, name, most=limits.file))
            continue
        total += len(data)
        if total > limits.together:
            problems.append(Problem.of(codes.SET_TOO_LARGE, path.name, most=limits.together))
            break
        found[stem] = data
    return found


class _Content:
    """Reads one member when asked; None when it is larger than allowed."""

    def __init__(self, opened: Callable[[], IO[bytes]], limit: int) -> None:
        self._opened, self._limit = opened, limit

    def __call__(self) -> bytes | None:
        with self._opened() as source:
            data = source.read(self._limit + 1)
        return None if len(data) > self._limit else data


def _members(path: Path, problems: list[Problem], limits: Limits) -> Iterator[tuple[str, _Content]]:
    if path.is_dir():
        yield from _in_folder(path, problems, limits)
        return
    try:
        if path.stat().st_size > limits.together:
            problems.append(Problem.of(codes.FILE_TOO_LARGE, path.name, most=limits.together))
            return
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not _is_litter(one.filename)]
            defects = list(_defects(path, members, limits))
            problems += defects
            if not defects:
                for one in members:
                    yield one.filename, _Content(lambda one=one: archive.open(one), limits.file)
    except _BROKEN as error:
        problems.append(Problem.of(codes.NO_SET, path.name, error=type(error).__name__))


def _in_folder(path: Path, problems: list[Problem], limits: Limits) -> Iterator[tuple[str, _Content]]:
    entries = [one for one in sorted(path.iterdir()) if not _is_litter(one.name)]
    if len(entries) > limits.members:
        problems.append(Problem.of(codes.TOO_MANY_FILES, path.name, most=limits.members))
        return
    for one in entries:
        if one.is_symlink():
            problems.append(Problem.of(codes.FILE_IS_LINK, one.name))
        elif one.is_file():
            yield one.name, _Content(lambda one=one: one.open("rb"), limits.file)


def _is_litter(name: str) -> bool:
    """Files that operating systems leave in folders and archives."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1:] in ((".DS_Store",), ("Thumbs.db",), ("desktop.ini",))


def _defects(path: Path, members: list[zipfile.ZipInfo], limits: Limits) -> Iterator[Problem]:
    """What is wrong with an archive, seen from its directory alone."""
    if len(members) > limits.members:
        yield Problem.of(codes.ARCHIVE_TOO_MANY, path.name, most=limits.members)
        return
    if sum(one.file_size for one in members) > limits.together:
        yield Problem.of(codes.ARCHIVE_TOO_LARGE, path.name, most=limits.together)
    for one in members:
        name = one.filename
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if ".." in parts or name.startswith(("/", "\\")) or ":" in name or "\\" in name:
            yield Problem.of(codes.LEADS_OUT, name)
        if name.casefold().endswith(_ARCHIVES):
            yield Problem.of(codes.NESTED_ARCHIVE, name)
        if one.flag_bits & 0x1:
            yield Problem.of(codes.ENCRYPTED, name)
        if one.file_size > limits.file:
            yield Problem.of(codes.FILE_TOO_LARGE, name, most=limits.file)
        elif one.file_size > 1_000_000 and one.file_size > limits.ratio * max(one.compress_size, 1):
            yield Problem.of(codes.BOMB, name, times=limits.ratio)
