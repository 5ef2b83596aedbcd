"""Keeping the journals of the demonstration school day by day: topics, homework, absences, marks, documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
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
        rows = uow.execute(
            select(
                _lesson.c.id, _lesson.c.uid, _lesson.c.course_id, _work.c.id.label("work_id"), _work.c.uid.label("work")
            )
            .join(_work, _work.c.lesson_id == _lesson.c.id)
            .where(_lesson.c.school_id == self._written.school.id, _lesson.c.day == day)
            .order_by(_lesson.c.number, _lesson.c.course_id)
        ).all()
        taught_by_id = {taught.ref.id: taught for taught in self._written.taught}
        self._keep_lessons(uow, day, [(taught_by_id[row.course_id], row) for row in rows])
        self.count += len(rows)
        if day.isoweekday() == curriculum.DAYS:
            self._bring_documents(uow, day)

    def _keep_lessons(self, uow: UnitOfWork, day: date, held: Sequence[tuple[Taught, Any]]) -> None:
        """Keep the lessons of a day, given as (course, row with `uid` and the uid of its `work`)."""
        for taught, row in held:
            self._keep_lesson(uow, taught, day, row.uid, row.work)

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
        self._correct(uow, actor, taught, entries)
        self._remark(uow, actor, lesson, entries)

    def _remark(self, uow: UnitOfWork, actor: Actor, lesson: str, entries: list[MarkEntry]) -> None:
        """Now and then, a remark of the teacher to the family of somebody who came late or has a «2»."""
        about = next((one for one in entries if one.text[:1] in (LATE, "2")), None)
        if about is not None and self._asides.random() < 0.12:
            add_remark(uow, actor, lesson, about.student, behaviour.remark(self._asides, late=about.text[:1] == LATE))

    def acknowledge_weeks(self, uow: UnitOfWork, today: date) -> None:
        """The guardian acknowledges six weeks of each child, but not the last full one."""
        guardian = self._actor(uow.connection, "guardian", Role.GUARDIAN)
        monday = today - timedelta(days=today.isoweekday() - 1 + 14)
        for child in diary.children(Reading.at(uow.connection, guardian, uow.now)):
            for weeks in range(6):
                acknowledge(uow, guardian, child.uid, monday - timedelta(days=7 * weeks))

    def _correct(self, uow: UnitOfWork, actor: Actor, taught: Taught, entries: list[MarkEntry]) -> None:
        """Now and then, a «3» is corrected to «4», with a reason."""
        entry = next((one for one in entries if one.text == "3" and self._random.random() < 0.01), None)
        if entry is not None:
            better = MarkEntry(entry.student, entry.work, "4", 1)
            enter_marks(
                uow, actor, MarksOperation(uow.make_uid(), taught.ref.uid, [better], "Засчитано после разбора ошибок")
            )

    def _bring_documents(self, uow: UnitOfWork, friday: date) -> None:
        for index, (pupil, ref) in enumerate(self._written.pupils):
            for illness in self._profiles[index].illnesses:
                if illness.reason and friday - timedelta(days=6) <= illness.last <= friday:
                    leader = self._actor(uow.connection, self._leaders[pupil.grade, pupil.letter], Role.CLASS_TEACHER)
                    paper = "Справка из поликлиники" if illness.reason == ILL else "Заявление родителей"
                    excuse(uow, leader, Excuse(ref.uid, DaySpan(illness.first, illness.last), illness.reason, paper))

    def close(self, uow: UnitOfWork, scheme: str, ordinal: int) -> None:
        """The deputy closes a period of a scheme for everybody."""
        period = uow.execute(
            select(_period.c.uid)
            .join(_scheme, _scheme.c.id == _period.c.scheme_id)
            .where(
                _scheme.c.school_id == self._written.school.id,
                _scheme.c.name == scheme,
                _period.c.ordinal == ordinal,
                _period.c.starts_on.between(self._written.calendar.first, self._written.calendar.last),
            )
        ).scalar_one()
        close_period(uow, self._actor(uow.connection, "deputy", Role.DEPUTY), period)

    def _actor(self, connection: Connection, login: str, role: Role) -> Actor:
        key = f"{login}:{role}"
        if key not in self._actors:
            name = login if login in DEMONSTRATION else f"staff-{login}"
            self._actors[key] = actor_of_login(connection, name, role, self._database.clock.now())
        return self._actors[key]
