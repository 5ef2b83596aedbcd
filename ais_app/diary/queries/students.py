"""Whose diary it is: the students an actor may read, and the guard of every read of the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, false, or_, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import holds_on, table
from ais_app.people.models import Guardianship, Person
from ais_app.people.names import Name, sort_key
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school.models import Enrollment, SchoolClass
from ais_app.school.queries import in_own_class

_person = table(Person)
_guardianship = table(Guardianship)
_enrollment = table(Enrollment)
_class = table(SchoolClass)


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A student whose diary the actor may open."""

    uid: str
    family_name: str
    given_name: str
    patronymic: str
    class_name: str

    @property
    def name(self) -> Name:
        """With the class, which everybody who may open the diary knows."""
        return Name.of(self, self.class_name)


def feed_of(student_uid: str) -> str:
    """The live feed of a student."""
    return f"student:{student_uid}"


def readable_students(actor: Actor, day: date) -> ColumnElement[bool]:
    """A condition on `person`: students whose diary the actor may see on `day` (S-05, S-06)."""
    reach: list[ColumnElement[bool]] = []
    scopes = actor.scopes(Right.SEE_DIARY)
    if Scope.SELF in scopes:
        reach.append(_person.c.id == actor.hat.person_id)
    if Scope.CHILDREN in scopes:
        reach.append(
            _person.c.id.in_(
                select(_guardianship.c.student_id).where(
                    _guardianship.c.guardian_id == actor.hat.person_id, holds_on(_guardianship, day)
                )
            )
        )
    if Scope.OWN_CLASS in scopes:
        reach.append(in_own_class(actor, day))
    if not reach or actor.hat.school_id is None:
        return false()
    return and_(_person.c.school_id == actor.hat.school_id, or_(*reach))


def children(reading: Reading) -> list[ChildLine]:
    """The students whose diaries the actor may open: by grade, the highest first, then for a family by given name,
    for a class teacher in the order of a list.
    """
    rows = reading.execute(
        select(_person, _class.c.name.label("class_name"), _class.c.grade)
        .select_from(_person)
        .outerjoin(
            _enrollment,
            and_(
                _enrollment.c.person_id == _person.c.id,
                holds_on(_enrollment, reading.today),
                _enrollment.c.group_id.in_(select(_class.c.group_id)),
            ),
        )
        .outerjoin(_class, _class.c.group_id == _enrollment.c.group_id)
        .where(readable_students(reading.actor, reading.today))
    ).all()
    family = Scope.OWN_CLASS not in reading.actor.scopes(Right.SEE_DIARY)  # who knows them by their given names
    rows = sorted(
        rows, key=lambda row: (-(row.grade or 0), sort_key(row.given_name) if family else "", row.sort_key, row.id)
    )
    return [ChildLine(row.uid, row.family_name, row.given_name, row.patronymic, row.class_name or "") for row in rows]


def may_read(reading: Reading, student_uid: str) -> bool:
    """Whether the actor may see this student's diary now; asked again at every live delivery."""
    return student_id(reading, student_uid) is not None


def student_id(reading: Reading, student_uid: str) -> int | None:
    """The id of a student whose diary the actor may see today; None for absent and foreign alike (S-05)."""
    return reading.execute(
        select(_person.c.id).where(_person.c.uid == student_uid, readable_students(reading.actor, reading.today))
    ).scalar_one_or_none()
