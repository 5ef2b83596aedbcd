"""Text that a spreadsheet would run as a formula (S-41): escaped when written, taken back when read.

A text begins a formula when its first sign, behind any quotes and spaces, is `=`, `+`, `-` or `@` (full-width ones
too), or when it begins with a tab or a line break. It is written with one apostrophe before it. Reading takes that
apostrophe away from exactly those texts, so that `unescape(escape(text)) == text` for every text there is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

MARK = "\ufeff"
_FORMULA = re.compile(r"""(?:['"\s]*[=+\-@＝＋－＠]|[\t\r\n])""")


def begins_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None


def escape(text: str) -> str:
    """The text as it may be written to a cell."""
    return f"'{text}" if begins_formula(text) else text


def csv_of(rows: Sequence[Sequence[str]], *, mark: bool = False) -> str:
    """Rows for a spreadsheet, each text escaped: semicolons; `mark`: first the sign by which it knows UTF-8."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerows([escape(text) for text in row] for row in rows)
    return (MARK if mark else "") + target.getvalue()


def unescape(text: str) -> str:
    """The text that `escape` was given; any other text as it is."""
    return text[1:] if text.startswith("'") and begins_formula(text[1:]) else text
