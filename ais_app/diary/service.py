"""Use cases of the diary: a guardian has seen a week; what guardians have seen comes back with a whole school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select

from ais_app.access.errors import NotYours
from ais_app.access.rules import Actor, Right
from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.diary import queries
from ais_app.diary.models import Acknowledgement
from ais_app.journal.events import announce_diaries
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import Item
from ais_app.school.models import Person
from ais_app.school.rules import PersonRef, SchoolRef
from ais_app.school.service.operation import SettingUp, must_be_of_school, put_rows

_acknowledgement = table(Acknowledgement)


@dataclass(frozen=True, slots=True)
class RestoredAcknowledgement:
    """A week that a guardian had seen where the school comes from, and when he said so."""

    student: PersonRef
    guardian: PersonRef
    monday: date
    at: datetime


def acknowledge(uow: UnitOfWork, actor: Actor, student_uid: str, monday: date) -> None:
    """Record that the actor has seen the week of his child that begins on `monday`; once is enough.

    Raises NotYours for a foreign child, for who is no guardian, and for a week that has not begun.
    """
    chain = ledger.lock(uow, ledger.school_chain(actor.hat.school_uid))
    today = local_date(uow.now, actor.hat.zone)
    student_id = queries.student_id(uow.connection, actor, student_uid, today)
    if not actor.may(Right.ACKNOWLEDGE) or student_id is None or monday.isoweekday() != 1 or monday > today:
        raise NotYours
    place = {"student_id": student_id, "monday": monday, "guardian_id": actor.hat.person_id}
    known = uow.execute(select(_acknowledgement.c.id).filter_by(**place)).first()
    if known is not None:
        return
    uow.execute(insert(_acknowledgement).values(**place, at=uow.now))
    after = {"student": student_uid, "monday": monday.isoformat(), "guardian": actor.hat.person_uid}
    item = Item("acknowledgement", f"{student_uid}:{monday.isoformat()}", None, after)
    ledger.append(uow, chain, actor.author, "week_acknowledged", [item])
    announce_diaries(uow, [student_uid])


def restore_acknowledgements(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, seen: Sequence[RestoredAcknowledgement]
) -> None:
    """Write down which weeks were seen, by whom and when; only into a school that was opened for it.

    Raises NotYours when somebody is of another school.
    """
    operation = SettingUp(uow, actor, school, "acknowledgements_restored")
    must_be_of_school(uow, school, Person, {ref.id for one in seen for ref in (one.student, one.guardian)})
    rows = [
        {"student_id": one.student.id, "monday": one.monday, "guardian_id": one.guardian.id, "at": one.at}
        for one in seen
    ]
    put_rows(uow, Acknowledgement, rows)
    for one in seen:
        after = {"student": one.student.uid, "monday": one.monday, "guardian": one.guardian.uid}
        operation.added("acknowledgement", f"{one.student.uid}:{one.monday.isoformat()}", after)
    operation.record()
