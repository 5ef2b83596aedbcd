"""What the parts of a demonstration school have written so far, read from the database, for the parts that follow.

Its rows come in the order of the roster: each was added in that order, and no other school is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from ais_app.db.columns import pairs, table
from ais_app.people.models import Person, School
from ais_app.people.rules import SchoolRef
from ais_app.school import rules
from ais_app.school.models import (
    AcademicYear,
    BellSchedule,
    Course,
    Group,
    PeriodScheme,
    SchoolClass,
    Subject,
    TimetableVersion,
)
from ais_app.school.rules import PersonRef
from ais_app.school.service.courses import CourseRef
from ais_app.setup.demo import people
from ais_app.setup.demo.founding import Calendar, Written, all_taught, guardians_of, staff_of

_year, _scheme, _bells, _subject = table(AcademicYear), table(PeriodScheme), table(BellSchedule), table(Subject)
_group, _class, _version = table(Group), table(SchoolClass), table(TimetableVersion)
_school, _person, _course = table(School), table(Person), table(Course)


def school_of(connection: Connection) -> SchoolRef:
    """Raises NoResultFound where there is no school."""
    return SchoolRef(*connection.execute(select(_school.c.id, _school.c.uid, _school.c.zone)).one())


def with_people(connection: Connection, days: Calendar, roster: people.Roster) -> Written:
    """The school and its people, once all of these are written."""
    written = Written(school_of(connection), days, roster)
    refs = iter(_persons(connection))
    staff, pupils = list(islice(refs, len(roster.staff))), list(islice(refs, len(roster.pupils)))
    written.pupils = list(zip(roster.pupils, pupils, strict=True))
    written.staff = staff_of(roster, staff, list(refs))
    return written


def guardians(connection: Connection, roster: people.Roster) -> list[PersonRef]:
    """The guardians, as their names come in the roster."""
    return _persons(connection)[-len(guardians_of(roster)) :]


def year(connection: Connection) -> rules.YearRef:
    schemes: dict[str, int] = pairs(connection.execute(select(_scheme.c.name, _scheme.c.id)))
    return rules.YearRef(connection.execute(select(_year.c.id)).scalar_one(), schemes)


def bells(connection: Connection) -> dict[str, int]:
    """{name: id}."""
    return pairs(connection.execute(select(_bells.c.name, _bells.c.id)))


def subjects(connection: Connection) -> dict[str, int]:
    """{name: id}."""
    return pairs(connection.execute(select(_subject.c.name, _subject.c.id)))


def with_classes(connection: Connection, days: Calendar, roster: people.Roster) -> Written:
    """The school with its people and classes, and what will be taught in them, without rows so far."""
    written = with_people(connection, days, roster)
    columns = (_class.c.grade, _class.c.letter, _class.c.id, _class.c.uid, _class.c.group_id)
    for grade, letter, *ref in connection.execute(select(*columns)):
        written.groups[grade, letter] = rules.ClassRef(*ref)
    written.taught = all_taught(written)
    return written


def halves(connection: Connection) -> Iterator[int]:
    """The ids of the groups that are no classes, in the order in which they were added."""
    of_classes = select(_class.c.group_id)
    rows = connection.execute(select(_group.c.id).where(_group.c.id.not_in(of_classes)).order_by(_group.c.id))
    return iter(rows.scalars().all())


def with_courses(connection: Connection, days: Calendar, roster: people.Roster) -> Written:
    """The school with everything but its timetable and lessons."""
    written = with_classes(connection, days, roster)
    for taught, ref in zip(written.taught, _refs(connection, _course), strict=True):
        taught.ref = CourseRef(*ref)
    return written


def timetable(connection: Connection) -> int:
    """The id of the version of the timetable."""
    return connection.execute(select(_version.c.id)).scalar_one()


def _persons(connection: Connection) -> list[PersonRef]:
    return [PersonRef(*one) for one in _refs(connection, _person)]


def _refs(connection: Connection, rows: Any) -> list[Any]:
    return list(connection.execute(select(rows.c.id, rows.c.uid).order_by(rows.c.id)))
