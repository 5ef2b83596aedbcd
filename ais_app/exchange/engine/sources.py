"""The files of a set: a folder or a zip, read within limits. Nothing is ever unpacked to the disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

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
            notes.append(Note(name, 0, "", "is not a file of this format and was not read"))
            continue
        if stem in spelled:
            problems.append(
                Problem(name, 0, "", f"stands beside {spelled[stem]}: which of the two counts is not clear")
            )
            continue
        spelled[stem] = name
        try:
            data = content()
        except _BROKEN as error:
            problems.append(Problem(name, 0, "", f"cannot be read ({type(error).__name__})"))
            continue
        if data is None:
            problems.append(Problem(name, 0, "", f"is larger than {limits.file:,} bytes"))
            continue
        total += len(data)
        if total > limits.together:
            problems.append(Problem(path.name, 0, "", f"the files together are larger than {limits.together:,} bytes"))
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
            problems.append(Problem(path.name, 0, "", f"is larger than {limits.together:,} bytes"))
            return
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not _is_litter(one.filename)]
            defects = list(_defects(path, members, limits))
            problems += defects
            if not defects:
                for one in members:
                    yield one.filename, _Content(lambda one=one: archive.open(one), limits.file)
    except _BROKEN as error:
        problems.append(Problem(path.name, 0, "", f"is neither a folder nor a readable zip ({type(error).__name__})"))


def _in_folder(path: Path, problems: list[Problem], limits: Limits) -> Iterator[tuple[str, _Content]]:
    entries = [one for one in sorted(path.iterdir()) if not _is_litter(one.name)]
    if len(entries) > limits.members:
        problems.append(Problem(path.name, 0, "", f"holds more than {limits.members} files"))
        return
    for one in entries:
        if one.is_symlink():
            problems.append(Problem(one.name, 0, "", "is a link, not a file"))
        elif one.is_file():
            yield one.name, _Content(lambda one=one: one.open("rb"), limits.file)


def _is_litter(name: str) -> bool:
    """Files that operating systems leave in folders and archives."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1:] in ((".DS_Store",), ("Thumbs.db",), ("desktop.ini",))


def _defects(path: Path, members: list[zipfile.ZipInfo], limits: Limits) -> Iterator[Problem]:
    """What is wrong with an archive, seen from its directory alone."""
    if len(members) > limits.members:
        yield Problem(path.name, 0, "", f"the archive holds more than {limits.members} files")
        return
    if sum(one.file_size for one in members) > limits.together:
        yield Problem(path.name, 0, "", f"the archive unpacks to more than {limits.together:,} bytes")
    for one in members:
        name = one.filename
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if ".." in parts or name.startswith(("/", "\\")) or ":" in name or "\\" in name:
            yield Problem(name, 0, "", "its name leads out of the archive")
        if name.casefold().endswith(_ARCHIVES):
            yield Problem(name, 0, "", "is an archive within the archive")
        if one.flag_bits & 0x1:
            yield Problem(name, 0, "", "is encrypted")
        if one.file_size > limits.file:
            yield Problem(name, 0, "", f"is larger than {limits.file:,} bytes")
        elif one.file_size > 1_000_000 and one.file_size > limits.ratio * max(one.compress_size, 1):
            yield Problem(name, 0, "", f"unpacks to more than {limits.ratio} times its size")
