"""Looking at the installation every few seconds: figures for `/metrics`, alarms for its administrator."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ais_app.db import Database
from ais_app.metrics import rules
from ais_app.metrics.queries import Stored, stored
from ais_app.metrics.rules import Alarm, Limits, Name, Standing

log = structlog.get_logger("alarms")
LOOK_SECONDS, WEIGH_SECONDS = 10.0, 60.0
Changed = Callable[[Sequence[Alarm]], Awaitable[None]]
Lag = Callable[[], timedelta]


@dataclass(frozen=True, slots=True)
class Disk:
    """`data`: bytes of the data folder, `free`: what its disk has left."""

    data: int
    free: int


@dataclass(slots=True)
class Refusals:
    """How many attempts were refused in the last `rules.WINDOW`, of the sums of each day."""

    _day: date | None = None
    _sum: int = 0
    _added: deque[tuple[float, int]] = field(default_factory=deque[tuple[float, int]])

    def look(self, day: date, total: int, now: float) -> int:
        """`total` of the `day` so far; `now` in seconds of a clock that only goes forward."""
        if self._day is not None:
            self._added.append((now, max(0, total - (self._sum if day == self._day else 0))))
        self._day, self._sum = day, total
        while self._added and now - self._added[0][0] > rules.WINDOW.total_seconds():
            self._added.popleft()
        return sum(number for _at, number in self._added)


class Watch:
    """The watch of a process. `alarms`: those that stand; `stored` and `disk`: what was seen last, None = nothing yet.

    `changed(alarms)` is called when others stand than before. `witness_lag` is set by whoever writes the witness.
    """

    def __init__(self, database: Database, data: Path, limits: Limits, changed: Changed) -> None:
        self._database, self._data, self._limits, self._changed = database, data, limits, changed
        self.witness_lag: Lag = timedelta
        self.alarms: tuple[Alarm, ...] = ()
        self.stored: Stored | None = None
        self.disk: Disk | None = None
        self._weighed = -WEIGH_SECONDS
        self._latest: datetime | None = None
        self._refusals, self._refused = Refusals(), 0

    async def run(self) -> None:
        """Look on and on until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Look once. What cannot be looked at stays as it was seen last."""
        try:
            await self._read()
        except SQLAlchemyError as error:
            log.warning("not_looked_at", what="database", error=type(error).__name__)
        if monotonic() - self._weighed >= WEIGH_SECONDS:
            try:
                self.disk = await asyncio.to_thread(weigh, self._data)
                self._weighed = monotonic()
            except OSError as error:
                log.warning("not_looked_at", what="disk", error=type(error).__name__)
        await self._decide()

    async def _read(self) -> None:
        now = self._database.clock.now()
        self.stored = await self._database.aread(stored, now, now.date())
        self._refused = self._refusals.look(now.date(), self.stored.refused_today, monotonic())

    async def _decide(self) -> None:
        now, before = self._database.clock.now(), {alarm.name: alarm for alarm in self.alarms}
        self.alarms = tuple(rules.alarms(self._standing(now), self._limits))
        self._latest = max(now, self._latest or now)
        present = {alarm.name: alarm for alarm in self.alarms}
        for name in Name:
            if name in present and (name not in before or before[name].level != present[name].level):
                log.warning("alarm_begins", alarm=name.value, level=int(present[name].level), value=present[name].value)
            elif name in before and name not in present:
                log.warning("alarm_ends", alarm=name.value)
        if tuple(before.values()) != self.alarms:
            await self._changed(self.alarms)

    def _standing(self, now: datetime) -> Standing:
        seen, free = self.stored, self.disk.free if self.disk is not None else 1 << 62
        moments = [one for one in (self._latest, seen.latest if seen else None) if one is not None]
        if seen is None:
            return Standing(now, max(moments, default=None), free_disk=free, witness_lag=self.witness_lag())
        return Standing(
            now,
            max(moments, default=None),
            seen.database_ahead,
            self._refused,
            seen.failed_jobs,
            free,
            self.witness_lag(),
            seen.check_due,
            seen.check_faults,
            seen.check_failed,
        )


def weigh(folder: Path) -> Disk:
    """How much a folder holds, links not followed, and how much its disk has left. Raises OSError."""
    total = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).lstat().st_size
            except OSError:  # gone meanwhile
                continue
    return Disk(total, shutil.disk_usage(folder).free)
