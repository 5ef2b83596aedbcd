"""Durable sequence numbers of live feeds: bumped in the transaction of the change they announce (D-18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import Field, SQLModel

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.db.unit_of_work import UnitOfWork


class FeedSequence(SQLModel, table=True):
    """The number of the last committed change of a feed such as `course:<uid>`."""

    __tablename__: ClassVar[Any] = "topic_sequence"

    topic: str = Field(primary_key=True, max_length=64)
    sequence: int = 0


_feeds = table(FeedSequence)
_BUMP = Prepared(
    update(_feeds)
    .where(_feeds.c.topic.in_(bindparam("feeds", expanding=True)))
    .values(sequence=_feeds.c.sequence + 1)
    .returning(_feeds.c.topic, _feeds.c.sequence)
)


def bump(uow: UnitOfWork, feed: str) -> int:
    """Count one change of `feed`; returns its new number (the first is 1)."""
    return bump_all(uow, [feed])[feed]


def bump_all(uow: UnitOfWork, feeds: Sequence[str]) -> dict[str, int]:
    """Count one change of each feed; returns their new numbers."""
    if not feeds:
        return {}
    bumped = {row.topic: row.sequence for row in uow.execute(_BUMP, {"feeds": list(feeds)})}
    missing = [feed for feed in feeds if feed not in bumped]
    if missing:
        uow.execute(insert(_feeds), [{"topic": feed, "sequence": 1} for feed in missing])
    return bumped | dict.fromkeys(missing, 1)


def sequence_of(connection: Connection, feed: str) -> int:
    """The number of the last change of `feed`, 0 when nothing happened yet."""
    return connection.execute(select(_feeds.c.sequence).where(_feeds.c.topic == feed)).scalar_one_or_none() or 0
