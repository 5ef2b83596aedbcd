"""What a read is given: connection, actor and moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable

from ais_app.clock import SchoolMoment, local_time, school_moment
from ais_app.rights.rules import Actor, Hat


@dataclass(frozen=True, slots=True)
class Reading:
    """One read for an actor at one moment; day, zone and clock of the school are derived here and nowhere else.

    It is the first argument of every read for a page, a route or a channel; helpers take what they need of it.
    """

    connection: Connection
    actor: Actor
    moment: SchoolMoment

    @classmethod
    def at(cls, connection: Connection, actor: Actor, now: datetime) -> Reading:
        """A read at the moment `now`, with its day in the zone of the actor's school."""
        return cls(connection, actor, school_moment(now, actor.hat.zone))

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        return self.connection.execute(statement, parameters)

    @property
    def hat(self) -> Hat:
        return self.actor.hat

    @property
    def zone(self) -> str:
        """The zone of the actor's school."""
        return self.actor.hat.zone

    @property
    def now(self) -> datetime:
        return self.moment.now

    @property
    def today(self) -> date:
        """The calendar day in the zone of the school."""
        return self.moment.day

    @property
    def clock(self) -> datetime:
        """The local time of the school, without its zone: for comparing with bells and terms."""
        return local_time(self.moment.now, self.zone)
