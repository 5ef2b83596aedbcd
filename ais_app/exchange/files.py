"""What this room stores files for: sets that are sent, their reports, slips, exports."""

from __future__ import annotations

from pathlib import Path

from ais_app.db import Database
from ais_app.files import queries
from ais_app.files.content.types import FileType
from ais_app.files.purposes import Purpose
from ais_app.files.store import FileStore
from ais_app.i18n import _
from ais_app.rights.rules import Right
from ais_app.settings import settings

LARGEST = 200 * 1024 * 1024  # bytes

SET = Purpose(
    "set",
    words=lambda: _("Set that was sent"),
    types=frozenset({FileType.ZIP}),
    largest=LARGEST,
    days=14,
    right=Right.SET_UP_SCHOOL,
    recorded=True,
)
REPORT = Purpose(
    "set_report",
    words=lambda: _("Report on a set"),
    types=frozenset({FileType.CSV}),
    largest=LARGEST,
    days=14,
    right=Right.SET_UP_SCHOOL,
)
SLIPS = Purpose(
    "slips",
    words=lambda: _("Slips with first passwords"),
    types=frozenset({FileType.PDF}),
    largest=LARGEST,
    days=3,
    right=Right.SET_UP_SCHOOL,
    own=True,
    recorded=True,
)
EXPORT = Purpose(
    "school_export",
    words=lambda: _("Export of a school"),
    types=frozenset({FileType.ZIP}),
    largest=LARGEST,
    days=7,
    right=Right.SET_UP_SCHOOL,
    recorded=True,
)
PURPOSES = (SET, REPORT, SLIPS, EXPORT)


def content_of_set(database: Database, uid: str) -> Path | None:
    """Where the set with this uid lies; None when it is not there any more."""
    row = database.read(queries.whole, uid)
    if row is None or row.purpose != SET.name:
        return None
    path = FileStore(settings().files).path(row.sha256)
    return path if path.is_file() else None
