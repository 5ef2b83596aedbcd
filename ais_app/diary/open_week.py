"""The week of a student as a page reads it: by its address, with the number of the last change that it shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from ais_app.access.payload import IsoDay, Payload
from ais_app.db.feeds import sequence_of
from ais_app.diary import queries, views
from ais_app.people.names import Spelling
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.school.queries import listed

FURTHEST_DAYS = 400


class DiaryAddress(Payload):
    """The query of a diary's address; the present week, its usual day and the usual view are left empty."""

    child: Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")] = ""
    week: Literal[""] | IsoDay = ""
    day: Literal[""] | IsoDay = ""
    view: Literal["", "day", "tasks"] = ""


def days_of(address: DiaryAddress, today: date) -> tuple[date, date]:
    """(Monday, chosen day) of an address: the present week where it names none, or one over `FURTHEST_DAYS` away."""
    if address.week or address.day:
        monday = views.monday_of(date.fromisoformat(address.week or address.day))
        if abs((monday - today).days) <= FURTHEST_DAYS:
            return monday, date.fromisoformat(address.day) if address.day else usual_day(monday, today)
    return views.monday_of(today), today


def usual_day(monday: date, today: date) -> date:
    """The day that is chosen when a week is opened: today where it lies in the week, else its Monday."""
    return today if monday <= today < monday + timedelta(days=7) else monday


def named(reading: Reading, child: str, monday: str, day: str) -> dict[str, Any]:
    """What names a week: {"at": its address, "seq": the number of the student's last change}."""
    address = f"/diary/week?child={child}&week={monday}&day={day}"
    return {"at": address, "seq": sequence_of(reading.connection, queries.feed_of(child))}


def open_week(reading: Reading, child: str, days: tuple[date, date]) -> dict[str, Any]:
    """The page's variables for the week `days` = (Monday, chosen day) of `child` (uid), with `read`, which names it.

    Raises NotYours.
    """
    found = views.children(reading, child)
    current = next((one for one in found if one.uid == child), None)
    if current is None:
        raise NotYours
    read = named(reading, child, *(day.isoformat() for day in days))
    shown = views.week(reading, child, *days, with_news=True)
    family = reading.hat.is_family
    return {
        "read": read,
        "status": "ready",
        "of_a_class": not family,
        "children": found if family else [],
        "pupil": current.name if family else _listed(reading, child),
        "week": shown.name,
        "days": shown.days,
        "tasks": shown.tasks,
        "summary": shown.summary,
        "printed": shown.printed,
        "new_before": shown.new_before,
    }


def _listed(reading: Reading, child: str) -> str:
    """The name that the list of the own class has for a student."""
    names = {one.uid: one.name for one in queries.children(reading)}
    return listed(reading, names, Spelling.LISTED)[child]
