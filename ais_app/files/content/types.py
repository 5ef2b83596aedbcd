"""Types of files that may be stored, and which of them a file is."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

from ais_app.files.content import archives, documents, images, texts
from ais_app.files.errors import FileRefused
from ais_app.i18n import _


class FileType(StrEnum):
    """The value stands in the database."""

    ZIP = "zip"
    XLSX = "xlsx"
    CSV = "csv"
    TEXT = "text"
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"


ENDINGS = {one: f".{one}" for one in FileType} | {FileType.TEXT: ".txt", FileType.JPEG: ".jpg"}
MEDIA = {
    FileType.ZIP: "application/zip",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.CSV: "text/csv",
    FileType.TEXT: "text/plain",
    FileType.PDF: "application/pdf",
    FileType.PNG: "image/png",
    FileType.JPEG: "image/jpeg",
}
IMAGES = frozenset({FileType.PNG, FileType.JPEG})
_BEGINNINGS = {
    b"PK\x03\x04": FileType.ZIP,
    b"%PDF-": FileType.PDF,
    images.PNG_SIGNATURE: FileType.PNG,
    b"\xff\xd8\xff": FileType.JPEG,
}
_LONGEST_BEGINNING = 8


def type_of(path: Path, allowed: Collection[FileType]) -> FileType:
    """Which of the allowed types the content is, its structure checked. Raises FileRefused."""
    with path.open("rb") as source:
        head = source.read(_LONGEST_BEGINNING)
    if not head:
        raise FileRefused(_("The file is empty."))
    found = next((kind for begin, kind in _BEGINNINGS.items() if head.startswith(begin)), None)
    if found is None:
        return _text(path, allowed)
    if found is FileType.ZIP and archives.is_workbook(path):
        found = FileType.XLSX
    if found not in allowed:
        raise _other(allowed)
    if found in (FileType.ZIP, FileType.XLSX):
        archives.check(path)
    elif zipfile.is_zipfile(path):
        raise FileRefused(_("The file is of two kinds at once."))
    elif found is FileType.PDF:
        documents.check(path)
    return found


def _text(path: Path, allowed: Collection[FileType]) -> FileType:
    found = next((one for one in (FileType.CSV, FileType.TEXT) if one in allowed), None)
    if found is None or not texts.is_text(path) or zipfile.is_zipfile(path):
        raise _other(allowed)
    return found


def _other(allowed: Collection[FileType]) -> FileRefused:
    named = ", ".join(sorted(ENDINGS[one].removeprefix(".").upper() for one in allowed))
    return FileRefused(_("This is a file of another kind. What fits: {types}.").format(types=named))
