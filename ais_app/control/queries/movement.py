"""Admissions to classes and departures, and how many students the classes have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, case, func, or_, select

from ais_app.db.columns import holds_on, table
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling, told_apart
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, Scope
from ais_app.school.models import AcademicYear, Enrollment, SchoolClass

DAYS = 14  # back and ahead
MOST = 100

_person = table(Person)
_enrollment = table(Enrollment)
_class = table(SchoolClass)
_year = table(AcademicYear)


@dataclass(frozen=True, slots=True)
class Move:
    """A student who leaves a class or comes to one on a day; both are set when he goes from one to the other."""

    day: date
    name: str
    left: str
    came: str


def moves(reading: Reading) -> list[Move]:
    """Moves of the two weeks before and after today, the latest first, without the admissions of the first day."""
    if Scope.SCHOOL not in reading.actor.scopes(Right.SEE_MOVEMENT):
        return []
    first, last = reading.today - timedelta(days=DAYS), reading.today + timedelta(days=DAYS)
    came = and_(_enrollment.c.valid_from.between(first, last), _enrollment.c.valid_from > _year.c.starts_on)
    left = and_(_enrollment.c.valid_to.between(first, last), _enrollment.c.valid_to <= _year.c.ends_on)
    rows = reading.execute(
        select(
            _person,
            _class.c.name,
            _enrollment.c.valid_from,
            _enrollment.c.valid_to,
            came.label("came"),
            left.label("left"),
        )
        .select_from(_enrollment)
        .join(_class, _class.c.group_id == _enrollment.c.group_id)
        .join(_year, _year.c.id == _class.c.year_id)
        .join(_person, _person.c.id == _enrollment.c.person_id)
        .where(_class.c.school_id == reading.hat.school_id, or_(came, left))
        .order_by(case((left, _enrollment.c.valid_to), else_=_enrollment.c.valid_from).desc(), _enrollment.c.id)
        .limit(MOST)
    ).all()
    names = told_apart({row.id: Name.of(row) for row in rows}, Spelling.LISTED)
    by_day_and_person: dict[tuple[date, int], Move] = {}
    for row in rows:
        name = names[row.id]
        for day, comes in ((row.valid_from, True), (row.valid_to, False)):
            if row.came if comes else row.left:
                known = by_day_and_person.get((day, row.id), Move(day, name, "", ""))
                by_day_and_person[day, row.id] = Move(
                    day, name, known.left if comes else row.name, row.name if comes else known.came
                )
    return sorted(by_day_and_person.values(), key=lambda move: move.day, reverse=True)


def sizes(reading: Reading) -> list[tuple[str, int]]:
    """(class, number of its students today) of the present year, by grade."""
    if Scope.SCHOOL not in reading.actor.scopes(Right.SEE_MOVEMENT):
        return []
    rows = reading.execute(
        select(_class.c.name, func.count(_enrollment.c.id).label("students"))
        .select_from(_class)
        .join(_year, _year.c.id == _class.c.year_id)
        .outerjoin(_enrollment, and_(_enrollment.c.group_id == _class.c.group_id, holds_on(_enrollment, reading.today)))
        .where(
            _class.c.school_id == reading.hat.school_id,
            _year.c.starts_on <= reading.today,
            _year.c.ends_on >= reading.today,
        )
        .group_by(_class.c.id, _class.c.grade, _class.c.letter, _class.c.name)
        .order_by(_class.c.grade, _class.c.letter, _class.c.name)
    )
    return [(row.name, row.students) for row in rows]
