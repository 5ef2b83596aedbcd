"""The bulk lane of a writer: much work in pieces, each in a transaction of its own, between interactive units (D-33).

A run gives its pieces by a function `take(size)`: the next piece, of at most `size` parts (rows, cells: what takes less
than a millisecond), or None when there is nothing left. The lane measures how long each piece held the writer and asks
for a larger or smaller one next. `take` runs in the writer's thread and must be quick.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from ais_app.clock import Clock
from ais_app.db.unit_of_work import UnitOfWork

LONGEST = 0.025  # seconds for which a piece may hold the writer
TOLD = 0.1  # seconds after which the log has it: so long an edit may wait for anything (P-15)
LEAST, LARGEST = 16, 500  # parts of a piece; with fewer it would be the commit that takes long, not they

Part = TypeVar("Part")
Piece = Callable[[UnitOfWork], Any]
Take = Callable[[int], Piece | None]
Progress = Callable[[Any], None]

log = structlog.get_logger("writer")


class BulkFailed(Exception):  # noqa: N818 - reads as the answer it is
    """A run ended before its end. `written`: the results of its pieces that were written, in order.

    `__cause__` says why: the error of the piece that was not written, or `WriterStopped`.
    """

    def __init__(self, written: Sequence[Any]) -> None:
        super().__init__(f"{len(written)} pieces were written")
        self.written = tuple(written)


class WriterStopped(Exception):  # noqa: N818 - reads as the answer it is
    """The writer was stopped: what is left is not written."""


def next_size(size: int, seconds: float) -> int:
    """How many parts the next piece may have, after one of `size` parts that held the writer for `seconds`."""
    if seconds > LONGEST * 0.8:
        return max(LEAST, size // 2)
    return min(LARGEST, size * 2) if seconds < LONGEST * 0.4 else size


def portions(parts: Sequence[Part], work: Callable[[UnitOfWork, Sequence[Part]], Any]) -> Take:
    """Pieces that give `work` the next parts in order."""
    done = 0

    def take(size: int) -> Piece | None:
        nonlocal done
        some = parts[done : done + size]
        done += len(some)
        return (lambda uow: work(uow, some)) if some else None

    return take


def pieces(made: Sequence[Piece]) -> Take:
    """Pieces that are made already, one after the other, whatever their size."""
    waiting = iter(made)
    return lambda _size: next(waiting, None)


@dataclass(slots=True)
class BulkRun:
    """A run in the queue of a writer, and how far it is. `future` is told at its end; cancelling it ends the run.

    `progress(result)` gets the result of each piece after its commit, in the writer's thread: it must be quick.
    """

    take: Take
    shard: str
    progress: Progress | None = None
    clock: Clock | None = None
    make_uid: Callable[[], str] | None = None
    future: Future[list[Any]] = field(default_factory=lambda: Future[list[Any]]())
    written: list[Any] = field(default_factory=list[Any])
    size: int = LEAST
    context: Context = field(default_factory=copy_context)

    def piece(self) -> Piece | None:
        """The next piece; None ends the run: it is done, cancelled, or its maker failed."""
        if self.future.cancelled():
            return None
        try:
            found = self.context.run(self.take, self.size)
        except Exception as error:  # noqa: BLE001 - the caller's own: it is his answer
            self.fail(error)
            return None
        if found is None and self.future.set_running_or_notify_cancel():
            self.future.set_result(self.written)
        return found

    def wrote(self, result: Any, seconds: float) -> None:
        """Count a piece that was committed after it held the writer for `seconds`."""
        self.written.append(result)
        if seconds > TOLD:
            self.context.run(log.warning, "bulk_piece_too_long", milliseconds=int(seconds * 1000))
        self.size = next_size(self.size, seconds)
        if self.progress is not None:
            self.context.run(self._tell, self.progress, result)

    def _tell(self, progress: Progress, result: Any) -> None:
        try:
            progress(result)
        except Exception:
            log.exception("bulk_progress_failed")

    def fail(self, error: BaseException) -> None:
        """End the run, unless nobody waits for it any more."""
        failure = BulkFailed(self.written)
        failure.__cause__ = error
        if self.future.set_running_or_notify_cancel():
            self.future.set_exception(failure)
