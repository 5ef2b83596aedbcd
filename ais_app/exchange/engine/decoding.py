"""From bytes to text: UTF-8 with or without a byte order mark; a problem names what else it looks like."""

from __future__ import annotations

import codecs
import re

from ais_app.exchange.engine import codes
from ais_app.exchange.engine.findings import Findings, Problem

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
# How files begin that are no text, whatever they are called.
_WORKBOOKS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_OFFICE_MEMBERS = (b"[Content_Types].xml", b"xl/", b"mimetype")
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf\x27\x1c")
_NO_TEXT = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"SQLite format 3")
# Encodings of one byte in which Russian files are found; their letters, and those that texts are mostly made of.
_ONE_BYTE = ("windows-1251", "cp866", "koi8-r")
_SMALL = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_FREQUENT = frozenset("оеаинтсрвл")
_AMONG_LATIN = re.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")
_LOOKED_AT = 20_000
_HEAD = 16  # bytes: the names of columns are in plain letters, whatever the rows hold


def decode(file: str, raw: bytes, problems: Findings[Problem]) -> str | None:
    """The text of a file; None with one problem when it is no text in UTF-8."""
    problem = _problem(file, raw)
    if problem is None:
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            problem = _not_utf8(file, raw, error)
    problems.append(problem)
    return None


def _problem(file: str, raw: bytes) -> Problem | None:
    """The problem of a file that is no text by its first bytes; None when it may be UTF-8."""
    head = raw[:_LOOKED_AT]
    if not head.removeprefix(codecs.BOM_UTF8).strip() and len(raw) <= _LOOKED_AT:
        return Problem.of(codes.FILE_EMPTY, file)
    if head.startswith(_WORKBOOKS):
        return Problem.of(codes.WORKBOOK, file)
    if head.startswith(_PACKED):
        office = any(name in head for name in _OFFICE_MEMBERS)
        return Problem.of(codes.WORKBOOK if office else codes.PACKED, file)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "") or _without_mark(head)
    if encoding:
        return Problem.of(codes.OTHER_ENCODING, file, encoding=encoding)
    if head.startswith(_NO_TEXT) or _is_binary(head):
        return Problem.of(codes.NO_TEXT, file)
    return None


def _without_mark(head: bytes) -> str:
    """«UTF-16», «UTF-32» or "", without a byte order mark: of ASCII every second byte is zero, or three of four."""
    first = head[:_HEAD]
    if len(first) < _HEAD:
        return ""
    zeros = [sum(byte == 0 for byte in first[offset::4]) * 4 / len(first) for offset in range(4)]
    if sum(share > 0.9 for share in zeros) == 3:
        return "UTF-32"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    return "UTF-16" if (odd > 1.4 and even < 0.4) or (even > 1.4 and odd < 0.4) else ""


def _is_binary(head: bytes) -> bool:
    """Whether there are too many zero bytes for a text with a stray one in some cell."""
    return head.count(0) >= 10 and head.count(0) * 50 > len(head)


def _not_utf8(file: str, raw: bytes, error: UnicodeDecodeError) -> Problem:
    row = raw[: error.start].count(b"\n") + 1
    encoding = _looks_like(raw[:_LOOKED_AT])
    if encoding:
        return Problem.of(codes.LOOKS_LIKE, file, row, encoding=encoding)
    return Problem.of(codes.NOT_UTF8, file, row)


def _looks_like(head: bytes) -> str:
    """The encoding under which the bytes beyond ASCII are most like a Russian text; "" when they are under none."""
    likeness = {name: _likeness(head.decode(name, errors="replace")) for name in _ONE_BYTE}
    best = max(likeness, key=lambda name: likeness[name])
    return best if likeness[best] else ""


def _likeness(text: str) -> float:
    """How much a text is like Russian, 0 to 2: the share of small and of frequent letters among signs beyond ASCII.

    0 when less than 80 % of them are Russian letters, or many are next to Latin ones.
    """
    signs = [sign for sign in text if ord(sign) > 127]
    if not signs or sum(sign.casefold() in _SMALL for sign in signs) * 10 < len(signs) * 8:
        return 0.0
    if len(_AMONG_LATIN.findall(text)) * 5 > len(signs):
        return 0.0
    return (sum(sign in _SMALL for sign in signs) + sum(sign in _FREQUENT for sign in signs)) / len(signs)
