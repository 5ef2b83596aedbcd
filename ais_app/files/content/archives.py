"""Zip archives: whole, of nothing else beside, and no larger when unpacked than is allowed."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from ais_app.files.errors import FileRefused
from ais_app.i18n import _

MEMBERS, UNPACKED, RATIO = 1_000, 1024**3, 200  # files, bytes of all of them, times of the packed size
RATIO_FROM = 1_000_000  # bytes; smaller ones may be packed as well as they can
_END, _END_SIZE = b"PK\x05\x06", 22
_OFFICE, _WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"
_BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)


def is_workbook(path: Path) -> bool:
    """Whether the directory of an archive is that of a workbook. Raises FileRefused for another document of Office."""
    names = {one.filename for one in _members(path)[0]}
    if _OFFICE in names and _WORKBOOK not in names:
        raise FileRefused(_("This is a document of an office program, but no workbook."))
    return _OFFICE in names


def check(path: Path) -> None:
    """Raises FileRefused: damaged, with something before or behind it, encrypted, or larger than allowed."""
    members, comment = _members(path)
    size = path.stat().st_size
    if not members:
        raise FileRefused(_("The archive is empty."))
    if min(one.header_offset for one in members) != 0 or _tail(path, _END_SIZE + len(comment))[:4] != _END:
        raise FileRefused(_("The file is of two kinds at once."))
    with path.open("rb") as source:
        if b"%PDF-" in source.read(1024):  # programs look for it there
            raise FileRefused(_("The file is of two kinds at once."))
    if any(one.flag_bits & 0x1 for one in members):
        raise FileRefused(_("The archive is encrypted."))
    if len(members) > MEMBERS or sum(one.file_size for one in members) > UNPACKED or _is_bomb(members, size):
        raise FileRefused(_("The archive unpacks to more than is allowed."))


def _is_bomb(members: list[zipfile.ZipInfo], size: int) -> bool:
    """Whether members lie over one another, or one is packed tighter than contents of tables are."""
    if sum(one.compress_size for one in members) > size or len({one.header_offset for one in members}) < len(members):
        return True
    large = (one for one in members if one.file_size > RATIO_FROM)
    return any(one.file_size > RATIO * max(one.compress_size, 1) for one in large)


def _members(path: Path) -> tuple[list[zipfile.ZipInfo], bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist(), archive.comment
    except _BROKEN as error:
        raise FileRefused(_("The archive is damaged.")) from error


def _tail(path: Path, size: int) -> bytes:
    with path.open("rb") as source:
        source.seek(-min(size, path.stat().st_size), 2)
        return source.read()
