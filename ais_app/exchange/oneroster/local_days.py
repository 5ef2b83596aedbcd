"""Days that a set gives as moments with a zone: each becomes the day in the zone of the school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ais_app.exchange.engine import Column, Findings, Kind, Line, Problem, Sheet
from ais_app.exchange.engine.codes import NO_DATE
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.roster import Roster

_LONGEST_DAY = 10  # «2026-09-01»: anything longer is a moment


@dataclass(frozen=True, slots=True)
class Zones:
    """The zone of each school by its org; `usual` is that of the installation."""

    usual: str
    of_schools: Mapping[str, str] = field(default_factory=dict)

    def of(self, org: str) -> str:
        return self.of_schools.get(org, self.usual)


def settle(roster: Roster, zones: Zones, problems: Findings[Problem]) -> None:
    """Replace each moment with a zone in a column of days by the school's day, and note it.

    A row that is of no school (a session, a birth date) is read in the zone of the only school, else in the usual one.
    """
    schools = sorted(roster.schools)
    usual = zones.of(schools[0]) if len(schools) == 1 else zones.usual
    for sheet in roster.sheets.values():
        for column in sheet.table.columns:
            if column.kind is Kind.DATE and column.name in sheet.columns:
                _settle_column(roster, sheet, column, zones, usual, problems)


def _settle_column(
    roster: Roster, sheet: Sheet, column: Column, zones: Zones, usual: str, problems: Findings[Problem]
) -> None:
    same: dict[str, list[Line]] = {}
    other: dict[tuple[str, str, date], list[Line]] = {}
    for key, line in sheet:
        text = line[column.name]
        if len(text) <= _LONGEST_DAY:
            continue
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            continue
        org = _org_of(roster, sheet, line)
        zone = zones.of(org) if org else usual
        try:
            day = moment.astimezone(ZoneInfo(zone)).date()
        except OverflowError:  # beyond the first or the last day that there is
            problems.append(sheet.problem(line, column.name, NO_DATE, value=text))
            continue
        sheet.lines[key] = line.changed(column.name, day.isoformat())
        if day == moment.date():
            same.setdefault(zone, []).append(line)
        else:
            other.setdefault((text, zone, day), []).append(line)
    for (text, zone, day), lines in other.items():
        values = {"value": text, "day": day, "zone": zone, "count": len(lines)}
        roster.notes.append(sheet.note(lines[0], column.name, codes.DAY_IN_ZONE, **values))
    for zone, lines in same.items():
        roster.notes.append(sheet.note(lines[0], column.name, codes.DAYS_IN_ZONE, count=len(lines), zone=zone))


def _org_of(roster: Roster, sheet: Sheet, line: Line) -> str:
    """The school to which a row belongs; "" when it is of none."""
    if sheet.table.name == "roles":
        return roster.school_of.get(line["orgSourcedId"], "")
    section = roster["classes"].get(line["classSourcedId"])
    return roster.school_of.get(section["schoolSourcedId"], "") if section is not None else ""
