"""Settings of a school in a set: columns for what it began with, and one cell for everything that came later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ais_app.exchange.engine import Line
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.context import Importing
from ais_app.exchange.oneroster.json_cells import UNREADABLE, rows_in
from ais_app.journal import settings as journal
from ais_app.school_settings.registry import Setting
from ais_app.school_settings.rules import FROM_THE_BEGINNING, Reach, StoredValue

CELL = "metadata.ais.settings"
LONGEST_WINDOW = 3650  # days; a set may bring what the page of settings does not offer
COLUMNS: dict[str, tuple[Setting[Any], int, int]] = {
    "metadata.ais.editWindowDays": (journal.EDIT_WINDOW, 0, LONGEST_WINDOW),
    "metadata.ais.topicDays": (journal.TOPIC_DAYS, 0, LONGEST_WINDOW),
    "metadata.ais.homeworkMinutes": (journal.HOMEWORK_MINUTES, 0, 24 * 60),
    "metadata.ais.markOneAllowed": (journal.MARK_ONE, 0, 0),
    "metadata.ais.markBesideAbsence": (journal.MARK_BESIDE_ABSENCE, 0, 0),
    "metadata.ais.correctionHours": (journal.CORRECTION_HOURS, 0, 24 * LONGEST_WINDOW),
    "metadata.ais.openingHours": (journal.OPENING_HOURS, 1, 24 * LONGEST_WINDOW),
}
_LENGTHS = {"key": 48, "reach_of": 32, "value": 64}  # of the columns of `setting_value`


def cells(values: Sequence[Any]) -> dict[str, Any]:
    """The cells of these rows of `setting_value`."""
    begun = {row.key: row.value for row in values if _is_first(row)}
    written = {column: setting.value_of(begun.get(setting.key, "")) for column, (setting, *_bounds) in COLUMNS.items()}
    keys = {setting.key for setting, *_bounds in COLUMNS.values()}
    later = [
        [row.key, row.reach, row.reach_of, row.value, row.valid_from.isoformat()]
        for row in values
        if not (_is_first(row) and row.key in keys)
    ]
    return written | {CELL: later}


def _is_first(row: Any) -> bool:
    return row.valid_from == FROM_THE_BEGINNING and row.reach == Reach.SCHOOL.value


def of(importing: Importing, line: Line) -> list[StoredValue]:
    """What the row of a school says of its settings; problems for what is outside the bounds or cannot be read."""
    found = [stored for column in COLUMNS for stored in _begun(importing, line, column)]
    try:
        later = [_stored(row) for row in rows_in(line[CELL])]
        places = [(one.key, one.reach, one.of, one.valid_from) for one in (*found, *later)]
        if len(set(places)) < len(places):
            raise ValueError(line[CELL])
    except UNREADABLE:
        importing.problems.append(importing.roster["orgs"].problem(line, CELL, codes.CELL_UNREADABLE))
        return found
    return [*found, *later]


def _begun(importing: Importing, line: Line, column: str) -> Sequence[StoredValue]:
    setting, least, most = COLUMNS[column]
    if not most:
        return setting.begins_with(line.flag(column, empty=setting.usual))
    value = line.whole(column, setting.usual)
    if not least <= value <= most:
        sheet = importing.roster["orgs"]
        importing.problems.append(sheet.problem(line, column, codes.OUT_OF_RANGE, least=least, most=most))
    return setting.begins_with(value)


def _stored(row: Any) -> StoredValue:
    """A value of the cell. Raises one of UNREADABLE."""
    key, reach, reach_of, value, since = row
    for name, text in (("key", key), ("reach_of", reach_of), ("value", value)):
        if not isinstance(text, str) or len(text) > _LENGTHS[name]:
            raise ValueError(text)
    return StoredValue(key, value, date.fromisoformat(since), Reach(reach), reach_of)
