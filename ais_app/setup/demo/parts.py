"""The parts of the large demonstration school as values for JSON, and what each of them writes.

A part names its moment and the seed of its uids, so that it writes the same whoever writes it, and with whichever
others in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import groupby
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from ais_app.clock import SetClock
from ais_app.db import UnitOfWork
from ais_app.db.columns import table, uid_of
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.remarks.service import add_remark
from ais_app.journal.windows.service.periods import close_period
from ais_app.rights.rules import Actor, Role
from ais_app.school.models import ControlType
from ais_app.school.rules import PersonRef
from ais_app.setup.demo import accounts, bulk, founding, founding_parts, people
from ais_app.setup.demo.curriculum import PlannedLesson
from ais_app.setup.demo.keeping import CORRECTED, demonstration_actor
from ais_app.setup.demo.reading_back import school_of
from ais_app.setup.demo.school import SEED, set_up_moment

Part = dict[str, Any]
LATE_WEEK = 36  # of 38: the year is nearly over

_type = table(ControlType)


def part(name: str, at: datetime, seed: str, said: dict[str, Any]) -> Part:
    return {"do": name, "at": at.isoformat(), "seed": seed, **said}


def of_step(connection: Connection, today: date, step: founding_parts.Step, roster: people.Roster) -> Iterator[Part]:
    """The parts of a step of founding the school, seen from `today`."""
    days = founding.calendar(today, LATE_WEEK)
    at = set_up_moment(days)
    for number, said in enumerate(step(connection, days, roster)):
        yield part(said["do"], at, f"{said['do']} {number}", said)


def weight(said: Part) -> int:
    """How much a part writes, as a multiple of eight plain rows."""
    return _WEIGHTS.get(said["do"], 1)


def write(uow: UnitOfWork, some: Sequence[Part]) -> None:
    """Write parts in their order. Raises DatabaseNotEmpty where the school is founded and another one is there."""
    present = uow.now
    for (name, at), same in groupby(some, lambda one: (one["do"], one["at"])):
        group = list(same)
        with _as_of(uow, at, group[0]["seed"]):
            if name == "lesson":
                _write_lessons(uow, group, present)
                continue
            for one in group:
                uow.make_uid = _uids(one["seed"])
                if name in founding_parts.WRITTEN_BY:
                    founding_parts.WRITTEN_BY[name](uow, one)
                else:
                    _WRITTEN_BY[name](uow, one, present)


@contextmanager
def _as_of(uow: UnitOfWork, at: str, seed: str) -> Iterator[None]:
    """Let the unit of work be at this moment, with uids of this seed, while the block lasts."""
    clock, make_uid = uow.clock, uow.make_uid
    uow.clock, uow.make_uid = SetClock(datetime.fromisoformat(at)), _uids(seed)
    try:
        yield
    finally:
        uow.clock, uow.make_uid = clock, make_uid


def _uids(seed: str) -> Callable[[], str]:
    source = Random(f"{SEED} {seed}")
    return lambda: uid_of(source.randbytes(10))


def _open_account(uow: UnitOfWork, said: Part, _present: datetime) -> None:
    roles = tuple((role, person) for role, person in said["roles"])
    draft = accounts.AccountDraft(said["login"], said["password_hash"], said["code_hash"], roles)
    accounts.open_account(uow, draft, school_of(uow.connection).id, date.fromisoformat(said["since"]))


def _write_lessons(uow: UnitOfWork, lessons: Sequence[Part], present: datetime) -> None:
    """Lessons of one day, in a few statements."""
    school = school_of(uow.connection)
    rows = uow.execute(select(_type).where(_type.c.school_id == school.id)).all()
    kinds = {row.code: bulk.Kind(row.id, row.uid, row.weight) for row in rows}
    batch = bulk.Batch(uow, school, next(kinds[row.code] for row in rows if row.is_default))
    for said in lessons:
        actor = _actor(uow, said["login"], Role.TEACHER, present)
        lesson = bulk.HeldLesson(*[*said["lesson"], said["course"]])
        planned = PlannedLesson(*said["plan"])
        batch.describe(actor, lesson, planned, said["students"])
        if planned.kind:
            batch.change_work(actor, lesson, kinds[planned.kind], said["students"])
        entries = [(PersonRef(person, uid), text, comment) for person, uid, text, comment in said["entries"]]
        batch.enter(actor, lesson, entries, graded=said["graded"])
    batch.write()


def _correct(uow: UnitOfWork, said: Part, present: datetime) -> None:
    better = MarkEntry(said["student"], said["work"], "4", 1)
    actor = _actor(uow, said["login"], Role.TEACHER, present)
    enter_marks(uow, actor, MarksOperation(uow.make_uid(), said["course"], [better], CORRECTED))


def _remark(uow: UnitOfWork, said: Part, present: datetime) -> None:
    add_remark(uow, _actor(uow, said["login"], Role.TEACHER, present), said["lesson"], said["student"], said["text"])


def _bring_document(uow: UnitOfWork, said: Part, present: datetime) -> None:
    span = DaySpan(date.fromisoformat(said["first"]), date.fromisoformat(said["last"]))
    leader = _actor(uow, said["leader"], Role.CLASS_TEACHER, present)
    excuse(uow, leader, Excuse(said["student"], span, said["reason"], said["paper"]))


def _close(uow: UnitOfWork, said: Part, present: datetime) -> None:
    close_period(uow, _actor(uow, "deputy", Role.DEPUTY, present), said["period"])


def _actor(uow: UnitOfWork, login: str, role: Role, present: datetime) -> Actor:
    """Who keeps a journal; remembered by the writer, for the same school alone."""
    key = f"demonstration {school_of(uow.connection).uid} {login} {role}"
    if key not in uow.shared.memory:
        uow.shared.memory[key] = demonstration_actor(uow.connection, login, role, present)
    return uow.shared.memory[key]


_WRITTEN_BY: dict[str, Callable[[UnitOfWork, Part, datetime], None]] = {
    "account": _open_account,
    "correction": _correct,
    "remark": _remark,
    "document": _bring_document,
    "close": _close,
}
_WEIGHTS = {"school": 4, "year": 4, "class": 6, "courses": 2, "lesson": 2, "remark": 2, "document": 10, "close": 16}
