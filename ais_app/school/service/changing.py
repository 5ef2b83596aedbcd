"""Changing what a school has: its name, personal details, dated memberships, class teachers and guardianships.

Rows are never deleted: they end on a day. Each use case is one operation of the school's ledger.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from ais_app.db import UnitOfWork
from ais_app.db.columns import nfc, pairs
from ais_app.ledger.kinds import Kind
from ais_app.ledger.records import Record
from ais_app.people.models import Person
from ais_app.people.records import GUARDIANSHIP, PERSON, SCHOOL
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor
from ais_app.school import kinds, rules
from ais_app.school.models import Group, SchoolClass
from ais_app.school.records import CLASS_LEADING, ENROLLMENT
from ais_app.school.service.operation import columns_of, must_be_of_school, setting_up


def rename_school(uow: UnitOfWork, actor: Actor, school: SchoolRef, name: str) -> None:
    """Give a school another name; its short name stays."""
    with setting_up(uow, actor, school, kinds.SCHOOL_RENAMED) as op:
        op.update(SCHOOL, school.id, name=nfc(name))


def change_people(uow: UnitOfWork, actor: Actor, school: SchoolRef, changes: Sequence[rules.PersonChange]) -> None:
    """Give persons of the school their new details; the ledger keeps those that changed, as texts that can be erased.

    Raises NotYours when one of them is not of this school.
    """
    with setting_up(uow, actor, school, kinds.PEOPLE_CHANGED) as op:
        must_be_of_school(uow, school, Person, {one.person.id for one in changes})
        op.update_all(PERSON, {one.person.id: columns_of(one.after) for one in changes})


def change_memberships(uow: UnitOfWork, actor: Actor, school: SchoolRef, changes: Sequence[rules.TermChange]) -> None:
    """Add students to groups, and change the days of those who are in them."""
    change_terms(uow, actor, school, (kinds.MEMBERSHIPS_CHANGED, ENROLLMENT, "group_id", Group), changes)


def change_class_teachers(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, changes: Sequence[rules.TermChange]
) -> None:
    """Appoint class teachers, and change the days of those who are."""
    change_terms(uow, actor, school, (kinds.CLASS_TEACHERS_CHANGED, CLASS_LEADING, "class_id", SchoolClass), changes)


def end_guardianships(uow: UnitOfWork, actor: Actor, school: SchoolRef, ends: Sequence[rules.GuardianshipEnd]) -> None:
    """End guardianships on a day, from which on the guardian does not see the diary. Raises NotYours."""
    with setting_up(uow, actor, school, kinds.GUARDIANS_ENDED) as op:
        must_be_of_school(uow, school, Person, {one.student.id for one in ends})
        _must_belong(uow, GUARDIANSHIP, "student_id", {one.row: one.student.id for one in ends})
        op.update_all(GUARDIANSHIP, {one.row: {"valid_to": one.on} for one in ends})


def change_terms(
    uow: UnitOfWork,
    actor: Actor,
    school: SchoolRef,
    target: tuple[Kind, Record, str, type],
    changes: Sequence[rules.TermChange],
) -> None:
    """Insert and update the dated rows of `changes` as one operation; `target` = (its kind, their record, the column of
    their owner, its model).

    Raises NotYours when an owner or a person is not of this school, or a row is of another owner.
    """
    kind, record, owner, owners = target
    with setting_up(uow, actor, school, kind) as op:
        must_be_of_school(uow, school, owners, {one.owner_id for one in changes})
        must_be_of_school(uow, school, Person, {one.person.id for one in changes})
        _must_belong(uow, record, owner, {one.row: one.owner_id for one in changes if one.row is not None})
        noted = "note" in record.fields
        new = [
            {
                owner: one.owner_id,
                "person_id": one.person.id,
                **columns_of(one.after),
                **({"note": one.note} if noted else {}),
            }
            for one in changes
            if one.row is None
        ]
        op.insert_all(record, new)
        op.update_all(record, {one.row: columns_of(one.after) for one in changes if one.row is not None})


def _must_belong(uow: UnitOfWork, record: Record, owner: str, rows: dict[int, int]) -> None:
    """Raise NotYours unless these rows, {id: owner's id}, are there and of these owners."""
    held = record.table
    if rows and pairs(uow.execute(select(held.c.id, held.c[owner]).where(held.c.id.in_(rows)))) != rows:
        raise NotYours
