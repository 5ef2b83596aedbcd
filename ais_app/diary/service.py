"""Use cases of the diary: a guardian has seen a week, an account has looked; acknowledgements are restored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update

from ais_app.access.models import Account
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.diary import queries
from ais_app.diary.kinds import ACKNOWLEDGEMENTS_RESTORED, WEEK_ACKNOWLEDGED
from ais_app.diary.models import Acknowledgement, DiaryVisit
from ais_app.diary.queries.acknowledgements import since_signed
from ais_app.diary.records import ACKNOWLEDGEMENT
from ais_app.diary.rules import known_until
from ais_app.journal.events import announce_diaries
from ais_app.ledger.operation import operation
from ais_app.people.models import Person
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.school.rules import PersonRef
from ais_app.school.service.operation import must_be_of_school, setting_up

_acknowledgement = table(Acknowledgement)
_visit = table(DiaryVisit)
_account = table(Account)


@dataclass(frozen=True, slots=True)
class RestoredAcknowledgement:
    """An acknowledgement of another installation, from which the school is taken over."""

    student: PersonRef
    guardian: PersonRef
    monday: date
    at: datetime


def acknowledge(uow: UnitOfWork, actor: Actor, student_uid: str, monday: date) -> None:
    """Record that the actor has seen the week of his child that begins on `monday`; once is enough, unless something
    was corrected or remarked afterwards: that is signed anew, and the earlier signature stays with its moment.

    Raises NotYours for a foreign child, for who is no guardian, and for a week that has not begun.
    """
    with operation(uow, actor, WEEK_ACKNOWLEDGED, Right.ACKNOWLEDGE) as op:
        student_id = queries.student_id(op.reading, student_uid)
        if student_id is None or monday.isoweekday() != 1 or monday > op.reading.today:
            raise NotYours
        signed = {"student_id": student_id, "monday": monday, "guardian_id": actor.hat.person_id}
        known = uow.execute(select(_acknowledgement.c.id).filter_by(**signed)).first()
        if known is not None:
            since = since_signed(op.reading, (student_id, student_uid), monday)
            if since is None or not since.news:
                return
        op.insert(ACKNOWLEDGEMENT, {**signed, "at": op.now})
        announce_diaries(op, [student_uid])


def restore_acknowledgements(
    uow: UnitOfWork, actor: Actor, school: SchoolRef, seen: Sequence[RestoredAcknowledgement]
) -> None:
    """Write down which weeks were seen, by whom and when; only into a school that was opened for it.

    Raises NotYours when somebody is of another school.
    """
    with setting_up(uow, actor, school, ACKNOWLEDGEMENTS_RESTORED) as op:
        must_be_of_school(uow, school, Person, {ref.id for one in seen for ref in (one.student, one.guardian)})
        rows = [
            {"student_id": one.student.id, "monday": one.monday, "guardian_id": one.guardian.id, "at": one.at}
            for one in seen
        ]
        op.insert_all(ACKNOWLEDGEMENT, rows)


def note_visit(uow: UnitOfWork, actor: Actor, student_uid: str) -> None:
    """Remember that the account looks at this diary now. It is not in the ledger, since no right depends on it.

    Raises NotYours for a diary that it may not open.
    """
    student_id = queries.student_id(Reading.at(uow.connection, actor, uow.now), student_uid)
    if student_id is None:
        raise NotYours
    uow.execute(select(_account.c.id).where(_account.c.id == actor.account_id).with_for_update())
    visitor = {"account_id": actor.account_id, "student_id": student_id}
    row = uow.execute(select(_visit).filter_by(**visitor)).one_or_none()
    if row is None:
        uow.execute(insert(_visit).values(**visitor, known=uow.now, looked=uow.now))
        return
    known = known_until(row.known, row.looked, uow.now)
    uow.execute(update(_visit).where(_visit.c.id == row.id).values(known=known, looked=uow.now))
