"""Closing a grading period: from then on nothing in it changes, whatever the origin (S-30)."""

from __future__ import annotations

from sqlalchemy import select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.db.feeds import bump
from ais_app.journal.errors import AlreadyClosed
from ais_app.journal.events import CourseChanged, feed_of
from ais_app.journal.kinds import PERIOD_CLOSED
from ais_app.journal.windows.models import PeriodLock
from ais_app.journal.windows.records import PERIOD_LOCK
from ais_app.ledger.operation import operation
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right
from ais_app.school.models import Course, GradingPeriod, PeriodScheme

_course = table(Course)
_lock = table(PeriodLock)
_period = table(GradingPeriod)
_scheme = table(PeriodScheme)


def close_period(uow: UnitOfWork, actor: Actor, period_uid: str) -> None:
    """Close a period for every course of its scheme. Raises NotYours, AlreadyClosed."""
    with operation(uow, actor, PERIOD_CLOSED, Right.CLOSE_PERIOD) as op:
        row = uow.execute(
            select(_period.c.id, _period.c.scheme_id, _lock.c.closed_at)
            .join(_scheme, _scheme.c.id == _period.c.scheme_id)
            .outerjoin(_lock, _lock.c.period_id == _period.c.id)
            .where(_period.c.uid == period_uid, _scheme.c.school_id == actor.hat.school_id)
        ).one_or_none()
        if row is None:
            raise NotYours
        if row.closed_at is not None:
            raise AlreadyClosed
        op.insert(PERIOD_LOCK, {"period_id": row.id, "closed_at": op.now, "closed_by": actor.account_uid})
        for course_uid in uow.execute(
            select(_course.c.uid).where(_course.c.scheme_id == row.scheme_id).order_by(_course.c.uid)
        ).scalars():
            sequence = bump(uow, feed_of(course_uid))
            op.announce(CourseChanged(course_uid, sequence, "", actor.hat.person_uid, reload=True))
