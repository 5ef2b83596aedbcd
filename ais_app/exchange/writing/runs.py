"""Runs: a plan that is being written, how far it is, and what may happen to it next (D-33, D-63).

Each piece is a unit of work of its own, in which the run also counts it: whatever interrupts it, the next one begins
where the last commit ended. A run that was interrupted is finished or taken back before its schools are imported again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from ais_app.db import Database, UnitOfWork
from ais_app.db.bulk import BulkFailed, Piece
from ais_app.db.columns import table
from ais_app.db.feeds import bump_all
from ais_app.exchange.kinds import SET_IMPORTED
from ais_app.exchange.models import ImportRun
from ais_app.exchange.writing import applying, plan
from ais_app.exchange.writing.plan import Plan, Read, Step
from ais_app.i18n import _
from ais_app.journal.events import CourseChanged, DiaryChanged, diaries_changed, feed_of
from ais_app.kinds import KINDS
from ais_app.ledger import service as ledger
from ais_app.ledger import standing
from ais_app.ledger.operation import operation
from ais_app.ledger.putting_back import PlaceTaken
from ais_app.ledger.rules import Item
from ais_app.ledger.standing import GROUP, UNDONE_AS
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.undoing import UNDOING

_run = table(ImportRun)
AT_ONCE = 500  # uids of one statement
PLAN_KEPT = 86_400  # seconds of a plan of which no run is open: another one may be about to begin


class Unfinished(Refused):
    """An import of the same school was interrupted. `run`: its uid."""

    code = "unfinished"

    def __init__(self, run: str) -> None:
        text = _("An import of this school was not written to its end ({run}): finish it or take it back first.")
        super().__init__(text.format(run=run))
        self.run = run


class Interrupted(Refused):
    """A run was not written to its end. `run`: its uid; `__cause__`: why."""

    code = "interrupted"

    def __init__(self, run: str, done: int, steps: int, why: str) -> None:
        text = _(
            "{done} of {steps} steps were written, then this came between: {why} Finish the import or take it back."
        )
        super().__init__(text.format(done=done, steps=steps, why=why))
        self.run = run


class NothingToFinish(Refused):
    """A run that is there no more, has ended, or is being taken back."""

    code = "nothing_to_finish"

    def __init__(self) -> None:
        super().__init__(_("There is nothing to finish: the import has ended or is being taken back."))


class PlanGone(Refused):
    """The file of a plan is not there, or not the one that was checked."""

    code = "plan_gone"

    def __init__(self) -> None:
        super().__init__(_("The file with what is left to write is not there any more: take the import back."))


@dataclass(frozen=True, slots=True)
class Written:
    """How far a run is."""

    done: int
    steps: int

    @property
    def ended(self) -> bool:
        return self.done == self.steps


@dataclass(frozen=True, slots=True)
class Open:
    """A run that has neither ended nor been taken back whole."""

    uid: str
    done: int
    steps: int
    taken_back: bool


def begin(uow: UnitOfWork, actor: Actor, made: Plan) -> None:
    """Begin a run, before its first piece. Raises Unfinished, NotYours."""
    if not (actor.may(Right.SET_UP_SCHOOL) and actor.may(Right.KEEP_ACCOUNTS)):
        raise NotYours
    ledger.lock(uow, ledger.INSTALLATION)  # two imports at once must not both find none
    must_be_free(uow.connection, made.subjects)
    values = {
        "uid": made.uid,
        "subjects": json.dumps(list(made.subjects)),
        "digest": made.digest,
        "place": 0,
        "done": 0,
        "steps": made.steps,
        "taken_back": False,
        "account": actor.account_uid,
        "begun_at": uow.now,
    }
    uow.execute(insert(_run).values(values))


def must_be_free(connection: Connection, subjects: Iterable[str]) -> None:
    """Raise Unfinished when a run about one of these is open."""
    wanted = set(subjects)
    for row in connection.execute(select(_run).where(_OPEN)).all():
        if wanted & set(json.loads(row.subjects)) and _is_open(connection, row):
            raise Unfinished(row.uid)


def open_runs(connection: Connection) -> list[Open]:
    """Every run that has neither ended nor been taken back whole, the oldest first."""
    rows = connection.execute(select(_run).where(_OPEN).order_by(_run.c.id)).all()
    return [Open(row.uid, row.done, row.steps, row.taken_back) for row in rows if _is_open(connection, row)]


def remove_old_plans(database: Database, folder: Path) -> None:
    """Remove the plans of runs that ended or were taken back elsewhere, such as in «Операции». Raises OSError."""
    if not folder.is_dir():
        return
    kept = {one.uid for one in database.read(open_runs) if not one.taken_back}
    for path in folder.glob("*.plan"):
        if path.stem not in kept and path.stat().st_mtime < time.time() - PLAN_KEPT:
            path.unlink(missing_ok=True)


_OPEN = (_run.c.done < _run.c.steps) | _run.c.taken_back


def _is_open(connection: Connection, row: Any) -> bool:
    """Whether a run is neither written whole nor taken back whole."""
    rows, undone = _rows_and_undone(connection, row.uid)
    if row.taken_back:
        return not (undone == rows or (undone == 0 and row.done == row.steps))
    return row.done < row.steps


def _rows_and_undone(connection: Connection, uid: str) -> tuple[int, int]:
    """(rows that the operations of a run changed, how many of them are undone)."""
    members = standing.members(connection, uid)
    done = standing.operations(connection, members)
    undoers = standing.undoers(connection, members)
    rows, undone = 0, 0
    for one in done.values():
        touched = standing.rows_touched(connection, one)
        rows += len(touched)
        marks = undoers.standing(one.uid)
        undone += sum(any(mark.first <= ordinal <= mark.last for mark in marks) for ordinal in touched)
    return rows, undone


def write_piece(uow: UnitOfWork, actor: Actor, uid: str, parts: int, folder: Path) -> Written:
    """Write the next steps of a run, about as many as make `parts` parts; `folder`: that of the plans.

    Raises NothingToFinish, PlanGone, NotYours, and what `putting_back.put_back` raises where somebody else has changed
    the same meanwhile.
    """
    return _write_next(uow, actor, uid, lambda place: plan.read(plan.path_of(folder, uid), place, parts))


def write_units(uow: UnitOfWork, actor: Actor, uid: str, count: int, folder: Path) -> Written:
    """Write the next `count` steps of a run, those that are joined counted as one. Raises as `write_piece`."""
    return _write_next(uow, actor, uid, lambda place: plan.read_units(plan.path_of(folder, uid), place, count))


def _write_next(uow: UnitOfWork, actor: Actor, uid: str, read_from: Callable[[int], Read]) -> Written:
    row = uow.execute(select(_run).where(_run.c.uid == uid).with_for_update()).one_or_none()
    if row is None or row.taken_back:
        raise NothingToFinish
    if row.done == row.steps:
        return Written(row.done, row.steps)
    try:
        read = read_from(row.place)
    except OSError as error:
        raise PlanGone from error
    for _kind, some in groupby(read.steps, key=lambda step: (step.chain, step.kind)):
        _write(uow, actor, uid, list(some))
    done = row.done + len(read.steps)
    ended = {"ended_at": uow.now} if done == row.steps else {}
    uow.execute(update(_run).where(_run.c.uid == uid).values(place=read.place, done=done, **ended))
    return Written(done, row.steps)


def _write(uow: UnitOfWork, actor: Actor, uid: str, steps: list[Step]) -> None:
    chain = steps[0].chain
    if not chain:
        _tell(uow, steps)
        return
    _must_reach(actor, chain)
    right = Right.KEEP_ACCOUNTS if chain == ledger.INSTALLATION else Right.SET_UP_SCHOOL
    with operation(uow, actor, KINDS[steps[0].kind], right, chain=chain) as op:
        op.add(Item(GROUP, uid, None, {UNDONE_AS: SET_IMPORTED.name}))
        try:
            applying.write(op, uid, steps)
        except IntegrityError as error:
            raise PlaceTaken from error


def _must_reach(actor: Actor, chain: str) -> None:
    """Raise NotYours unless the actor may write in this chain: a school's administrator in his own and of accounts."""
    if Scope.INSTALLATION in actor.scopes(Right.SET_UP_SCHOOL):
        return
    if chain not in (ledger.INSTALLATION, ledger.school_chain(actor.hat.school_uid)):
        raise NotYours


def _tell(uow: UnitOfWork, steps: list[Step]) -> None:
    """Tell open pages of courses and diaries to load them anew."""
    courses = {feed_of(uid): uid for step in steps for uid in step.courses}
    for feed, sequence in bump_all(uow, sorted(courses)).items():
        uow.announce(CourseChanged(courses[feed], sequence, "", "", reload=True))
    told: list[DiaryChanged] = diaries_changed(uow, {uid for step in steps for uid in step.students})
    for event in told:
        uow.announce(event)


def forget(uow: UnitOfWork, uid: str) -> bool:
    """Forget a run of which nothing was written; whether it was one. What has begun to write stays."""
    return uow.execute(_run.delete().where(_run.c.uid == uid, _run.c.done == 0)).rowcount > 0


def rows_to_take_back(connection: Connection, actor: Actor, uid: str, now: datetime) -> int:
    """How many rows of a run stand. Raises why they cannot be taken back (`ledger/undoing.py`)."""
    preview = UNDOING.preview(Reading.at(connection, actor, now), uid)
    if preview.refusal is not None:
        raise preview.refusal
    return len(preview.changes)


def take_piece_back(uow: UnitOfWork, actor: Actor, uid: str, parts: int) -> int:
    """Take the last rows of a run back, at most `parts`; returns how many, 0 = nothing stands any more.

    Raises what `ledger/undoing.py: Undoing.undo` raises.
    """
    take, _group = UNDOING.pieces(uow.connection, actor, uid)
    piece = take(parts)
    return piece(uow) if piece is not None else 0


def has_written(connection: Connection, uid: str) -> bool:
    """Whether something of a run is written."""
    return connection.execute(select(_run.c.id).where(_run.c.uid == uid, _run.c.done > 0)).first() is not None


def is_written(connection: Connection, uid: str) -> bool:
    """Whether a run is written to its end."""
    row = connection.execute(select(_run.c.done, _run.c.steps).where(_run.c.uid == uid)).one_or_none()
    return row is not None and row.done == row.steps


def must_be_whole(connection: Connection, uid: str, folder: Path) -> None:
    """Raise PlanGone unless the file of a run's plan is the one that was checked, NothingToFinish without a run."""
    digest = connection.execute(select(_run.c.digest).where(_run.c.uid == uid)).scalar_one_or_none()
    if digest is None:
        raise NothingToFinish
    try:
        held = plan.digest_of(plan.path_of(folder, uid))
    except OSError as error:
        raise PlanGone from error
    if held != digest:
        raise PlanGone


def write_all(database: Database, actor: Actor, made: Plan, progress: Callable[[Written], None] | None = None) -> None:
    """Write a plan in pieces behind everything interactive. Raises Unfinished, NotYours, Interrupted.

    When nothing of it could be written the run is forgotten, and what the first piece raised is raised.
    """
    if not made.steps:
        return
    database.write(lambda uow: begin(uow, actor, made))
    finish(database, actor, made.uid, progress)


def finish(database: Database, actor: Actor, uid: str, progress: Callable[[Written], None] | None = None) -> None:
    """Write what is left of a run. Raises NothingToFinish, PlanGone, Interrupted."""
    folder = plan.folder_of(database.url)
    database.read(must_be_whole, uid, folder)
    last = Written(0, -1)

    def count(written: Written) -> None:
        nonlocal last
        last = written
        if progress is not None:
            progress(written)

    def take(size: int) -> Piece | None:
        return None if last.ended else (lambda uow: write_piece(uow, actor, uid, size, folder))

    try:
        database.write_bulk(take, progress=count)
    except BulkFailed as failure:
        cause = failure.__cause__ or failure
        if not last.done and database.write(lambda uow: forget(uow, uid)):
            plan.path_of(folder, uid).unlink(missing_ok=True)
            raise cause from failure
        why = str(cause) if isinstance(cause, Refused) else _("the database failed.")
        raise Interrupted(uid, last.done, max(last.steps, 0), why) from cause
    plan.path_of(folder, uid).unlink(missing_ok=True)
