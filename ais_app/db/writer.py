"""The writer: one thread per shard, group commit, acknowledgement only after the commit.

Units of work that wait share one transaction, each in its own savepoint: one `fsync` for all of them. A unit
that fails is rolled back alone; when the database or the commit fails, all of them fail. No result is returned
before the commit. Whatever fails, the thread goes on: the next group gets another connection from the pool.

While nothing waits, pieces of the bulk lane (`db/bulk.py`) are written, one at a time, the runs one after the other.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, Transaction, text
from sqlalchemy.exc import OperationalError

from ais_app.clock import Clock
from ais_app.db.bulk import BulkRun, WriterStopped
from ais_app.db.prepared import Prepared
from ais_app.db.unit_of_work import Shared, UnitOfWork
from ais_app.instruments import UNITS, WRITER_HELD, child

LARGEST_GROUP = 64
# Run by the driver: through SQLAlchemy they cost as much as two statements of an edit.
SAVEPOINT = Prepared(text("SAVEPOINT unit"))
RELEASE = Prepared(text("RELEASE SAVEPOINT unit"))
ROLL_BACK = Prepared(text("ROLLBACK TO SAVEPOINT unit"))

CommitHook = Callable[[Sequence[Any]], None]

log = structlog.get_logger("writer")


@dataclass(slots=True)
class Waiting:
    """A unit of work in the queue; units of one `shard` may share a transaction.

    `context`: that of whoever asked, so that what the unit logs has his ids.
    """

    work: Callable[[UnitOfWork], Any]
    future: Future[Any]
    shard: str
    make_uid: Callable[[], str] | None
    clock: Clock | None
    context: Context = field(default_factory=copy_context)


@dataclass(slots=True)
class _Outcome:
    """The result or error of one unit, given to its caller once the transaction is over."""

    future: Future[Any]
    result: Any = None
    error: BaseException | None = None

    def tell(self) -> None:
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


_NOTHING = Waiting(lambda _unit: None, Future(), "", None, None)
_BULK = Waiting(lambda _unit: None, Future(), "", None, None)  # wakes the thread for a run of the bulk lane


class Writer(threading.Thread):
    """Runs units of work one after the other on its own connection."""

    def __init__(self, engine: Engine, clock: Clock, hooks: Sequence[CommitHook], name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._engine = engine
        self._clock = clock
        self._hooks = hooks
        self._shared = Shared()
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._runs: deque[BulkRun] = deque()
        self._stopping = False
        self._adding = threading.Lock()  # a run is either added before the stop, which refuses it, or refused at once

    def submit(self, waiting: Waiting) -> None:
        self._queue.put(waiting)

    def submit_bulk(self, run: BulkRun) -> None:
        """Write the pieces of a run while no interactive unit waits, after the runs that came before it."""
        with self._adding:
            if not self._stopping:
                self._runs.append(run)
                self._queue.put(_BULK)
                return
        run.fail(WriterStopped())

    def stop(self) -> None:
        """End after what was submitted before; a bulk run ends after the piece that is being written."""
        with self._adding:
            self._stopping = True
        self._queue.put(None)

    def run(self) -> None:
        held = self._following()
        while held is not None:
            group = [held]
            held = self._gather(group)
            self._commit_together(group)
            if held is _NOTHING:
                held = self._following()
        for run in self._runs:
            run.fail(WriterStopped())

    def _following(self) -> Waiting | None:
        """What waits next in the interactive lane; until something does, pieces of the bulk lane are written."""
        while True:
            while self._runs and self._queue.empty():
                self._write_piece(self._runs[0])
            following = self._queue.get()
            if following is not _BULK:
                return following

    def _write_piece(self, run: BulkRun) -> None:
        """Write the next piece of a run in a transaction of its own, and measure it; a run that has ended goes."""
        begun = perf_counter()
        piece = run.piece()
        if piece is None:
            self._runs.popleft()
            return
        waiting = Waiting(piece, Future(), run.shard, run.make_uid, run.clock, run.context)
        self._commit_together([waiting], "bulk")
        error = waiting.future.exception()
        if error is not None:
            run.fail(error)
            self._runs.popleft()
        else:
            run.wrote(waiting.future.result(), perf_counter() - begun)

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
            if following is _BULK:
                continue
            if following is None or following.shard != group[0].shard:
                return following
            group.append(following)
        return _NOTHING

    def waiting(self) -> tuple[int, int]:
        """How many units of work wait, and how many runs of the bulk lane."""
        return self._queue.qsize(), len(self._runs)

    def _commit_together(self, group: Sequence[Waiting], lane: str = "interactive") -> None:
        """Run, commit, answer, announce. Raises nothing: an exception here would end the thread."""
        # Whoever gave up meanwhile is left out; from here on nobody can: an answer never meets a cancelled future.
        running = [waiting for waiting in group if waiting.future.set_running_or_notify_cancel()]
        if not running:
            return
        outcomes: list[_Outcome] = []
        announced: list[Any] = []
        begun = perf_counter()
        try:
            with self._engine.connect() as connection, connection.begin() as transaction:
                alone = transaction if len(running) == 1 else None
                outcomes = [self._run(connection, waiting, announced, alone) for waiting in running]
                for value, write in self._shared.notes.values():
                    write(connection, value)
        except BaseException as error:  # noqa: BLE001 - the commit failed: nothing of the group is there, tell them all
            outcomes, announced = [_Outcome(waiting.future, error=error) for waiting in running], []
            self._shared.memory.clear()
        self._shared.notes.clear()
        child(WRITER_HELD, lane).observe(perf_counter() - begun)
        for outcome in outcomes:
            outcome.tell()
        failed = sum(1 for outcome in outcomes if outcome.error is not None)
        child(UNITS, lane, "committed").inc(len(outcomes) - failed)
        if failed:
            child(UNITS, lane, "failed").inc(failed)
        if announced:
            self._announce(announced)

    def _run(
        self, connection: Connection, waiting: Waiting, announced: list[Any], alone: Transaction | None
    ) -> _Outcome:
        """Run one unit in a savepoint, or without one when it is `alone` in its transaction.

        Raises when the whole transaction has failed with it.
        """
        unit = UnitOfWork(connection, waiting.clock or self._clock, shared=self._shared)
        if waiting.make_uid is not None:
            unit.make_uid = waiting.make_uid
        notes = dict(self._shared.notes)
        if alone is None:
            SAVEPOINT.execute(connection, {})
        try:
            result = waiting.context.run(waiting.work, unit)
            if alone is None:
                RELEASE.execute(connection, {})
        except BaseException as error:  # the unit's own failure is its caller's answer, not ours
            if isinstance(error, OperationalError):
                raise  # not the unit's doing: no connection, no space, a lock that does not come. The next fares alike
            self._shared.notes = notes
            self._shared.memory.clear()  # it may have read what it then took back
            if alone is not None:
                alone.rollback()
            else:
                # Raises when there is nothing left to roll back to: SQLite may end the whole transaction by itself.
                ROLL_BACK.execute(connection, {})
                RELEASE.execute(connection, {})
            return _Outcome(waiting.future, error=error)
        else:
            announced.extend(unit.announced)
            return _Outcome(waiting.future, result)

    def _announce(self, announced: Sequence[Any]) -> None:
        """Call the hooks; their errors are only logged, since the change is committed and answered already."""
        for hook in self._hooks:
            try:
                hook(announced)
            except Exception:
                log.exception("commit_hook_failed")
