"""Reads of schools and of names that every room may need."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.people.models import Person, School
from ais_app.people.names import Name, Spelling, by_name, told_apart
from ais_app.people.rules import SchoolRef

_school = table(School)
_person = table(Person)

_NAMES = Prepared(
    select(_person.c.uid, _person.c.family_name, _person.c.given_name, _person.c.patronymic)
    .where(_person.c.uid.in_(bindparam("people", expanding=True)))
    .order_by(*by_name(_person))
)


def names_of(connection: Connection, person_uids: set[str]) -> dict[str, str]:
    """{uid: «Орлова Н. В.»} of persons whose records the caller may already see, namesakes told apart."""
    if not person_uids:
        return {}
    rows = _NAMES.all(connection, {"people": sorted(person_uids)})
    return told_apart({row.uid: Name.of(row) for row in rows}, Spelling.SIGNED)


def school_by_uid(connection: Connection, uid: str) -> SchoolRef | None:
    row = connection.execute(select(_school).where(_school.c.uid == uid)).one_or_none()
    return None if row is None else SchoolRef(row.id, row.uid, row.zone)


def schools(connection: Connection) -> list[tuple[str, str]]:
    """(uid, name) of every school of the installation, for whoever runs its commands."""
    return [(row.uid, row.name) for row in connection.execute(select(_school).order_by(_school.c.id))]


def login_name(connection: Connection) -> tuple[str, bool]:
    """The short name of the only school (for the login page) and whether a demonstration school is here."""
    rows = connection.execute(select(_school.c.short_name, _school.c.demonstration)).all()
    return (rows[0].short_name if len(rows) == 1 else "", any(row.demonstration for row in rows))
