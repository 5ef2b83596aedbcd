"""What decides on jobs: their states, what may follow, when a schedule is due next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class State(StrEnum):
    """Where a job is. `waiting` and `running` are open, the others are ends."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


OPEN = (State.WAITING, State.RUNNING)
ENDED = (State.DONE, State.FAILED, State.STOPPED)
LEAST_WEIGHT, MOST_WEIGHT = 8, 500  # of a piece; with less it would be the commit that takes long, not its parts
AGAIN = (State.FAILED, State.STOPPED)  # a person may repeat these


@dataclass(frozen=True, slots=True)
class Schedule:
    """Each day at `at` by the clock of the installation, or each `every`; exactly one of them. Raises ValueError."""

    at: time | None = None
    every: timedelta | None = None

    def __post_init__(self) -> None:
        if (self.at is None) == (self.every is None):
            msg = "a schedule has a time of day or an interval"
            raise ValueError(msg)

    def spelled(self, zone: str) -> str:
        return f"{self.at:%H:%M} {zone}" if self.at is not None else f"every {self.every}"

    def following(self, now: datetime, zone: str) -> datetime:
        """The first moment after `now`, whatever was missed before it; in UTC."""
        if self.at is None:
            return now + (self.every or timedelta(days=1))
        local = now.astimezone(ZoneInfo(zone))
        at = datetime.combine(local.date(), self.at, ZoneInfo(zone))
        if at <= local:
            at = datetime.combine(local.date() + timedelta(days=1), self.at, ZoneInfo(zone))
        return at.astimezone(UTC)


def pause_before(attempt: int) -> timedelta:
    """How long a job waits before this attempt (2 = the second), after one that was interrupted."""
    return timedelta(seconds=min(60, 2 ** max(0, attempt - 1)))


def next_weight(weight: int, seconds: float, wished: float) -> int:
    """How much the next piece may weigh, after one of `weight` that held the writer for `seconds`, the commit included:
    so much that it takes `wished`, at most twice as much as this one, and never less than `LEAST_WEIGHT`.
    """
    return max(LEAST_WEIGHT, min(2 * weight, MOST_WEIGHT, int(weight * wished / max(seconds, 1e-6))))
