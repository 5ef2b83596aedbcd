"""The writer: one thread per shard, group commit, acknowledgement only after the commit.

Units of work that wait share one transaction, each in its own savepoint: one `fsync` for all of them. A unit
that fails is rolled back alone; a commit that fails fails all of them, and nobody was told otherwise.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ais_app.clock import Clock
from ais_app.db.unit_of_work import UnitOfWork

LARGEST_GROUP = 64

CommitHook = Callable[[Sequence[Any]], None]


@dataclass(slots=True)
class Waiting:
    """A unit of work in the queue; units of one `shard` may share a transaction."""

    work: Callable[[UnitOfWork], Any]
    future: Future[Any]
    shard: str
    make_uid: Callable[[], str] | None
    clock: Clock | None


_NOTHING = Waiting(lambda _unit: None, Future(), "", None, None)


class Writer(threading.Thread):
    """Runs units of work one after the other on its own connection."""

    def __init__(self, engine: Engine, clock: Clock, on_commit: CommitHook, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._engine = engine
        self._clock = clock
        self._on_commit = on_commit
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()

    def submit(self, waiting: Waiting) -> None:
        self._queue.put(waiting)

    def stop(self) -> None:
        self._queue.put(None)

    def run(self) -> None:
        held = self._queue.get()
        while held is not None:
            group = [held]
            held = self._gather(group)
            self._commit_together(group)
            if held is _NOTHING:
                held = self._queue.get()

    def _gather(self, group: list[Waiting]) -> Waiting | None:
        """Fill `group` with what waits for the same shard; return what came after it.

        One shard only: two schools in one transaction would lock two chains, and another process may lock them
        in the other order.
        """
        while len(group) < LARGEST_GROUP:
            try:
                following = self._queue.get_nowait()
            except queue.Empty:
                return _NOTHING
            if following is None or following.shard != group[0].shard:
                return following
            group.append(following)
        return _NOTHING

    def _commit_together(self, group: list[Waiting]) -> None:
        outcomes: list[tuple[Waiting, Any, BaseException | None]] = []
        announced: list[Any] = []
        try:
            with self._engine.connect() as connection, connection.begin():
                for waiting in group:
                    if not waiting.future.set_running_or_notify_cancel():
                        continue
                    unit = UnitOfWork(connection, waiting.clock or self._clock)
                    if waiting.make_uid is not None:
                        unit.make_uid = waiting.make_uid
                    savepoint = connection.begin_nested()
                    try:
                        result = waiting.work(unit)
                        unit.finish()
                        savepoint.commit()
                    except BaseException as error:  # the unit's own failure is its caller's answer, not ours
                        if savepoint.is_active:
                            savepoint.rollback()
                        if isinstance(error, DBAPIError) and error.connection_invalidated:
                            raise
                        outcomes.append((waiting, None, error))
                    else:
                        outcomes.append((waiting, result, None))
                        announced.extend(unit.announced)
                    finally:
                        unit.close()
        except BaseException as error:  # noqa: BLE001 - the commit failed: nothing of the group is there, tell them all
            for waiting in group:
                if not waiting.future.done():
                    waiting.future.set_exception(error)
            return
        for waiting, result, error in outcomes:
            if error is None:
                waiting.future.set_result(result)
            else:
                waiting.future.set_exception(error)
        if announced:
            self._on_commit(announced)
