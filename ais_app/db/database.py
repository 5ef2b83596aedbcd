"""The database of a process: reads in threads, writes through the writers, hooks after each commit."""

from __future__ import annotations

import asyncio
import threading
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

from ais_app.clock import Clock, SystemClock
from ais_app.db import engines
from ais_app.db.bulk import BulkRun, Progress, Take
from ais_app.db.unit_of_work import UnitOfWork
from ais_app.db.writer import Waiting, Writer

T = TypeVar("T")
INSTALLATION = "installation"
POSTGRES_WRITERS = 4
READERS = 8

log = structlog.get_logger("database")


class Database:
    """Reading and writing for the whole process.

    `read(fn)` gives `fn` a connection on one consistent, read-only state; `write(fn)` runs `fn` as a unit of
    work in the writer thread. Both raise what `fn` raises. The `a…` variants are for the event loop.
    `write_bulk(take)` runs many pieces while nobody else writes (`db/bulk.py`).
    """

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self.url = engines.address(url)
        self.clock: Clock = clock or SystemClock()
        self._reading: Engine = engines.reading_engine(self.url)
        self._writing: Engine = engines.writing_engine(self.url)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._writers: list[Writer] = []
        self._starting = threading.Lock()
        self._hooks: list[Callable[[Sequence[Any]], None]] = []

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def on_commit(self, hook: Callable[[Sequence[Any]], None]) -> None:
        """Call `hook(announced)` in the writer's thread after each commit that announced something."""
        self._hooks.append(hook)

    def read(self, work: Callable[..., T], *arguments: Any) -> T:
        with self._reading.connect() as connection, connection.begin():
            return work(connection, *arguments)

    def write(
        self,
        work: Callable[[UnitOfWork], T],
        *,
        shard: str = INSTALLATION,
        make_uid: Callable[[], str] | None = None,
        clock: Clock | None = None,
    ) -> T:
        return self._submit(work, shard, make_uid, clock).result()

    async def aread(self, work: Callable[..., T], *arguments: Any) -> T:
        context = copy_context()  # the ids of the caller stand in what the thread logs
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, lambda: context.run(self.read, work, *arguments)
        )

    async def awrite(self, work: Callable[[UnitOfWork], T], *, shard: str = INSTALLATION) -> T:
        return await asyncio.wrap_future(self._submit(work, shard, None, None))

    def write_bulk(
        self,
        take: Take,
        *,
        shard: str = INSTALLATION,
        progress: Progress | None = None,
        make_uid: Callable[[], str] | None = None,
        clock: Clock | None = None,
    ) -> list[Any]:
        """Write the pieces that `take(size)` gives, each in its own transaction, behind everything interactive.

        Returns their results in order. Raises BulkFailed, with the results of what was written, when a piece fails or
        the database is closed. `progress(result)` of each piece runs in the writer's thread. Never within a
        unit of work.
        """
        run = BulkRun(take, shard, progress, clock, make_uid)
        self._writer_of(shard).submit_bulk(run)
        return run.future.result()

    async def awrite_bulk(
        self, take: Take, *, shard: str = INSTALLATION, progress: Progress | None = None
    ) -> list[Any]:
        """`write_bulk` for the event loop; when its task is cancelled, the run ends after the piece it is at."""
        run = BulkRun(take, shard, progress)
        self._writer_of(shard).submit_bulk(run)
        return await asyncio.wrap_future(run.future)

    def note(self, work: Callable[[UnitOfWork], None], *, shard: str = INSTALLATION) -> None:
        """Write without waiting for it; a failure is only logged. For what may be lost, such as counters."""
        self._submit(work, shard, None, None).add_done_callback(_log_failure)

    def waiting(self) -> tuple[int, int]:
        """How many units of work wait for all writers, and how many runs of the bulk lane."""
        both = [writer.waiting() for writer in self._writers]
        return sum(one[0] for one in both), sum(one[1] for one in both)

    def connect(self) -> Connection:
        """A plain writing connection for migrations and maintenance; the caller owns its transaction."""
        return self._writing.connect()

    @property
    def metadata(self) -> Any:
        return SQLModel.metadata

    def close(self) -> None:
        for writer in self._writers:
            writer.stop()
        for writer in self._writers:
            writer.join(timeout=10)
        self._writers.clear()
        self._readers.shutdown(wait=True)
        self._reading.dispose()
        self._writing.dispose()

    def _submit(
        self,
        work: Callable[[UnitOfWork], T],
        shard: str,
        make_uid: Callable[[], str] | None,
        clock: Clock | None,
    ) -> Future[T]:
        future: Future[T] = Future()
        self._writer_of(shard).submit(Waiting(work, future, shard, make_uid, clock))
        return future

    def _writer_of(self, shard: str) -> Writer:
        if self._writers:
            return self._writers[zlib.crc32(shard.encode()) % len(self._writers)]
        with self._starting:  # threads start with the first write: a forked worker must not inherit them
            if not self._writers:
                count = 1 if self.is_sqlite else POSTGRES_WRITERS
                names = [f"writer-{number}" for number in range(count)]
                writers = [Writer(self._writing, self.clock, self._hooks, name) for name in names]
                for writer in writers:
                    writer.start()
                self._writers = writers
        return self._writers[zlib.crc32(shard.encode()) % len(self._writers)]


def _log_failure(done: Future[Any]) -> None:
    error = done.exception()
    if error is not None:
        log.warning("not_noted", error=type(error).__name__)
