"""Text in UTF-8, UTF-16 with its mark, or Windows-1251; no markup and no script."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

_PIECE = 1 << 20
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ACTIVE = ("<", "#!", "%!", "{\\rtf", "MZ")


def is_text(path: Path) -> bool:
    """Whether the whole file can be read as a text in one of the encodings, and as nothing that is run or rendered."""
    with path.open("rb") as source:
        marked = source.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    read = (_is_plain(path, encoding) for encoding in (("utf-16",) if marked else ("utf-8-sig", "cp1251")))
    return next((plain for plain in read if plain is not None), False)


def _is_plain(path: Path, encoding: str) -> bool | None:
    """Whether the text is without control characters and active beginnings; None = it is not of this encoding."""
    decoder, begins, plain = codecs.getincrementaldecoder(encoding)(), True, True
    try:
        with path.open("rb") as source:
            while piece := source.read(_PIECE):
                text = decoder.decode(piece)
                active = begins and text.lstrip().startswith(_ACTIVE)
                plain = plain and not active and not _CONTROL.search(text)
                begins = begins and not text.strip()
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return plain
