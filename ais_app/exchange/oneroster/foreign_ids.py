"""Keeps the ids that other systems have for the rows of a school that is imported from our own export.

By them later sets of these systems find the school, its people, classes, accounts and roles in this installation too,
and the links, blocks and roles that they may end.
"""

from __future__ import annotations

import re

from ais_app.db.columns import UID_LENGTH
from ais_app.exchange.engine import Line
from ais_app.exchange.imported_ids import ImportedIds
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.context import Importing
from ais_app.exchange.oneroster.manifest import SOURCE

LONGEST_ENTITY, LONGEST_ID = 32, 255
_ROW = re.compile(f"[a-z2-7]{{{UID_LENGTH}}}")


def bring(importing: Importing) -> None:
    """Remember the ids that are not known here yet; those that are known stay as they are."""
    sheet = importing.roster["aisSources"]
    by_source: dict[str, dict[str, dict[str, str]]] = {}
    for _key, line in sheet:
        if not line["source"].startswith(SOURCE):
            importing.problems.append(sheet.problem(line, "source", codes.NO_SOURCE, source=line["source"]))
        entity, uid = _entity(importing, line), _uid(importing, line)
        if _ROW.fullmatch(line["state"]):  # a row is named by this set, never by what it is called here
            importing.problems.append(sheet.problem(line, "state", codes.NO_STATE, state=line["state"]))
        elif len(entity or "") > LONGEST_ENTITY or len(line["sourceId"]) > LONGEST_ID:
            importing.problems.append(sheet.problem(line, "sourceId", codes.NAME_TOO_LONG))
        elif entity is None or uid is None:
            importing.report.notes.append(sheet.note(line, "sourcedId", codes.NAME_OF_NOTHING))
        else:
            by_source.setdefault(line["source"], {}).setdefault(entity, {})[line["sourceId"]] = uid
    if importing.problems:
        return
    for source, entities in by_source.items():
        ids = importing.ids if source == importing.ids.source else ImportedIds(importing.uow, source)
        for entity, uids in entities.items():
            new = {name: uid for name, uid in uids.items() if name not in ids.of(entity)}
            ids.remember(entity, new)
            importing.report.add("names of other systems", len(new))


def _entity(importing: Importing, line: Line) -> str | None:
    """The entity with the uid here of its school or year; None when that one is not in the set."""
    if not line["scope"]:
        return line["entity"]
    scope = importing.names.get(line["scope"])
    return f"{line['entity']}@{scope}" if scope else None


def _uid(importing: Importing, line: Line) -> str | None:
    """The uid here of the row, or its state where it is no row of the set; None when it is unknown."""
    return importing.names.get(line["sourcedId"]) if line["sourcedId"] else line["state"]
