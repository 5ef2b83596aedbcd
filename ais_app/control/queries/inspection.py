"""The recorded views of an inspector, among the journals that he may open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from ais_app.db.columns import pairs, table
from ais_app.journal.courses.queries.courses import readable, reader
from ais_app.journal.kinds import JOURNAL_VIEWED
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right
from ais_app.school.models import Course, SchoolClass

LAST = 8

_course = table(Course)
_class = table(SchoolClass)


@dataclass(frozen=True, slots=True)
class RecordedView:
    """A journal that was looked at, and when last."""

    course: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Inspected:
    """How many journals are open to the actor, how many he has opened, and the last of them."""

    journals: int
    opened: int
    last: list[RecordedView]


def inspected(reading: Reading) -> Inspected:
    """What the actor has opened, by his own recorded views."""
    open_now = readable(reading.actor.scopes(Right.SEE_JOURNAL))
    journals = reading.execute(
        select(func.count()).select_from(_course).where(open_now), reader(reading.actor, reading.today)
    ).scalar_one()
    chain, account = school_chain(reading.hat.school_uid), reading.actor.account_uid
    seen = ledger.touched_by(reading.connection, chain, account, JOURNAL_VIEWED.name)
    last = list(seen)[:LAST]
    rows = reading.execute(
        select(_course.c.uid, func.coalesce(_class.c.name + ", ", "") + _course.c.name)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .where(_course.c.uid.in_(last), open_now),
        reader(reading.actor, reading.today),
    )
    titles = pairs(rows)
    return Inspected(journals, len(seen), [RecordedView(uid, titles[uid], seen[uid]) for uid in last if uid in titles])
