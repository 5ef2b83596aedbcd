"""Persons without their names (D-61): «7А, ученик 14» for students, the word of a role for everybody else.

A student has the same number wherever this inspector reads, and another one for another inspector. Whoever comes to a
class later comes after those who were there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from ais_app.access.labels import role_name
from ais_app.access.models import RoleAssignment
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.people.models import Person
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Role
from ais_app.school.models import Enrollment, SchoolClass

_person, _assignment = table(Person), table(RoleAssignment)
_enrollment, _class = table(Enrollment), table(SchoolClass)


def numbered(reading: Reading, uids: Sequence[str]) -> dict[str, str]:
    """{person uid: what he is called without his name}."""
    classes = _last_classes(reading, uids)
    numbers = {row.class_id: _numbers(reading, row.class_id) for row in classes.values()}
    found = {
        uid: _("{name}, student {number}").format(name=row.name, number=numbers[row.class_id][uid])
        for uid, row in classes.items()
    }
    return _roles(reading, [uid for uid in uids if uid not in found]) | found


def _last_classes(reading: Reading, uids: Sequence[str]) -> dict[str, Any]:
    """{student uid: row with `class_id` and `name` of the class that he came to last}."""
    rows = reading.execute(
        select(_person.c.uid, _class.c.id.label("class_id"), _class.c.name)
        .select_from(_person)
        .join(_enrollment, _enrollment.c.person_id == _person.c.id)
        .join(_class, _class.c.group_id == _enrollment.c.group_id)
        .where(_person.c.uid.in_(uids), _class.c.school_id == reading.hat.school_id)
        .order_by(_enrollment.c.valid_from, _enrollment.c.id)
    )
    return {row.uid: row for row in rows}


def _numbers(reading: Reading, class_id: int) -> dict[str, int]:
    """{student uid: his number} of everybody who has ever been in a class."""
    rows = reading.execute(
        select(_person.c.uid, func.min(_enrollment.c.valid_from).label("came"))
        .select_from(_class)
        .join(_enrollment, _enrollment.c.group_id == _class.c.group_id)
        .join(_person, _person.c.id == _enrollment.c.person_id)
        .where(_class.c.id == class_id)
        .group_by(_person.c.uid)
    )
    reader = reading.actor.account_uid

    def place(row: Any) -> tuple[date, str]:
        return row.came, hashlib.sha256(f"{reader}:{row.uid}".encode()).hexdigest()

    return {row.uid: number for number, row in enumerate(sorted(rows, key=place), 1)}


def _roles(reading: Reading, uids: Sequence[str]) -> dict[str, str]:
    """{person uid: his role}; of several the first in the order of the roles."""
    if not uids:
        return {}
    rows = reading.execute(
        select(_person.c.uid, _assignment.c.role)
        .join(_assignment, _assignment.c.person_id == _person.c.id)
        .where(_person.c.uid.in_(uids))
    )
    held: dict[str, set[Role]] = {}
    for row in rows:
        held.setdefault(row.uid, set()).add(Role(row.role))
    worn = {uid: role_name(next(role for role in Role if role in roles)) for uid, roles in held.items()}
    return {uid: worn.get(uid, _("a person")) for uid in uids}
