"""Which alarms stand for what was looked at. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

WINDOW = timedelta(minutes=10)  # for which refusals are counted
FAILED_FOR = timedelta(days=1)  # for which a failed job is an alarm
MANY_FAILED = 5
CLOCK_OFF, CLOCK_WRONG = timedelta(minutes=2), timedelta(minutes=15)
WITNESS_LATE, WITNESS_MISSING = timedelta(minutes=10), timedelta(minutes=60)
CHECK_LATE = timedelta(hours=2)  # after the moment for which it is due, or was asked for


class Level(IntEnum):
    """How bad it is: 0 in `/metrics` = no alarm."""

    LOOK = 1
    ACT = 2


class Name(StrEnum):
    """The alarms, as the log and `/metrics` call them."""

    REFUSALS = "refusals"
    JOBS = "jobs"
    DISK = "disk"
    CLOCK = "clock"
    WITNESS = "witness"
    CHECK_FOUND = "check_found"
    CHECK_FAILED = "check_failed"
    CHECK_MISSING = "check_missing"


@dataclass(frozen=True, slots=True)
class Limits:
    """`refusals` in ten minutes; `free_disk` in bytes."""

    refusals: int
    free_disk: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the alarms are decided on.

    `latest`: the latest moment that is known, of an operation or of an earlier look. `database_ahead`: seconds by which
    the database's clock is ahead of this machine's, None where it has none of its own. `witness_lag`: for how long the
    oldest operation that no line covers has waited. `check_due`: for when the oldest check that did not come to its
    end was meant, None = there is none. `check_faults` and `check_failed`: of the last one that ended.
    """

    now: datetime
    latest: datetime | None = None
    database_ahead: float | None = None
    refused: int = 0
    failed_jobs: int = 0
    free_disk: int = 1 << 62
    witness_lag: timedelta = timedelta()
    check_due: datetime | None = None
    check_faults: int = 0
    check_failed: bool = False


@dataclass(frozen=True, slots=True)
class Alarm:
    """`value`: how much of it, in the unit of its name: attempts, jobs, bytes, seconds, faults."""

    name: Name
    level: Level
    value: int


def alarms(standing: Standing, limits: Limits) -> list[Alarm]:
    """The alarms that stand, the worst first."""
    found = [
        _refusals(standing.refused, limits.refusals),
        _jobs(standing.failed_jobs),
        _disk(standing.free_disk, limits.free_disk),
        _clock(standing),
        _later_than(Name.WITNESS, standing.witness_lag, WITNESS_LATE, WITNESS_MISSING),
        Alarm(Name.CHECK_FOUND, Level.ACT, standing.check_faults) if standing.check_faults else None,
        Alarm(Name.CHECK_FAILED, Level.LOOK, 1) if standing.check_failed else None,
        _check_missing(standing),
    ]
    return sorted((one for one in found if one is not None), key=lambda one: (-one.level, list(Name).index(one.name)))


def _refusals(refused: int, limit: int) -> Alarm | None:
    if refused < limit:
        return None
    return Alarm(Name.REFUSALS, Level.ACT if refused >= 10 * limit else Level.LOOK, refused)


def _jobs(failed: int) -> Alarm | None:
    if not failed:
        return None
    return Alarm(Name.JOBS, Level.ACT if failed >= MANY_FAILED else Level.LOOK, failed)


def _disk(free: int, limit: int) -> Alarm | None:
    if free >= limit:
        return None
    return Alarm(Name.DISK, Level.ACT if free < limit // 4 else Level.LOOK, free)


def _clock(standing: Standing) -> Alarm | None:
    """Whether the clock is behind what was written already, or far from the database's."""
    behind = timedelta() if standing.latest is None else max(timedelta(), standing.latest - standing.now)
    apart = timedelta(seconds=abs(standing.database_ahead or 0.0))
    return _later_than(Name.CLOCK, max(behind, apart), CLOCK_OFF, CLOCK_WRONG)


def _check_missing(standing: Standing) -> Alarm | None:
    if standing.check_due is None or standing.now - standing.check_due < CHECK_LATE:
        return None
    return Alarm(Name.CHECK_MISSING, Level.LOOK, int((standing.now - standing.check_due).total_seconds()))


def _later_than(name: Name, by: timedelta, late: timedelta, very_late: timedelta) -> Alarm | None:
    if by < late:
        return None
    return Alarm(name, Level.ACT if by >= very_late else Level.LOOK, int(by.total_seconds()))
