"""Keeping the journals of the demonstration school day by day: topics, homework, absences, marks, documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from ais_app.access.queries import actor_of_login
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import pairs, table
from ais_app.diary import queries as diary
from ais_app.diary.service import acknowledge
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.grid.rules import ILL, LATE
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import lessons
from ais_app.journal.remarks.service import add_remark
from ais_app.journal.windows.service.periods import close_period
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Role
from ais_app.school.models import ControlType, GradingPeriod, PeriodScheme
from ais_app.setup.demo import behaviour, curriculum
from ais_app.setup.demo.founding import Taught, Written
from ais_app.setup.demo.logins import DEMONSTRATION

_lesson, _work, _type = table(Lesson), table(Work), table(ControlType)
_period, _scheme = table(GradingPeriod), table(PeriodScheme)


CORRECTED = "Засчитано после разбора ошибок"


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that explains an absence; `leader`: the login of the class teacher who gets it."""

    leader: str
    student: str
    first: date
    last: date
    reason: str
    paper: str


def demonstration_actor(connection: Connection, login: str, role: Role, now: datetime) -> Actor:
    """A member of the staff of the demonstration school, by the login of the roster."""
    return actor_of_login(connection, login if login in DEMONSTRATION else f"staff-{login}", role, now)


class Keeper:
    """Keeps the journals day by day, each teacher his own. `asides` decides on remarks, so that marks do not change."""

    def __init__(self, database: Database, written: Written, random: Random, asides: Random) -> None:
        self._written, self._random = written, random
        self._database = database
        self.count = 0
        self._leaders = written.roster.leaders
        first, last = written.calendar.first, written.calendar.last
        self._profiles = [behaviour.profile(random, first, last) for _pupil in written.pupils]
        self._asides = asides
        self._types: dict[str, str] = {}
        self._actors: dict[str, Actor] = {}

    @property
    def summary(self) -> str:
        """One line about what was written."""
        written = self._written
        return (
            f"{len(written.pupils)} students, {len(written.staff)} staff, {len(written.taught)} journals, "
            f"{self.count} lessons kept."
        )

    def keep(self, uow: UnitOfWork, day: date) -> None:
        """Keep every lesson of the day: topic, homework, absences, marks; on Fridays the reasons of absence."""
        if not self._types:
            self._types = pairs(uow.execute(select(_type.c.code, _type.c.uid)))
        held = self._held(uow.connection, day)
        for taught, row in held:
            self._keep_lesson(uow, taught, day, row.uid, row.work)
        self.count += len(held)
        if day.isoweekday() == curriculum.DAYS:
            for document in self._documents(day):
                leader = self._actor(uow.connection, document.leader, Role.CLASS_TEACHER)
                span = DaySpan(document.first, document.last)
                excuse(uow, leader, Excuse(document.student, span, document.reason, document.paper))

    def _held(self, connection: Connection, day: date) -> list[tuple[Taught, Any]]:
        """The lessons of a day, as (course, row with `uid` and the uid of its `work`)."""
        rows = connection.execute(
            select(
                _lesson.c.id, _lesson.c.uid, _lesson.c.course_id, _work.c.id.label("work_id"), _work.c.uid.label("work")
            )
            .join(_work, _work.c.lesson_id == _lesson.c.id)
            .where(_lesson.c.school_id == self._written.school.id, _lesson.c.day == day)
            .order_by(_lesson.c.number, _lesson.c.course_id)
        ).all()
        taught_by_id = {taught.ref.id: taught for taught in self._written.taught}
        return [(taught_by_id[row.course_id], row) for row in rows]

    def _keep_lesson(self, uow: UnitOfWork, taught: Taught, day: date, lesson: str, work: str) -> None:
        actor = self._actor(uow.connection, taught.login, Role.TEACHER)
        planned = next(taught.plan)
        lessons.describe_lesson(
            uow,
            actor,
            lessons.LessonText(
                lesson, 1, planned.topic, planned.homework or "", planned.minutes or None, planned.homework is None
            ),
        )
        if planned.kind:
            lessons.change_work(uow, actor, work, self._types[planned.kind])
        profiles = [self._profiles[index] for index in taught.members]
        entries = [
            MarkEntry(self._written.pupils[taught.members[entry.position]][1].uid, work, entry.text, 0, entry.comment)
            for entry in behaviour.entries(self._random, profiles, day, planned.kind, graded=taught.grade > 1)
        ]
        if entries:
            enter_marks(uow, actor, MarksOperation(uow.make_uid(), taught.ref.uid, entries))
        better = self._correction(entries)
        if better is not None:
            enter_marks(uow, actor, MarksOperation(uow.make_uid(), taught.ref.uid, [better], CORRECTED))
        remark = self._remark(entries)
        if remark is not None:
            add_remark(uow, actor, lesson, *remark)

    def _remark(self, entries: list[MarkEntry]) -> tuple[str, str] | None:
        """Now and then, a remark to the family of somebody who came late or has a «2»: (student, text)."""
        about = next((one for one in entries if one.text[:1] in (LATE, "2")), None)
        if about is None or self._asides.random() >= 0.12:
            return None
        return about.student, behaviour.remark(self._asides, late=about.text[:1] == LATE)

    def acknowledge_weeks(self, uow: UnitOfWork, today: date) -> None:
        """The guardian acknowledges six weeks of each child, but not the last full one."""
        guardian = self._actor(uow.connection, "guardian", Role.GUARDIAN)
        monday = today - timedelta(days=today.isoweekday() - 1 + 14)
        for child in diary.children(Reading.at(uow.connection, guardian, uow.now)):
            for weeks in range(6):
                acknowledge(uow, guardian, child.uid, monday - timedelta(days=7 * weeks))

    def _correction(self, entries: list[MarkEntry]) -> MarkEntry | None:
        """Now and then, a «3» that is corrected to «4», with a reason."""
        entry = next((one for one in entries if one.text == "3" and self._random.random() < 0.01), None)
        return None if entry is None else MarkEntry(entry.student, entry.work, "4", 1)

    def _documents(self, friday: date) -> Iterator[Document]:
        """The documents that are brought on a Friday."""
        for index, (pupil, ref) in enumerate(self._written.pupils):
            for illness in self._profiles[index].illnesses:
                if illness.reason and friday - timedelta(days=6) <= illness.last <= friday:
                    paper = "Справка из поликлиники" if illness.reason == ILL else "Заявление родителей"
                    leader = self._leaders[pupil.grade, pupil.letter]
                    yield Document(leader, ref.uid, illness.first, illness.last, illness.reason, paper)

    def close(self, uow: UnitOfWork, scheme: str, ordinal: int) -> None:
        """The deputy closes a period of a scheme for everybody."""
        period = self.period(uow.connection, scheme, ordinal)
        close_period(uow, self._actor(uow.connection, "deputy", Role.DEPUTY), period)

    def period(self, connection: Connection, scheme: str, ordinal: int) -> str:
        """The uid of a period of the year."""
        query = (
            select(_period.c.uid)
            .join(_scheme, _scheme.c.id == _period.c.scheme_id)
            .where(
                _scheme.c.school_id == self._written.school.id,
                _scheme.c.name == scheme,
                _period.c.ordinal == ordinal,
                _period.c.starts_on.between(self._written.calendar.first, self._written.calendar.last),
            )
        )
        return connection.execute(query).scalar_one()

    def _actor(self, connection: Connection, login: str, role: Role) -> Actor:
        key = f"{login}:{role}"
        if key not in self._actors:
            self._actors[key] = demonstration_actor(connection, login, role, self._database.clock.now())
        return self._actors[key]
