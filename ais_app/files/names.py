"""The name under which a file is shown and downloaded: never a part of a path, its ending that of its type (S-46)."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
_NOT_SHOWN = re.compile(r'[<>:"|?*%;]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


def shown_name(given: str, ending: str) -> str:
    """A clean name: the last part of a path, without signs that are not seen or turn the writing round.

    `a.jpg.php` of a PNG becomes `a_jpg.png`.
    """
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] not in "CZ" or sign == " "
    )
    stem, _dot, suffix = _NOT_SHOWN.sub("_", seen).strip(". ").rpartition(".")
    stem = (stem if stem and len(suffix) <= 8 else f"{stem}_{suffix}").replace(".", "_").strip("_ ")
    stem = stem[: LONGEST - len(ending)].strip() or "file"
    return ("_" if _RESERVED.fullmatch(stem) else "") + stem + ending
