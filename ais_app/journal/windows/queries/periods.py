"""Grading periods with their locks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.windows.models import PeriodLock
from ais_app.school.models import Course, GradingPeriod

_period = table(GradingPeriod)
_lock = table(PeriodLock)
_course = table(Course)
_lesson = table(Lesson)

# Built once: an edit asks for periods, terms, columns and students each time.
_PERIODS = Prepared(
    select(_period, _lock.c.closed_at)
    .select_from(_period)
    .outerjoin(_lock, _lock.c.period_id == _period.c.id)
    .where(_period.c.scheme_id == bindparam("scheme"))
    .order_by(_period.c.ordinal)
)


@dataclass(frozen=True, slots=True)
class PeriodRow:
    id: int
    uid: str
    name: str
    first: date
    last: date
    closed: bool


def periods(connection: Connection, scheme_id: int) -> list[PeriodRow]:
    """The grading periods of a scheme in order, with their locks."""
    rows = _PERIODS.all(connection, {"scheme": scheme_id})
    return [PeriodRow(row.id, row.uid, row.name, row.starts_on, row.ends_on, row.closed_at is not None) for row in rows]


def present_period(found: Sequence[PeriodRow], day: date) -> PeriodRow:
    """The period of `day`; between two of them the one before, before the first the first."""
    started = [period for period in found if period.first <= day]
    return started[-1] if started else found[0]


def closed_on(found: Sequence[PeriodRow], day: date) -> bool:
    """Whether `day` lies in a closed period."""
    return any(period.closed and period.first <= day <= period.last for period in found)


def in_closed_period() -> ColumnElement[bool]:
    """A condition on `lesson` joined with its `course`: its day lies in a closed period of the course's scheme."""
    return (
        select(_lock.c.id)
        .join(_period, _period.c.id == _lock.c.period_id)
        .where(
            _period.c.scheme_id == _course.c.scheme_id, _lesson.c.day.between(_period.c.starts_on, _period.c.ends_on)
        )
        .exists()
    )
