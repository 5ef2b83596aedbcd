"""The files of a set: a folder or a zip, read within limits. Nothing is ever unpacked to the disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from ais_app.exchange.engine import codes
from ais_app.exchange.engine.declarations import LIMITS, Limits
from ais_app.exchange.engine.findings import Findings, Note, Problem

_WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
_OFFICE_MEMBER = "[Content_Types].xml"
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".xz", ".bz2")
_PIECE = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)


def gather(
    path: Path,
    names: Collection[str],
    problems: Findings[Problem],
    notes: Findings[Note],
    limits: Limits = LIMITS,
) -> dict[str, bytes | None]:
    """{file name without `.csv` in lower case: content} of the files in a folder or zip whose names are in `names`.

    Whatever is suspicious about the folder or the archive as a whole is a problem; then nothing of it is read. None is
    the content of a file that could not be read, which is a problem too.
    """
    contents: dict[str, bytes | None] = {}
    spelled: dict[str, str] = {}
    total = 0
    for name, content in _members(path, problems, notes, limits):
        pure = PurePosixPath(name)
        stem = pure.stem.casefold()
        if pure.suffix.casefold() != ".csv" or stem not in names:
            workbook = pure.suffix.casefold() in _WORKBOOKS and stem in names
            notes.append(Note.of(codes.WORKBOOK_BESIDE if workbook else codes.NOT_OF_FORMAT, name))
            continue
        if stem in spelled:
            problems.append(Problem.of(codes.TWO_OF_A_NAME, name, other=spelled[stem]))
            continue
        spelled[stem], contents[stem] = name, None
        try:
            data = content()
        except _BROKEN as error:
            problems.append(Problem.of(codes.FILE_UNREADABLE, name, error=type(error).__name__))
            continue
        if data is None:
            problems.append(Problem.of(codes.FILE_TOO_LARGE, name, most=limits.file))
            continue
        total += len(data)
        if total <= limits.together:
            contents[stem] = data
        elif total - len(data) <= limits.together:
            problems.append(Problem.of(codes.SET_TOO_LARGE, path.name, most=limits.together))
    return contents


class _Content:
    """Reads one member when asked; None when it is larger than allowed."""

    def __init__(self, opened: Callable[[], IO[bytes]], limit: int) -> None:
        self._opened, self._limit = opened, limit

    def __call__(self) -> bytes | None:
        data = bytearray()
        with self._opened() as source:
            while piece := source.read(_PIECE):  # a buffer as large as the limit would be made at once
                data += piece
                if len(data) > self._limit:
                    return None
        return bytes(data)


def _members(
    path: Path, problems: Findings[Problem], notes: Findings[Note], limits: Limits
) -> Iterator[tuple[str, _Content]]:
    if path.is_dir():
        yield from _in_folder(path, problems, notes, limits)
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


def _in_folder(
    path: Path, problems: Findings[Problem], notes: Findings[Note], limits: Limits
) -> Iterator[tuple[str, _Content]]:
    entries = _entries(path)
    for _depth in range(limits.depth):
        if len(entries) != 1 or not _is_real_folder(entries[0]):
            break
        entries = _entries(entries[0])
    else:
        problems.append(Problem.of(codes.FOLDERS_TOO_DEEP, path.name, most=limits.depth))
        return
    if len(entries) > limits.members:
        problems.append(Problem.of(codes.TOO_MANY_FILES, path.name, most=limits.members))
        return
    for one in entries:
        if one.is_symlink():
            problems.append(Problem.of(codes.FILE_IS_LINK, one.name))
        elif one.is_file():
            yield one.name, _Content(lambda one=one: one.open("rb"), limits.file)
        elif one.is_dir():
            notes.append(Note.of(codes.FOLDER_LEFT, one.name))


def _entries(path: Path) -> list[Path]:
    return [one for one in sorted(path.iterdir()) if not _is_litter(one.name)]


def _is_real_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_litter(name: str) -> bool:
    """Whether it is one of the files that operating systems leave in folders and archives."""
    parts = PurePosixPath(name).parts
    if parts[-1:] and parts[-1].startswith(("._", "~$")):
        return True
    return "__MACOSX" in parts or parts[-1:] in ((".DS_Store",), ("Thumbs.db",), ("desktop.ini",))


def _defects(path: Path, members: list[zipfile.ZipInfo], limits: Limits) -> Iterator[Problem]:
    """The problems of an archive by its directory alone."""
    if any(one.filename == _OFFICE_MEMBER for one in members):
        yield Problem.of(codes.WORKBOOK_SET, path.name)
        return
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
