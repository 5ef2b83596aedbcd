"""The objects that a process has once: settings, database, sessions, bus, push, hub. Connected in `ais_app.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Concatenate, ParamSpec, TypeVar

from ais_app.access.sessions import SessionRegistry
from ais_app.clock import Clock, ShiftedClock, SystemClock
from ais_app.db import Database
from ais_app.live.bus import Bus, MemoryBus, RedisBus
from ais_app.live.hub import Hub
from ais_app.live.push import Push
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor
from ais_app.settings import Settings, settings

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    database: Database
    sessions: SessionRegistry
    bus: Bus
    push: Push
    hub: Hub

    async def read(
        self, actor: Actor, work: Callable[Concatenate[Reading, P], T], *arguments: P.args, **named: P.kwargs
    ) -> T:
        """Run a read for this actor, at this moment, in a reader's thread."""
        now = self.database.clock.now()
        return await self.database.aread(
            lambda connection: work(Reading.at(connection, actor, now), *arguments, **named)
        )


def build(chosen: Settings) -> Services:
    """Make the objects of a process for these settings."""
    clock: Clock = ShiftedClock(chosen.clock) if chosen.clock else SystemClock()
    database = Database(chosen.database, clock)
    sessions = SessionRegistry(database, secure_only=chosen.is_https)
    bus: Bus = RedisBus(chosen.redis_url) if chosen.redis_url else MemoryBus()
    push = Push()
    return Services(chosen, database, sessions, bus, push, Hub(bus, push, sessions.forget))


@cache
def services() -> Services:
    """The objects of this process, made at the first call."""
    return build(settings())
