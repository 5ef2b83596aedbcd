"""Changing what a school has: its name, personal details, dated memberships, class teachers and guardianships.

Rows are never deleted: they end on a day. Each use case is one operation of the school's ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, update

from ais_app.db import UnitOfWork
from ais_app.db.columns import nfc, table
from ais_app.people.models import Guardianship, Person, School
from ais_app.people.rules import SchoolRef
from ais_app.rights.rules import Actor
from ais_app.school import rules
from ais_app.school.models import ClassLeading, Enrollment, Group, SchoolClass
from ais_app.school.service.operation import SettingUp, must_be_of_school, person_in_ledger

_school = table(School)
_person = table(Person)
_guardianship = table(Guardianship)


def rename_school(uow: UnitOfWork, actor: Actor, school: SchoolRef, before: str, after: str) -> None:
    """Give a school another name; its short name stays."""
    operation, after = SettingUp(uow, actor, school, "school_renamed"), nfc(after)
    uow.execute(update(_school).where(_school.c.id == school.id).values(name=after))
    operation.changed("school", school.uid, {"name": before}, {"name": after})
    operation.record()


def change_people(uow: UnitOfWork, actor: Actor, school: SchoolRef, changes: Sequence[rules.PersonChange]) -> None:
    """Give persons of the school their new details; the ledger keeps those that changed, as texts that can be erased.

    Raises NotYours when one of them is not of this school.
    """
    operation = SettingUp(uow, actor, school, "people_changed")
    must_be_of_school(uow, school, Person, {one.person.id for one in changes})
    for one in changes:
        uow.execute(
            update(_person)
            .where(_person.c.id == one.person.id, _person.c.school_id == school.id)
            .values(
                family_name=one.after.family_name,
                given_name=one.after.given_name,
                patronymic=one.after.patronymic,
                birth_date=one.after.birth_date,
            )
        )
        before, after = person_in_ledger(one.before), person_in_ledger(one.after)
        changed = [field for field in before | after if before.get(field) != after.get(field)]
        operation.changed(
            "person",
            one.person.uid,
            {field: before[field] for field in changed if field in before},
            {field: after[field] for field in changed if field in after},
        )
    operation.record()


def change_memberships(uow: UnitOfWork, actor: Actor, school: SchoolRef, changes: Sequence[rules.TermChange]) -> None:
    """Add students to groups, and change the days of those who are in them."""
    operation = SettingUp(uow, actor, school, "memberships_changed")
    write_terms(uow, school, (Enrollment, "group_id", Group), changes)
    record_terms(operation, "membership", changes)
    operation.record()


def change_class_teachers(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, changes: Sequence[rules.TermChange]
) -> None:
    """Appoint class teachers, and change the days of those who are."""
    operation = SettingUp(uow, actor, school, "class_teachers_changed")
    write_terms(uow, school, (ClassLeading, "class_id", SchoolClass), changes)
    record_terms(operation, "class_leading", changes)
    operation.record()


def end_guardianships(uow: UnitOfWork, actor: Actor, school: SchoolRef, ends: Sequence[rules.GuardianshipEnd]) -> None:
    """End guardianships on a day, from which on the guardian does not see the diary. Raises NotYours."""
    operation = SettingUp(uow, actor, school, "guardians_ended")
    must_be_of_school(uow, school, Person, {one.student.id for one in ends})
    for one in ends:
        of_student = (_guardianship.c.id == one.row) & (_guardianship.c.student_id == one.student.id)
        uow.execute(update(_guardianship).where(of_student).values(valid_to=one.on))
        operation.changed(
            "guardianship",
            f"{one.guardian.uid}:{one.student.uid}",
            {"from": one.before.valid_from, "to": one.before.valid_to},
            {"from": one.before.valid_from, "to": one.on},
        )
    operation.record()


def write_terms(
    uow: UnitOfWork, school: SchoolRef, target: tuple[Any, str, Any], changes: Sequence[rules.TermChange]
) -> None:
    """Insert and update the dated rows of `changes`; `target` = (their model, the column of their owner, its model).

    Raises NotYours when an owner or a person is not of this school.
    """
    model, owner, owners = target
    must_be_of_school(uow, school, owners, {one.owner_id for one in changes})
    must_be_of_school(uow, school, Person, {one.person.id for one in changes})
    rows = table(model)
    noted = "note" in rows.c
    new = [
        {
            owner: one.owner_id,
            "person_id": one.person.id,
            "valid_from": one.after.valid_from,
            "valid_to": one.after.valid_to,
            **({"note": one.note} if noted else {}),
        }
        for one in changes
        if one.row is None
    ]
    moved = [
        {"row": one.row, "owner": one.owner_id, "first": one.after.valid_from, "last": one.after.valid_to}
        for one in changes
        if one.row is not None
    ]
    if new:
        uow.execute(insert(rows), new)
    if moved:
        statement = update(rows).where(rows.c.id == bindparam("row"), rows.c[owner] == bindparam("owner"))
        uow.execute(statement.values(valid_from=bindparam("first"), valid_to=bindparam("last")), moved)


def record_terms(operation: SettingUp, entity: str, changes: Sequence[rules.TermChange]) -> None:
    """Add an item for each changed row to an operation."""
    for one in changes:
        before = None if one.before is None else {"from": one.before.valid_from, "to": one.before.valid_to}
        after = {"from": one.after.valid_from, "to": one.after.valid_to}
        operation.changed(entity, f"{one.owner_uid}:{one.person.uid}", before, after)
