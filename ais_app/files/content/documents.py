"""PDF: begins and ends as one. What is active in it stays in it: it is only ever downloaded."""

from __future__ import annotations

import re
from pathlib import Path

from ais_app.files.errors import FileRefused
from ais_app.i18n import _

_BEGINNING = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n ]")
_END = re.compile(rb"%%EOF[\r\n \x00]*\Z")
_TAIL = 1024


def check(path: Path) -> None:
    """Raises FileRefused: cut off, of no version, or with something behind its end."""
    with path.open("rb") as source:
        head = source.read(16)
        source.seek(-min(_TAIL, path.stat().st_size), 2)
        tail = source.read()
    if not _BEGINNING.match(head) or not _END.search(tail):
        raise FileRefused(_("The PDF is damaged."))
