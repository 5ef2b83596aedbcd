"""Reads of the school that more than one room needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import holds_on, holds_within, pairs, table
from ais_app.i18n import full_date
from ais_app.people.models import Person, School
from ais_app.people.names import Name, Spelling, told_apart
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school.models import AcademicYear, ClassLeading, Enrollment, SchoolClass

_school = table(School)
_year = table(AcademicYear)
_person = table(Person)
_leading = table(ClassLeading)
_enrollment = table(Enrollment)
_class = table(SchoolClass)


@dataclass(frozen=True, slots=True)
class ActorDetails:
    """The school, the year and the name of the actor, for the top bar; no name where the account is nobody's."""

    school: str
    year: str
    name: Name | None


def actor_details(reading: Reading) -> ActorDetails:
    """The actor's school, its year that began last and the actor's own name; empty texts where there is none."""
    school = reading.execute(select(_school).where(_school.c.id == reading.hat.school_id)).one_or_none()
    year = reading.execute(
        select(_year.c.name)
        .where(_year.c.school_id == reading.hat.school_id, _year.c.starts_on <= reading.today)
        .order_by(_year.c.starts_on.desc())
        .limit(1)
    ).scalar_one_or_none()
    person = reading.execute(select(_person).where(_person.c.id == reading.hat.person_id)).one_or_none()
    return ActorDetails(
        school=school.short_name if school else "",
        year=year or "",
        name=Name.of(person) if person else None,
    )


def classes_led_by(person: Any, day: Any) -> ColumnElement[bool]:
    """A condition on `school_class`: `person` (id) leads it on `day`. Values or parameters."""
    return _class.c.id.in_(select(_leading.c.class_id).where(_leading.c.person_id == person, holds_on(_leading, day)))


def member_on(group: Any, student: Any, day: Any) -> ColumnElement[bool]:
    """A condition: `student` (id) was in `group` (id) on `day`. Values or columns.

    Entries of a day on which it does not hold count nowhere (`journal/courses/queries/outside.py`).
    """
    return (
        select(_enrollment.c.id)
        .where(_enrollment.c.group_id == group, _enrollment.c.person_id == student, holds_on(_enrollment, day))
        .correlate_except(_enrollment)
        .exists()
    )


def leads_on(leader: Any, student: Any, day: Any) -> ColumnElement[bool]:
    """A condition: `student` (id) was on `day` in a class that `leader` (id) led on that day. Values or columns."""
    return _leading_of(leader, student, holds_on(_enrollment, day), holds_on(_leading, day))


def leads_within(leader: Any, student: Any, first: Any, last: Any) -> ColumnElement[bool]:
    """A condition: the same holds on at least one day of [first, last]."""
    together = and_(
        or_(_leading.c.valid_to.is_(None), _enrollment.c.valid_from < _leading.c.valid_to),
        or_(_enrollment.c.valid_to.is_(None), _leading.c.valid_from < _enrollment.c.valid_to),
    )
    within = holds_within(_enrollment, first, last), holds_within(_leading, first, last)
    return _leading_of(leader, student, together, *within)


def _leading_of(leader: Any, student: Any, *when: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(_enrollment.c.id)
        .join(_class, _class.c.group_id == _enrollment.c.group_id)
        .join(_leading, _leading.c.class_id == _class.c.id)
        .where(_enrollment.c.person_id == student, _leading.c.person_id == leader, *when)
        .correlate_except(_enrollment, _class, _leading)
        .exists()
    )


def birth_dates(reading: Reading) -> dict[str, date]:
    """{student uid: birth date} of the actor's own class, where known; {} for everybody but class teachers."""
    if Scope.OWN_CLASS not in reading.actor.scopes(Right.SEE_DIARY):
        return {}
    rows = reading.execute(
        select(_person.c.uid, _person.c.birth_date).where(
            _person.c.school_id == reading.hat.school_id,
            in_own_class(reading.actor, reading.today),
            _person.c.birth_date.is_not(None),
        )
    )
    return pairs(rows)


def in_own_class(actor: Actor, day: date) -> ColumnElement[bool]:
    """A condition on `person`: students of a class that the actor leads on `day`."""
    return _person.c.id.in_(
        select(_enrollment.c.person_id)
        .join(_class, _class.c.group_id == _enrollment.c.group_id)
        .where(holds_on(_enrollment, day), classes_led_by(actor.hat.person_id, day))
    )


def listed(reading: Reading, people: Mapping[str, Name], spelling: Spelling) -> dict[str, str]:
    """{person uid: name} of a list; namesakes with their birth dates where the actor may know them."""
    counts = Counter(name.full for name in people.values())
    if len(counts) < len(people):
        born = birth_dates(reading)
        dated = {uid: replace(people[uid], beside=full_date(day)) for uid, day in born.items() if uid in people}
        people = {**people, **dated}
    return told_apart(people, spelling)
