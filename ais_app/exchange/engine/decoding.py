"""From bytes to text: UTF-8 with or without a mark, everything else named for what it looks like."""

from __future__ import annotations

import codecs

from ais_app.exchange.engine import codes
from ais_app.exchange.engine.findings import Problem

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_CYRILLIC = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")


def decode(file: str, raw: bytes, problems: list[Problem]) -> str | None:
    """The text of a file; None with a problem when it is not UTF-8."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            problems.append(Problem.of(codes.OTHER_ENCODING, file, encoding=name))
            return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        problems.append(Problem.of(codes.LOOKS_CP1251 if _looks_cyrillic(raw) else codes.NOT_UTF8, file, row))
        return None


def _looks_cyrillic(raw: bytes) -> bool:
    """Whether most letters beyond ASCII are Russian ones when read as windows-1251."""
    letters = [sign for sign in raw[:20_000].decode("cp1251", errors="replace").casefold() if ord(sign) > 127]
    return bool(letters) and sum(sign in _CYRILLIC for sign in letters) * 10 > len(letters) * 8
