"""Importing bells and timetables: only from our own export, and only into a school that this import opened."""

from __future__ import annotations

from datetime import date, time

from ais_app.exchange.engine import Line
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.calendar import PlannedYear
from ais_app.exchange.oneroster.context import Importing, TargetSchool
from ais_app.exchange.oneroster.json_cells import UNREADABLE, number, rows_in
from ais_app.school import rules, service

LONGEST_NAME, LONGEST_ROOM = 64, 32


def add_bells(importing: Importing, target: TargetSchool, line: Line) -> dict[str, int]:
    """Add the schedules of bells in the row of a school; returns {uid in the set: id here}."""
    try:
        schedules = _schedules(line["metadata.ais.bells"])
    except UNREADABLE:
        importing.problems.append(importing.roster["orgs"].problem(line, "metadata.ais.bells", codes.CELL_UNREADABLE))
        return {}
    return {
        key: service.add_bells(importing.uow, importing.actor, target.school, schedule)
        for key, schedule in schedules.items()
    }


def bring(importing: Importing, target: TargetSchool, planned: PlannedYear) -> None:
    """Add the timetables of a year, each with its slots of the courses."""
    sessions = importing.roster["academicSessions"]
    line = sessions.get(planned.session)
    if line is None or not importing.roster.manifest.own or not target.is_new:
        return
    slots = _slots_of_year(importing, target, planned)
    try:
        versions = _versions(line["metadata.ais.timetables"])
    except UNREADABLE:
        importing.problems.append(sessions.problem(line, "metadata.ais.timetables", codes.CELL_UNREADABLE))
        return
    if slots.keys() - versions.keys():
        importing.problems.append(sessions.problem(line, "metadata.ais.timetables", codes.NO_TIMETABLE))
    year = target.years[-1]
    for key, days in versions.items():
        of_version = slots.get(key, [])
        service.add_timetable(importing.uow, importing.actor, target.school, year.id, days, of_version)
    importing.report.add("timetables", len(versions))


def _slots_of_year(
    importing: Importing, target: TargetSchool, planned: PlannedYear
) -> dict[str, list[rules.SlotDraft]]:
    """{timetable: its slots}; problems for cells that cannot be read."""
    classes = importing.roster["classes"]
    by_timetable: dict[str, list[rules.SlotDraft]] = {}
    for key, course in target.courses.items():
        if key not in planned.classes:
            continue
        try:
            of_course = _slots(course.id, classes[key]["metadata.ais.slots"])
        except UNREADABLE:
            importing.problems.append(classes.problem(classes[key], "metadata.ais.slots", codes.CELL_UNREADABLE))
            continue
        for version, slot in of_course:
            by_timetable.setdefault(version, []).append(slot)
    return by_timetable


def _schedules(text: str) -> dict[str, rules.BellScheduleDraft]:
    schedules: dict[str, rules.BellScheduleDraft] = {}
    for key, name, bells in rows_in(text):
        drafts = [
            rules.BellDraft(number(position), time.fromisoformat(begin), time.fromisoformat(end))
            for position, begin, end in bells
        ]
        if key in schedules or len(name) > LONGEST_NAME or len({bell.number for bell in drafts}) < len(drafts):
            raise ValueError(key)
        schedules[key] = rules.BellScheduleDraft(name, drafts)
    return schedules


def _versions(text: str) -> dict[str, rules.DatedFrom]:
    return {
        key: rules.DatedFrom(date.fromisoformat(begin), date.fromisoformat(end) if end else None)
        for key, begin, end in rows_in(text)
    }


def _slots(course_id: int, text: str) -> list[tuple[str, rules.SlotDraft]]:
    """[(timetable, slot)] of a course. Raises one of UNREADABLE, also for two of one number on one day."""
    slots: list[tuple[str, rules.SlotDraft]] = []
    for version, weekday, position, room in rows_in(text):
        if not 1 <= number(weekday) <= 7 or len(room) > LONGEST_ROOM:
            raise ValueError(weekday)
        slot = rules.SlotDraft(course_id, weekday, number(position), room)
        if any((one, held.weekday, held.number) == (version, slot.weekday, slot.number) for one, held in slots):
            raise ValueError(position)
        slots.append((version, slot))
    return slots
