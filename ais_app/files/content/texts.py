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
    return any(_reads(path, encoding) for encoding in (("utf-16",) if marked else ("utf-8-sig", "cp1251")))


def _reads(path: Path, encoding: str) -> bool:
    decoder, begins = codecs.getincrementaldecoder(encoding)(), True
    try:
        with path.open("rb") as source:
            while piece := source.read(_PIECE):
                text = decoder.decode(piece)
                if _CONTROL.search(text) or (begins and text.lstrip().startswith(_ACTIVE)):
                    return False
                begins = begins and not text.strip()
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
