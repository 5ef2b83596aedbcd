"""Use cases of the diary: a guardian has seen a week."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select

from ais_app.access.errors import NotYours
from ais_app.access.operation import operation
from ais_app.access.rules import Actor, Right
from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.diary import queries
from ais_app.diary.kinds import WEEK_ACKNOWLEDGED
from ais_app.diary.models import Acknowledgement
from ais_app.journal.events import announce_diaries

_acknowledgement = table(Acknowledgement)


def acknowledge(uow: UnitOfWork, actor: Actor, student_uid: str, monday: date) -> None:
    """Record that the actor has seen the week of his child that begins on `monday`; once is enough.

    Raises NotYours for a foreign child, for who is no guardian, and for a week that has not begun.
    """
    with operation(uow, actor, WEEK_ACKNOWLEDGED, Right.ACKNOWLEDGE) as op:
        today = local_date(op.now, actor.hat.zone)
        student_id = queries.student_id(uow.connection, actor, student_uid, today)
        if student_id is None or monday.isoweekday() != 1 or monday > today:
            raise NotYours
        place = {"student_id": student_id, "monday": monday, "guardian_id": actor.hat.person_id}
        if uow.execute(select(_acknowledgement.c.id).filter_by(**place)).first() is not None:
            return
        uow.execute(insert(_acknowledgement).values(**place, at=op.now))
        after = {"student": student_uid, "monday": monday, "guardian": actor.hat.person_uid}
        op.added("acknowledgement", f"{student_uid}:{monday.isoformat()}", after)
        announce_diaries(op, [student_uid])
