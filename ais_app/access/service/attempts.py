"""Attempts at a secret: each is counted by a write before the secret is compared (S-65), so that two at once count two.

Counted are those that failed or have not ended yet. An attempt counts for the login, whether it exists or not, and for
the network. Beyond its free attempts a login waits, longer each time; a network is slowed down. An attempt on a device
that is known for the account, or of somebody who is signed in, has one counter of its own instead.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import case, delete, insert, select, update

from ais_app.access import queries
from ais_app.access.logins import normalised_login
from ais_app.access.models import LoginThrottle
from ais_app.access.service.refusals import record_refusal
from ais_app.access.settings import FREE_ATTEMPTS
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.ledger import service as ledger
from ais_app.school_settings.queries import value

FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=30), queries.LONGEST_DELAY
FORGOTTEN_AFTER = timedelta(hours=24)
FREE_ATTEMPTS_OF_A_NETWORK, NETWORK_WINDOW = 60, timedelta(minutes=15)
GAP, LONG_GAP, LONG_GAP_FROM = timedelta(seconds=1), timedelta(seconds=2), 120
PATIENCE = timedelta(seconds=5)
MOST_SLOWED = PATIENCE // GAP + 1

_throttle = table(LoginThrottle)


class Purpose(StrEnum):
    """What a secret is asked for. Every later secret gets a purpose here and the same check."""

    SIGN_IN = "sign_in"
    PRESENT_PASSWORD = "present_password"  # noqa: S105 - the name of a purpose


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody offers a secret. Failures count for `counter`, and for `network` unless it is empty.

    `origin` is the network under which refusals are recorded.
    """

    purpose: Purpose
    counter: str
    network: str
    origin: str

    @property
    def counters(self) -> list[str]:
        return [self.counter, f"network:{self.network}"] if self.network else [self.counter]


def attempt_to_sign_in(login: str, network: str, known_device: str = "") -> Attempt:
    """An attempt at a login, known or not (S-23). `known_device`: the name of a device that is known for it, or ""."""
    normalised = normalised_login(login)
    if known_device:
        return Attempt(Purpose.SIGN_IN, f"device:{_digest(f'{known_device} {normalised}')}", "", network)
    return Attempt(Purpose.SIGN_IN, f"login:{_digest(normalised)}", network, network)


def attempt_while_signed_in(purpose: Purpose, account_uid: str, network: str) -> Attempt:
    """An attempt of a session, counted for the account: a new session or hat brings no new attempts (S-22)."""
    return Attempt(purpose, f"present:{_digest(account_uid)}", "", network)


class Verdict(StrEnum):
    GO, WAIT, PAUSED, BUSY = "go", "wait", "paused", "busy"


@dataclass(frozen=True, slots=True)
class Reservation:
    """The answer to an attempt: whether the secret may be looked at, and after how many seconds.

    `next_at`: when the next one is looked at if this one fails or is not looked at; None = at once.
    """

    verdict: Verdict
    seconds: float = 0.0
    next_at: datetime | None = None


def reserve_attempt(uow: UnitOfWork, attempt: Attempt) -> Reservation:
    """Count an attempt as failed before its secret is looked at, unless it has to wait or comes too late."""
    ledger.lock(uow, ledger.INSTALLATION)  # two processes must not both insert the first one, nor cross over rows
    of_login = _counter(uow, attempt.counter)
    if queries.is_pause(of_login.locked_until, uow.now):
        record_refusal(uow, attempt.purpose, network=attempt.origin)
        # A pause ends when it was said to: nobody can keep a login closed for ever.
        return Reservation(Verdict.PAUSED, next_at=of_login.locked_until)
    start = uow.now
    if attempt.network:
        of_network = _counter(uow, attempt.counters[1])
        start = _start_in(of_network, uow.now)
        if start - uow.now > PATIENCE:
            return Reservation(Verdict.BUSY)
        _count_network(uow, of_network, start)
    next_at = _count_login(uow, of_login)
    seconds = (start - uow.now).total_seconds()
    return Reservation(Verdict.WAIT if seconds else Verdict.GO, seconds, next_at)


def settle_attempt(uow: UnitOfWork, attempt: Attempt) -> None:
    """The secret was right: its counter begins anew, and the attempt is taken back from the network's."""
    uow.execute(_of(attempt.counter).values(failures=0, locked_until=None))
    if attempt.network:
        uow.execute(_of(attempt.counters[1]).values(failures=_one_less()))


def give_back_attempt(uow: UnitOfWork, attempt: Attempt) -> None:
    """The secret was never compared: take the attempt back, with the delay that it caused."""
    ledger.lock(uow, ledger.INSTALLATION)
    uow.execute(_of(attempt.counter).values(failures=_one_less(), locked_until=None))
    if attempt.network:
        uow.execute(_of(attempt.counters[1]).values(failures=_one_less()))


def forget_attempts(uow: UnitOfWork, login: str) -> None:
    """A login has a new secret: failures with the old one delay nobody any more."""
    uow.execute(delete(_throttle).where(_throttle.c.key == attempt_to_sign_in(login, "").counter))


def wait_of(uow: UnitOfWork, attempt: Attempt) -> timedelta | None:
    """How long the next attempt of this counter waits; None = it is looked at at once."""
    until = _counter(uow, attempt.counter).locked_until
    return until - uow.now if until is not None and queries.is_pause(until, uow.now) else None


def delay_after(failures: int, free: int = FREE_ATTEMPTS.usual) -> timedelta | None:
    """How long a login waits after so many failures: 30 s after the last of the `free` ones, then twice as long, 15
    minutes at most.
    """
    beyond = failures - free
    return None if beyond < 0 else min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(beyond, 16))


@dataclass(frozen=True, slots=True)
class _Counter:
    key: str
    id: int | None
    failures: int
    since: datetime
    locked_until: datetime | None


def _counter(uow: UnitOfWork, key: str) -> _Counter:
    row = uow.execute(select(_throttle).where(_throttle.c.key == key).with_for_update()).one_or_none()
    if row is None:
        return _Counter(key, None, 0, uow.now, None)
    return _Counter(key, row.id, row.failures, row.since, row.locked_until)


def _count_login(uow: UnitOfWork, counter: _Counter) -> datetime | None:
    """Count one more failure; returns until when the next attempt waits."""
    remembered = queries.is_recent(counter.since, uow.now, FORGOTTEN_AFTER)
    failures = counter.failures + 1 if remembered else 1
    free = value(uow.connection, FREE_ATTEMPTS, None, uow.now.date())
    delay = delay_after(failures, free)
    until = uow.now + delay if delay else None
    _write(uow, counter, {"failures": failures, "since": uow.now, "locked_until": until})
    return until


def _count_network(uow: UnitOfWork, counter: _Counter, start: datetime) -> None:
    """Count one more failure; `locked_until` of a network is the moment from which its next attempt may begin."""
    known = _failures_of_network(counter, uow.now)
    failures, since = (known + 1, counter.since) if known else (1, uow.now)
    gap = timedelta(0) if failures < FREE_ATTEMPTS_OF_A_NETWORK else GAP if failures < LONG_GAP_FROM else LONG_GAP
    _write(uow, counter, {"failures": failures, "since": since, "locked_until": start + gap if gap else None})


def _start_in(counter: _Counter, now: datetime) -> datetime:
    """When the next attempt from this network may begin."""
    free = _failures_of_network(counter, now) < FREE_ATTEMPTS_OF_A_NETWORK
    if free or counter.locked_until is None or not queries.is_pause(counter.locked_until, now):
        return now
    return counter.locked_until


def _failures_of_network(counter: _Counter, now: datetime) -> int:
    return counter.failures if queries.is_recent(counter.since, now, NETWORK_WINDOW) else 0


def _write(uow: UnitOfWork, counter: _Counter, values: dict[str, Any]) -> None:
    if counter.id is None:
        uow.execute(insert(_throttle).values(key=counter.key, **values))
    else:
        uow.execute(update(_throttle).where(_throttle.c.id == counter.id).values(**values))


def _of(key: str) -> Any:
    return update(_throttle).where(_throttle.c.key == key)


def _one_less() -> Any:
    return case((_throttle.c.failures > 0, _throttle.c.failures - 1), else_=0)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
