"""What a writer knows of a course while nothing of the school changes but marks: read once, not at every key.

Every change of a school's courses, groups, teachers, periods and lessons is an operation in the school's chain, and
the chain is locked here. So what was read still holds as long as the head of the chain is the one that this writer
left there after reading or after its own marks: whoever changed anything since, in whatever process, moved it. Only
a change past the product, made in the database itself, is in no chain: it is seen after `SECONDS`.

No right is kept longer than its term. What ends with a day is known for that day only; what ends at a moment, an
opening, is kept with its term and asked at the moment of each write.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from time import monotonic

from ais_app.db import UnitOfWork
from ais_app.journal.courses.queries import students as courses_students
from ais_app.journal.courses.queries.courses import CourseRow, course_to_write
from ais_app.journal.courses.queries.students import Student
from ais_app.journal.grid.queries.cells import Weight, weights
from ais_app.journal.lessons.queries.columns import Column, column, named_columns, teaching_terms
from ais_app.journal.windows import rules
from ais_app.journal.windows.queries import periods as windows_periods
from ais_app.journal.windows.queries.openings import openings
from ais_app.journal.windows.queries.periods import PeriodRow
from ais_app.ledger.operation import Operation
from ais_app.ledger.service import Chain
from ais_app.rights.reading import Reading

SECONDS = 60.0
MOST_COURSES = 500
_MEMORY = "journal.facts"


@dataclass(slots=True)
class Facts:
    """A course as one actor finds it on one day. Columns and weights are read when they are first asked for.

    `page`: the course; `until`: by the monotonic clock; `students`: {uid: student} of the year; `terms`: [from, to) in
    which the actor teaches it.
    """

    page: CourseRow
    today: date
    until: float
    periods: list[PeriodRow]
    terms: list[tuple[date, date | None]]
    students: dict[str, Student]
    openings: list[rules.Opening]
    _columns: dict[str, Column] = field(default_factory=dict)
    _weights: dict[int, dict[int, Weight]] = field(default_factory=dict)

    def columns(self, uow: UnitOfWork, uids: Iterable[str]) -> dict[str, Column]:
        """{uid: column} of those among `uids` that are works of this course and year, as they are without openings."""
        wanted = list(uids)
        missing = [uid for uid in wanted if uid not in self._columns]
        if missing:
            found = named_columns(uow.connection, self.page, missing)
            for row in found:
                self._columns[row.uid] = column(row, self.page, self.periods, self.terms, self.today)
        return {uid: self._columns[uid] for uid in wanted if uid in self._columns}

    def weights(self, uow: UnitOfWork, period: PeriodRow) -> dict[int, Weight]:
        """{work id: weight} of everything in a period that a mean may count."""
        if period.id not in self._weights:
            self._weights[period.id] = weights(uow.connection, self.page.id, period.first, period.last)
        return self._weights[period.id]


@dataclass(slots=True)
class _Known:
    """What is known of one school: it holds while the chain's head is `head`."""

    head: str
    courses: dict[tuple[object, ...], Facts] = field(default_factory=dict)


def facts_of(op: Operation, course_uid: str) -> Facts:
    """The course, under the lock of its chain. Raises NotYours when it is absent or not the actor's to read."""
    chain, reading = op.chain, op.reading
    schools: dict[str, _Known] = op.uow.shared.memory.setdefault(_MEMORY, {})
    known = schools.get(chain.chain_id)
    if known is None or known.head != chain.head:
        known = schools[chain.chain_id] = _Known(chain.head)
    hat = reading.hat
    key = (course_uid, hat.person_id, hat.roles, hat.school_id, reading.today)
    found = known.courses.get(key)
    if found is None or found.until < monotonic():
        while len(known.courses) >= MOST_COURSES:
            del known.courses[next(iter(known.courses))]
        found = known.courses[key] = _read(reading, course_uid)
    return found


def still_hold(uow: UnitOfWork, chain: Chain, before: str) -> None:
    """Keep what is known after marks were appended to a chain whose head was `before`: marks change nothing of it."""
    known = uow.shared.memory.get(_MEMORY, {}).get(chain.chain_id)
    if known is not None and known.head == before:
        known.head = chain.head


def _read(reading: Reading, course_uid: str) -> Facts:
    page, connection = course_to_write(reading, course_uid), reading.connection
    members = courses_students.members(connection, page.group_id, page.year_from, page.year_to)
    return Facts(
        page=page,
        today=reading.today,
        until=monotonic() + SECONDS,
        periods=windows_periods.periods(connection, page.scheme_id),
        terms=teaching_terms(connection, reading.actor, page.id),
        students={member.uid: member for member in members},
        openings=[one.rule for one in openings(connection, page.id, reading.now)],
    )
