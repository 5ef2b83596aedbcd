"""The job that takes an import back: its rows are listed in a child process, the server undoes them, the last first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

from ais_app.access.kinds import LOGINS_CHANGED
from ais_app.access.queries import actor_of_author
from ais_app.db import UnitOfWork
from ais_app.exchange.writing import plan, runs
from ais_app.jobs.declared import JobRun
from ais_app.jobs.working import Run
from ais_app.ledger.standing import DoneOperation
from ais_app.undoing import UNDOING

_Part = tuple[str, int, int, str]  # an operation, the first and last ordinal, the group of what undoes it


def take_back(run: Run) -> dict[str, Any]:
    """Take an import back. Raises Refused: somebody has used what it brought."""
    uid, database = run.job.payload.run, run.database
    run.progress("take_back")
    now = database.clock.now()
    actor = database.read(lambda one: actor_of_author(one, run.job.author, now))
    begun = database.read(runs.has_written, uid)
    if begun and not run.written:
        database.read(runs.rows_to_take_back, actor, uid, now)
    left, group = [], ""
    if begun:
        _named, left, group = database.read(UNDOING.left, actor, uid)
    parts = list(_parts(left, group or run.job.uid))
    # A run of which nothing was written has no rows: one part forgets it.
    total = run.written + len(parts) if begun else 1
    run.write([*repeat(None, run.written), *(parts if begun else [None])], total, "take_back")
    for path in (plan.path_of(plan.folder_of(database.url), uid),):
        path.unlink(missing_ok=True)
    return {"rows": total if begun else 0}


def write_back(uow: UnitOfWork, job: JobRun, parts: Sequence[Sequence[Any] | None]) -> None:
    """Undo the next rows of an import. Raises as `ledger/undoing.py: Undoing.undo`."""
    uid = job.payload.run
    actor = actor_of_author(uow.connection, job.author, uow.now)
    some = [part for part in parts if part is not None]
    if not some:
        runs.forget(uow, uid)
        return
    UNDOING.undo_some(uow, actor, uid, _joined(some), some[0][3])


def _parts(left: Sequence[tuple[DoneOperation, Sequence[int]]], group: str) -> Iterator[_Part]:
    """A part for each row; logins that were changed together go back together, since two people may have swapped."""
    for done, ordinals in left:
        if done.kind == LOGINS_CHANGED.name:
            yield done.uid, ordinals[0], ordinals[-1], group
        else:
            yield from ((done.uid, ordinal, ordinal, group) for ordinal in reversed(ordinals))


def _joined(parts: Sequence[Sequence[Any]]) -> list[tuple[str, list[int]]]:
    """Parts of one operation that follow one another as one run."""
    found: list[tuple[str, list[int]]] = []
    for operation, first, last, _group in parts:
        ordinals = list(range(first, last + 1))
        if found and found[-1][0] == operation and found[-1][1][0] == last + 1:
            found[-1] = operation, ordinals + found[-1][1]
        else:
            found.append((operation, ordinals))
    return found
