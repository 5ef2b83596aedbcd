"""The one check of secrets: every password, one-time code or later secret of a person is checked here.

The order is the protection (S-65): first the queue, which is bounded, then the attempt counted by a write, then a turn
at the slow check, then the check itself. Nobody is let through because other failures were not counted yet.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from ais_app.access import service
from ais_app.access.errors import SecretRefused, TooBusy
from ais_app.access.service import Attempt, Verdict
from ais_app.db import Database, UnitOfWork

T = TypeVar("T")
RUNNING = 2
WAITING_OF_A_NETWORK, WAITING_OF_A_LOGIN, WAITING_AT_ALL = 20, 5, 200
WAITING_SECONDS = 5.0


class Turns:
    """Turns to compute, `RUNNING` at a time: without a network (known devices) first, then networks in rotation."""

    def __init__(self) -> None:
        self._free = RUNNING
        self._queued: Counter[str] = Counter()  # by counter, by network, and all that come by a network under ""
        self._known: deque[asyncio.Future[None]] = deque()
        self._networks: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def queued(self, attempt: Attempt) -> AsyncGenerator[None]:
        """Count the attempt as queued while the block lasts. Raises TooBusy at once where a limit is reached."""
        limits = {attempt.counter: WAITING_OF_A_LOGIN}
        if attempt.network:
            limits |= {attempt.counters[1]: WAITING_OF_A_NETWORK + RUNNING, "": WAITING_AT_ALL}
        if any(self._queued[name] >= limit for name, limit in limits.items()):
            raise TooBusy
        self._queued.update(limits.keys())
        try:
            yield
        finally:
            self._queued.subtract(limits.keys())
            for name in limits:
                if not self._queued[name]:
                    del self._queued[name]

    @asynccontextmanager
    async def turn(self, network: str) -> AsyncGenerator[None]:
        """A turn to compute. Raises TooBusy when none has come within five seconds."""
        await self._take(network)
        try:
            yield
        finally:
            self._pass_on()

    async def _take(self, network: str) -> None:
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._networks.setdefault(network, deque()) if network else self._known).append(turn)
        try:
            async with asyncio.timeout(WAITING_SECONDS):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():  # it came in the very moment in which it was given up
                self._pass_on()
            turn.cancel()
            if isinstance(error, TimeoutError):
                raise TooBusy from error
            raise

    def _pass_on(self) -> None:
        while self._known:
            if not (turn := self._known.popleft()).done():
                turn.set_result(None)
                return
        while self._networks:
            network, waiting = self._networks.popitem(last=False)
            turn = waiting.popleft()
            if waiting:
                self._networks[network] = waiting  # at the end: the other networks come first
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class SecretCheck:
    """Checks secrets for one process; the counters are the database's, for all processes together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns = Turns()
        self._turned_away: Counter[tuple[str, str]] = Counter()

    async def check(self, attempt: Attempt, fits: Callable[[], T | None]) -> T:
        """What `fits` returns, run in a thread for a reserved attempt; None from it means that the secret does not fit.

        The attempt stays counted until `settle_attempt`. Raises SecretRefused (wrong, or a pause) and TooBusy (not
        looked at, not counted).
        """
        try:
            async with self._turns.queued(attempt):
                result, next_at = await self._reserved(attempt, fits)
        except TooBusy:
            self._count_turned_away(attempt)
            raise
        if result is None:
            await self._database.awrite(
                lambda uow: service.record_refusal(uow, attempt.purpose, network=attempt.origin)
            )
            raise SecretRefused(wait=self._until(next_at))
        return result

    async def compute(self, work: Callable[[], T]) -> T:
        """Run slow work of a person who has just passed a check, such as hashing the new password. Raises TooBusy."""
        async with self._turns.turn(""):
            return await asyncio.to_thread(work)

    def _until(self, moment: datetime | None) -> timedelta | None:
        """How long it is until a moment; None when it is not ahead."""
        wait = moment - self._database.clock.now() if moment is not None else None
        return wait if wait is not None and wait > timedelta(0) else None

    async def _reserved(self, attempt: Attempt, fits: Callable[[], T | None]) -> tuple[T | None, datetime | None]:
        """(what `fits` returned, until when the next attempt waits if that is None). Raises SecretRefused, TooBusy."""
        reservation = await self._database.awrite(lambda uow: service.reserve_attempt(uow, attempt))
        if reservation.verdict is Verdict.PAUSED:
            raise SecretRefused(looked_at=False, wait=self._until(reservation.next_at))
        if reservation.verdict is Verdict.BUSY:
            raise TooBusy
        if reservation.seconds:
            await asyncio.sleep(reservation.seconds)  # the network's turn, as the database has given it out
        try:
            async with self._turns.turn(attempt.network):
                return await asyncio.to_thread(fits), reservation.next_at
        except TooBusy:
            await self._database.awrite(lambda uow: service.give_back_attempt(uow, attempt))
            raise

    def _count_turned_away(self, attempt: Attempt) -> None:
        """Count a refused attempt; all of one purpose and network until the write are written together."""
        kept = attempt.purpose.value, attempt.origin
        self._turned_away[kept] += 1
        if self._turned_away[kept] == 1:

            def write(uow: UnitOfWork) -> None:
                times = self._turned_away.pop(kept, 0)
                if times:
                    service.record_refusal(uow, "busy", network=kept[1], subject=kept[0], times=times)

            self._database.note(write)
