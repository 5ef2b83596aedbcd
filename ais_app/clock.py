"""Clocks, the only source of «now», and days and times in a school's zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones


class Clock(Protocol):
    """Answers the present moment, always in UTC and aware."""

    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class ShiftedClock:
    """A clock that started at a chosen moment and runs on from there; `AIS_CLOCK` makes one for tests."""

    start: datetime
    _origin: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.start + (datetime.now(UTC) - self._origin)


@dataclass(slots=True)
class SetClock:
    """A clock that shows `moment` until it is moved: for unit tests and for writing past school days."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def advance(self, **timedelta_arguments: float) -> None:
        self.moment += timedelta(**timedelta_arguments)


def local_time(moment: datetime, zone: str) -> datetime:
    """`moment` as the school's clock shows it, without its zone: for comparing with bells and terms."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class SchoolMoment:
    """A moment and its calendar day in the school's zone: for comparing with terms in hours and in days."""

    now: datetime
    day: date


def school_moment(now: datetime, zone: str) -> SchoolMoment:
    return SchoolMoment(now, local_date(now, zone))


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day of `moment` in the school's zone."""
    return _day_of_minute(int(moment.timestamp() // 60), zone)


@lru_cache(maxsize=256)
def _day_of_minute(minute: int, zone: str) -> date:
    """The day of a minute since 1970: no day of this century begins within one. Cached: every edit needs it."""
    return datetime.fromtimestamp(minute * 60, ZoneInfo(zone)).date()


@cache
def zones() -> frozenset[str]:
    """The names of all zones."""
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    return name in zones()
