"""The large demonstration school: six parallels of the small one, kept for nearly a whole year; for load tests.

It is made of parts (`parts.py`), each with its own moment and its own source of random uids, so that a job can write
them in pieces, in one order, each once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, time, timedelta
from itertools import chain, groupby
from random import Random
from typing import Any

from sqlalchemy import func, select

from ais_app.access import passwords
from ais_app.clock import local_date
from ais_app.db import Database
from ais_app.db.columns import table
from ais_app.journal.grid.models import Mark
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.lessons.models import Lesson
from ais_app.setup.demo import accounts, behaviour, curriculum, founding, parts, people
from ais_app.setup.demo.founding import HALVES, QUARTERS, ZONE, Taught, Written, calendar, school_days
from ais_app.setup.demo.founding_parts import STEPS
from ais_app.setup.demo.keeping import Keeper
from ais_app.setup.demo.parts import LATE_WEEK, Part
from ais_app.setup.demo.reading_back import with_courses
from ais_app.setup.demo.school import SEED

ASKED = (10, 16)  # students a lesson with a mark: about 400,000 marks a year, the scale of P-8

_mark, _lesson = table(Mark), table(Lesson)


def write_large_demonstration(database: Database, tell: Callable[[str], None] = lambda _line: None) -> str:
    """Write 36 classes and 1,000 students, kept up to yesterday in the 36th week of 38; returns one line about it.

    In this process alone, a day in a transaction. `tell` is called with a line at the beginning and after each Monday.
    Raises DatabaseNotEmpty.
    """
    today = local_date(database.clock.now(), ZONE)
    roster = people.large_roster()
    for step in STEPS:
        made = database.read(lambda one, step=step: list(parts.of_step(one, today, step, roster)))
        database.write(lambda uow, made=made: parts.write(uow, made))
    written = database.read(with_courses, calendar(today, LATE_WEEK), roster)
    tell(f"{len(written.taught)} journals of {len(written.roster.classes)} classes")
    keeper = LargeKeeper(database, written, Random(SEED + 3), Random(SEED + 4))
    opened = database.read(lambda _one: list(account_parts(written)))
    database.write(lambda uow: parts.write(uow, opened))
    write_days(database, keeper, list(school_days(written.calendar, today)), tell)
    return f"{keeper.summary[:-1]}, {count_of_marks(database)} marks."


def count_of_marks(database: Database) -> int:
    return database.read(lambda one: one.execute(select(func.count()).select_from(_mark)).scalar_one())


def account_parts(written: Written, password_cost: int = passwords.COST) -> Iterator[Part]:
    """The parts that open the accounts, one of each."""
    days = written.calendar
    at, since = founding.moment(days.first - timedelta(days=10), time(12)), accounts.role_day(days).isoformat()
    for number, draft in enumerate(accounts.account_drafts(written, password_cost)):
        yield parts.part("account", at, f"account {number}", {**asdict(draft), "since": since})


def write_days(
    database: Database, keeper: LargeKeeper, days: Sequence[date], tell: Callable[[str], None] = lambda _line: None
) -> None:
    """Keep these days, a transaction each, and close each period two days after its last day."""
    for day in days:
        made = database.read(lambda connection, day=day: keeper.parts_of(connection, day))
        for some in [list(group) for _at, group in groupby(made, lambda one: one["at"])]:
            database.write(lambda uow, some=some: parts.write(uow, some))
        if day.isoweekday() == 1:
            tell(f"{day}: {keeper.count} lessons kept so far")


def all_parts(database: Database, today: date, write: Callable[[Iterable[Part], int], None]) -> str:
    """Give all parts of the school to `write(parts, about how many there are)`, a step in a call; one line about it.

    What a call needs is read from the database, where those before it must be written by then. How many there are is
    known (not 0) once the school is founded.
    """
    roster, count = people.large_roster(), 0
    for step in STEPS:
        made = database.read(lambda one, step=step: list(parts.of_step(one, today, step, roster)))
        count += len(made)
        write(made, 0)
    written = database.read(with_courses, calendar(today, LATE_WEEK), roster)
    keeper = LargeKeeper(database, written, Random(SEED + 3), Random(SEED + 4))
    days = list(school_days(written.calendar, today))
    of_days = (part for day in days for part in database.read(lambda one, day=day: keeper.parts_of(one, day)))
    lessons = select(func.count()).select_from(_lesson).where(_lesson.c.day < today)
    count += len(written.staff) + len(written.pupils) + database.read(lambda one: one.scalar(lessons) or 0)
    write(chain(account_parts(written), of_days), count)
    return f"{keeper.summary[:-1]}, {count_of_marks(database)} marks."


class LargeKeeper(Keeper):
    """Keeps the lessons of a day as parts; one after the other, since each day goes on from the one before."""

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

    def parts_of(self, connection: Any, day: date) -> list[Part]:
        """The parts of a day: its lessons, what follows from them, the documents of a Friday, the end of a period."""
        at, held = founding.moment(day, time(15)), self._held(connection, day)
        made: list[Part] = []
        afterwards: list[tuple[Taught, Any, list[MarkEntry]]] = []
        for taught, row in held:
            part, entries = self._lesson(taught, row, day)
            made.append(part)
            afterwards.append((taught, row, entries))
        for taught, row, entries in afterwards if self._with_asides else ():
            made += self._asides_of(taught, row, entries, day)
        self.count += len(held)
        if day.isoweekday() == curriculum.DAYS and self._with_asides:
            made += [
                parts.part("document", at, f"{day} document {number}", _dated(asdict(document)))
                for number, document in enumerate(self._documents(day))
            ]
        return [*made, *self._ends(connection, day)]

    def _lesson(self, taught: Taught, row: Any, day: date) -> tuple[Part, list[MarkEntry]]:
        planned = next(taught.plan)
        profiles = [self._profiles[index] for index in taught.members]
        graded = taught.grade > 1
        entries = behaviour.entries(self._random, profiles, day, planned.kind, graded=graded, asked_of=self._asked)
        pupils = [self._written.pupils[index][1] for index in taught.members]
        said = {
            "login": taught.login,
            "course": taught.ref.uid,
            "lesson": [row.id, row.uid, row.work_id, row.work],
            "plan": [planned.topic, planned.kind, planned.homework, planned.minutes],
            "students": [pupil.uid for pupil in pupils],
            "entries": [[pupils[one.position].id, pupils[one.position].uid, one.text, one.comment] for one in entries],
            "graded": graded,
        }
        made = [MarkEntry(pupils[one.position].uid, row.work, one.text, 0, one.comment) for one in entries]
        return parts.part("lesson", founding.moment(day, time(15)), row.uid, said), made

    def _asides_of(self, taught: Taught, row: Any, entries: list[MarkEntry], day: date) -> Iterator[Part]:
        at = founding.moment(day, time(15))
        better, remark = self._correction(entries), self._remark(entries)
        if better is not None:
            said = {"login": taught.login, "course": taught.ref.uid, "student": better.student, "work": better.work}
            yield parts.part("correction", at, f"{row.uid} correction", said)
        if remark is not None:
            said = {"login": taught.login, "lesson": row.uid, "student": remark[0], "text": remark[1]}
            yield parts.part("remark", at, f"{row.uid} remark", said)

    def _ends(self, connection: Any, day: date) -> Iterator[Part]:
        """The periods whose last day it is, closed two days later."""
        at = founding.moment(day + timedelta(days=2), time(16))
        for number, (_first, last) in enumerate(self._written.calendar.quarters, 1):
            if last == day:
                schemes = [(QUARTERS, number), *([(HALVES, number // 2)] if number % 2 == 0 else [])]
                for scheme, ordinal in schemes:
                    period = self.period(connection, scheme, ordinal)
                    yield parts.part("close", at, f"{period} close", {"period": period})


def _dated(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
