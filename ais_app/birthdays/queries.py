"""Whose birthday is near, in the class that the actor leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from ais_app.birthdays.rules import age_on, next_birthday
from ais_app.db.columns import table
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling, told_apart
from ais_app.rights.reading import Reading
from ais_app.school.queries import birth_dates

AHEAD = timedelta(days=14)

_person = table(Person)


@dataclass(frozen=True, slots=True)
class Birthday:
    """`age` = how old the student becomes on that day."""

    day: date
    name: str
    age: int


def birthdays(reading: Reading) -> list[Birthday]:
    """The birthdays from today to `AHEAD` (14 days) later, the nearest first; [] for who leads no class."""
    born = birth_dates(reading)
    near = {
        uid: day for uid, one in born.items() if (day := next_birthday(one, reading.today)) <= reading.today + AHEAD
    }
    rows = reading.execute(select(_person).where(_person.c.uid.in_(near)).order_by(_person.c.sort_key)).all()
    names = told_apart({row.uid: Name.of(row) for row in rows}, Spelling.LISTED)
    found = [Birthday(near[row.uid], names[row.uid], age_on(born[row.uid], near[row.uid])) for row in rows]
    return sorted(found, key=lambda one: one.day)
