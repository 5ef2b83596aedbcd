"""The large demonstration school: six parallels of the small one, kept for nearly a whole year; for load tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select

from ais_app.clock import SetClock, local_date
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import table, uid_of
from ais_app.journal.grid.models import Mark
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.rights.rules import Role
from ais_app.school.models import ControlType
from ais_app.setup.demo import behaviour, bulk, people
from ais_app.setup.demo.founding import (
    HALVES,
    QUARTERS,
    ZONE,
    Taught,
    Written,
    calendar,
    moment,
    school_days,
)
from ais_app.setup.demo.keeping import Keeper
from ais_app.setup.demo.school import SEED, set_up_moment, write_school_with_accounts

LATE_WEEK = 36  # the third last of 38
ASKED = (10, 16)  # students a lesson with a mark: about 400,000 marks a year, the scale of P-8

_type, _mark = table(ControlType), table(Mark)


def write_large_demonstration(database: Database, tell: Callable[[str], None] = lambda _line: None) -> str:
    """Write 36 classes and 1,000 students, kept up to yesterday in the 36th week of 38; returns one line about it.

    `tell` is called with a line at the beginning and after each Monday. Raises DatabaseNotEmpty.
    """
    today = local_date(database.clock.now(), ZONE)
    days = calendar(today, LATE_WEEK)
    source = Random(SEED + 2)

    def make_uid() -> str:
        return uid_of(source.randbytes(10))

    clock = SetClock(set_up_moment(days))
    written = write_school_with_accounts(database, days, people.large_roster(), make_uid, clock)
    tell(f"{len(written.taught)} journals of {len(written.roster.classes)} classes")
    keeper = BulkKeeper(database, written, Random(SEED + 3), Random(SEED + 4))
    keep_year(database, keeper, list(school_days(days, today)), clock, make_uid, tell)
    marks = database.read(lambda one: one.execute(select(func.count()).select_from(_mark)).scalar_one())
    return f"{keeper.summary[:-1]}, {marks} marks."


def keep_year(
    database: Database,
    keeper: BulkKeeper,
    days: Sequence[date],
    clock: SetClock,
    make_uid: Callable[[], str],
    tell: Callable[[str], None] = lambda _line: None,
) -> None:
    """Keep these days, a transaction each, and close each period two days after its last day, by the clock."""
    ends = keeper.ends()
    for day in days:
        clock.moment = moment(day, time(15))
        database.write(lambda uow, day=day: keeper.keep(uow, day), make_uid=make_uid, clock=clock)
        for scheme, ordinal in ends.get(day, ()):
            clock.moment = moment(day + timedelta(days=2), time(16))
            database.write(
                lambda uow, scheme=scheme, ordinal=ordinal: keeper.close(uow, scheme, ordinal),
                make_uid=make_uid,
                clock=clock,
            )
        if day.isoweekday() == 1:
            tell(f"{day}: {keeper.count} lessons kept so far")


class BulkKeeper(Keeper):
    """Keeps the lessons of a day in a few statements; corrections, remarks and documents go through the services."""

    def __init__(
        self,
        database: Database,
        written: Written,
        random: Random,
        chance: Random,
        *,
        asides: bool = True,
        asked: tuple[int, int] = ASKED,
    ) -> None:
        """`asides`: whether corrections, remarks and documents are written too. `asked`: students a lesson with a mark."""
        super().__init__(database, written, random, chance)
        self._asked = asked
        self._with_asides = asides
        self._kinds: dict[str, bulk.Kind] = {}
        self._ordinary = bulk.Kind(0, "", 0)

    def ends(self) -> dict[date, list[tuple[str, int]]]:
        """{last day: [(scheme, ordinal)]} of the periods of the year."""
        ends: dict[date, list[tuple[str, int]]] = {}
        for number, (_first, last) in enumerate(self._written.calendar.quarters, 1):
            ends.setdefault(last, []).append((QUARTERS, number))
            if number % 2 == 0:
                ends[last].append((HALVES, number // 2))
        return ends

    def _keep_lessons(self, uow: UnitOfWork, day: date, held: Sequence[tuple[Taught, Any]]) -> None:
        if not self._kinds:
            rows = uow.execute(select(_type).where(_type.c.school_id == self._written.school.id)).all()
            self._kinds = {row.code: bulk.Kind(row.id, row.uid, row.weight) for row in rows}
            self._ordinary = next(self._kinds[row.code] for row in rows if row.is_default)
        batch = bulk.Batch(uow, self._written.school, self._ordinary)
        afterwards = [
            (taught, row.uid, self._gather(uow, batch, taught, day, _held_lesson(taught, row))) for taught, row in held
        ]
        batch.write()
        for taught, lesson, entries in afterwards if self._with_asides else ():
            actor = self._actor(uow.connection, taught.login, Role.TEACHER)
            self._correct(uow, actor, taught, entries)
            self._remark(uow, actor, lesson, entries)

    def _bring_documents(self, uow: UnitOfWork, friday: date) -> None:
        if self._with_asides:
            super()._bring_documents(uow, friday)

    def _gather(
        self, uow: UnitOfWork, batch: bulk.Batch, taught: Taught, day: date, lesson: bulk.HeldLesson
    ) -> list[MarkEntry]:
        actor = self._actor(uow.connection, taught.login, Role.TEACHER)
        planned = next(taught.plan)
        pupils = [self._written.pupils[index][1] for index in taught.members]
        everybody = [pupil.uid for pupil in pupils]
        batch.describe(actor, lesson, planned, everybody)
        if planned.kind:
            batch.change_work(actor, lesson, self._kinds[planned.kind], everybody)
        profiles = [self._profiles[index] for index in taught.members]
        graded = taught.grade > 1
        entries = behaviour.entries(self._random, profiles, day, planned.kind, graded=graded, asked_of=self._asked)
        batch.enter(actor, lesson, [(pupils[one.position], one.text, one.comment) for one in entries], graded=graded)
        return [MarkEntry(pupils[one.position].uid, lesson.work_uid, one.text, 0, one.comment) for one in entries]


def _held_lesson(taught: Taught, row: Any) -> bulk.HeldLesson:
    return bulk.HeldLesson(row.id, row.uid, row.work_id, row.work, taught.ref.uid)
