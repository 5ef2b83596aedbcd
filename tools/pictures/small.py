"""Pictures of few bytes: at most 256 colours, none of them far from what the browser drew.

The browser decodes its own picture and chooses the colours, because it is fast at both; the file is written here.
A palette PNG: https://www.w3.org/TR/png-3/ (colour type 3).
"""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Browser

_CHOOSE = Path(__file__).with_name("small.js").read_text(encoding="utf-8")


class Shrinker:
    """Keeps one empty page open for its work."""

    def __init__(self, browser: Browser) -> None:
        self._page = browser.new_page()

    def shrink(self, picture: bytes) -> bytes:
        """The same picture as a palette PNG."""
        width, height, palette, pixels = self._page.evaluate(_CHOOSE, base64.b64encode(picture).decode())
        rows = base64.b64decode(pixels)
        lines = b"".join(b"\0" + rows[start : start + width] for start in range(0, len(rows), width))
        return b"".join(
            (
                b"\x89PNG\r\n\x1a\n",
                _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
                _chunk(b"PLTE", b"".join(colour.to_bytes(3, "big") for colour in palette)),
                _chunk(b"IDAT", zlib.compress(lines, 9)),
                _chunk(b"IEND", b""),
            )
        )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
