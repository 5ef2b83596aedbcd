"""The students of a course's group with the dates of their membership, and their names as a list shows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select

from ais_app.db.columns import holds_within, table
from ais_app.db.prepared import Prepared
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling
from ais_app.rights.reading import Reading
from ais_app.school.models import Enrollment
from ais_app.school.queries import listed

_enrollment = table(Enrollment)
_person = table(Person)

_STUDENTS = Prepared(
    select(
        _person.c.id,
        _person.c.uid,
        _person.c.family_name,
        _person.c.given_name,
        _person.c.patronymic,
        _person.c.sort_key,
        _enrollment.c.valid_from,
        _enrollment.c.valid_to,
        _enrollment.c.note,
    )
    .select_from(_person)
    .join(_enrollment, _enrollment.c.person_id == _person.c.id)
    .where(
        _enrollment.c.group_id == bindparam("group"),
        holds_within(_enrollment, bindparam("first"), bindparam("last")),
    )
    .order_by(_enrollment.c.valid_from)
)


@dataclass(frozen=True, slots=True)
class Student:
    """A student of the course's group with the dates of membership that meet the period."""

    id: int
    uid: str
    name: Name
    sort_key: str
    note: str
    terms: tuple[tuple[date, date | None], ...]

    def belongs_on(self, day: date) -> bool:
        """Whether the student is a member on this day."""
        for start, end in self.terms:  # noqa: SIM110 - an edit asks for each mark of its period, `any` takes twice as long
            if start <= day and (end is None or day < end):
                return True
        return False


def students(connection: Connection, group_id: int, first: date, last: date) -> list[Student]:
    """Everybody who was in the group at some time from `first` to `last`, by name."""
    return sorted(members(connection, group_id, first, last), key=lambda student: (student.sort_key, student.id))


def names(reading: Reading, pupils: Collection[Student]) -> dict[str, str]:
    """{uid: «Иванов Иван»} of students in one list, namesakes told apart."""
    return listed(reading, {pupil.uid: pupil.name for pupil in pupils}, Spelling.LISTED)


def members(connection: Connection, group_id: int, first: date, last: date) -> Collection[Student]:
    """The same as `students`, in no order."""
    rows = _STUDENTS.all(connection, {"group": group_id, "first": first, "last": last})
    found: dict[int, Student] = {}
    for row in rows:
        earlier = found[row.id].terms if row.id in found else ()
        found[row.id] = Student(
            id=row.id,
            uid=row.uid,
            name=Name.of(row),
            sort_key=row.sort_key,
            note=row.note,
            terms=(*earlier, (row.valid_from, row.valid_to)),
        )
    return found.values()
