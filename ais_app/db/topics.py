"""Durable sequence numbers of live topics: bumped in the transaction of the change they announce (D-18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import Field, SQLModel

from ais_app.db.columns import table
from ais_app.db.prepared import Prepared
from ais_app.db.unit_of_work import UnitOfWork


class TopicSequence(SQLModel, table=True):
    """The number of the last committed change of a topic such as `course:<uid>`."""

    __tablename__: ClassVar[Any] = "topic_sequence"

    topic: str = Field(primary_key=True, max_length=64)
    sequence: int = 0


_topics = table(TopicSequence)
_BUMP = Prepared(
    update(_topics)
    .where(_topics.c.topic.in_(bindparam("topics", expanding=True)))
    .values(sequence=_topics.c.sequence + 1)
    .returning(_topics.c.topic, _topics.c.sequence)
)


def bump(uow: UnitOfWork, topic: str) -> int:
    """Count one change of `topic`; returns its new number (the first is 1)."""
    return bump_all(uow, [topic])[topic]


def bump_all(uow: UnitOfWork, topics: Sequence[str]) -> dict[str, int]:
    """Count one change of each topic; returns their new numbers."""
    if not topics:
        return {}
    bumped = {row.topic: row.sequence for row in uow.execute(_BUMP, {"topics": list(topics)})}
    missing = [topic for topic in topics if topic not in bumped]
    if missing:
        uow.execute(insert(_topics), [{"topic": topic, "sequence": 1} for topic in missing])
    return bumped | dict.fromkeys(missing, 1)


def sequence_of(connection: Connection, topic: str) -> int:
    """The number of the last change of `topic`, 0 when nothing happened yet."""
    return connection.execute(select(_topics.c.sequence).where(_topics.c.topic == topic)).scalar_one_or_none() or 0
