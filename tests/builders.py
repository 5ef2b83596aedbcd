"""Builders: small schools with named people, written through the services like any other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from ais_app.access import passwords
from ais_app.access import queries as access_queries
from ais_app.access import service as access
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import new_uid, table
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import Entered, MarksOperation, enter_marks
from ais_app.journal.lessons.models import Lesson, Work
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK, WORK_NOT_TAKEN_BACK
from ais_app.journal.lessons.service import laying_out
from ais_app.journal.lessons.service.lessons import add_lesson
from ais_app.people.rules import SchoolRef
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Role, operator
from ais_app.school import rules, service
from ais_app.school.rules import PersonRef
from ais_app.school.service import courses as school_courses

YEAR_FROM, YEAR_TO = date(2026, 9, 1), date(2027, 5, 28)
NOON = time(12, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")
PASSWORD = "orchard-lantern-37"
CODE = "abcde-fghjk-mnpqr-st"
BORN = {"anna": date(2013, 3, 12), "boris": date(2012, 11, 30)}  # of the others no birth date is known
_lesson, _work = table(Lesson), table(Work)


def reading_at(connection: Connection, actor: Actor, when: date | datetime) -> Reading:
    """A read at a moment, or at the noon of a day."""
    return Reading.at(connection, actor, when if isinstance(when, datetime) else datetime.combine(when, NOON))


def read_as(
    database: Database, work: Callable[..., Any], actor: Actor, when: date | datetime, *arguments: Any, **named: Any
) -> Any:
    """What a read shows an actor at a moment, or at the noon of a day."""
    return database.read(lambda connection: work(reading_at(connection, actor, when), *arguments, **named))


@dataclass
class SmallSchool:
    """One class 7А of four with algebra (`algebra`) and history (`history`), lessons each weekday.

    `people` by login; `students` by login; `works` = {course: {day: work uid}}.
    """

    database: Database
    ref: SchoolRef
    year: rules.YearRef
    people: dict[str, PersonRef] = field(default_factory=dict)
    courses: dict[str, str] = field(default_factory=dict)
    periods: list[str] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    prefix: str = ""

    def actor(self, login: str, role: Role) -> Actor:
        found = self.database.read(access_queries.actor_of_login, self.prefix + login, role, self.database.clock.now())
        return Actor(found.account_id, found.account_uid, f"session-of-{login}", found.hat, "127.0.0.1", "web")

    def read(self, work: Callable[..., Any], actor: Actor, when: date | datetime, *arguments: Any, **named: Any) -> Any:
        """What a read shows an actor at a moment, or at the noon of a day."""
        return read_as(self.database, work, actor, when, *arguments, **named)

    def teacher(self) -> Actor:
        return self.actor("teacher", Role.TEACHER)

    def work(self, course: str, day: date, ordinal: int = 1) -> str:
        def find(connection):
            return connection.execute(
                select(_work.c.uid)
                .join(_lesson, _lesson.c.id == _work.c.lesson_id)
                .join(_lesson.metadata.tables["course"], _lesson.metadata.tables["course"].c.id == _lesson.c.course_id)
                .where(
                    _lesson.metadata.tables["course"].c.uid == self.courses[course],
                    _lesson.c.day == day,
                    _work.c.ordinal == ordinal,
                    LESSON_NOT_TAKEN_BACK,
                    WORK_NOT_TAKEN_BACK,
                )
            ).scalar_one()

        return self.database.read(find)

    def lesson(self, course: str, day: date) -> str:
        def find(connection):
            return connection.execute(
                select(_lesson.c.uid)
                .join(_work, _work.c.lesson_id == _lesson.c.id)
                .where(_work.c.uid == self.work(course, day))
            ).scalar_one()

        return self.database.read(find)

    def enter(
        self,
        actor: Actor,
        course: str,
        *cells: tuple[str, date, str, int],
        uid: str | None = None,
        reason: str = "",
    ) -> Entered:
        """Enter cells given as (student login, day, text, version seen)."""
        entries = [
            MarkEntry(self.people[student].uid, self.work(course, day), text, version)
            for student, day, text, version in cells
        ]
        operation = MarksOperation(uid or new_uid(), self.courses[course], entries, reason)
        return self.database.write(lambda uow: enter_marks(uow, actor, operation))

    def comment(self, actor: Actor, course: str, student: str, day: date, text: str, comment: str) -> Entered:
        """A mark with a comment, in a cell that is empty."""
        entry = MarkEntry(self.people[student].uid, self.work(course, day), text, 0, comment)
        return self.database.write(
            lambda uow: enter_marks(uow, actor, MarksOperation(new_uid(), self.courses[course], [entry]))
        )


def cells_of(view: dict[str, Any]) -> dict[tuple[int, int], list[Any]]:
    """{(row, column): [text, version, flags?, comment?]} of a sheet, as the grid reads it."""
    found = {(row, column): rest for row, column, *rest in view["cells"]}
    for row, values in enumerate(view["plain"]):
        found |= {(row, column): [text, 1] for text, columns in values.items() for column in columns}
    return found


def large_course(school: SmallSchool, students: int = 33, lessons: int = 80) -> str:
    """A course «Physics» of the teacher for `students` named by number, with `lessons` up to today, all open; its uid."""
    actor, today = operator(), school.database.clock.now().date()

    def build(uow: UnitOfWork) -> str:
        drafts = [rules.PersonDraft(f"Student {number:02}", "Big", "") for number in range(1, students + 1)]
        people = service.add_people(uow, actor, school.ref, drafts)
        ninth = service.add_class(
            uow,
            actor,
            school.ref,
            school.year.id,
            rules.ClassDraft(
                9,
                "Б",
                school.year.schemes["quarters"],
                members=[rules.MemberDraft(person.id, YEAR_FROM) for person in people],
            ),
        )
        subject = service.add_subjects(uow, actor, school.ref, [rules.SubjectDraft("Physics", "Phys")])["Physics"]
        (added,) = school_courses.add_courses(
            uow,
            actor,
            school.ref,
            school.year.id,
            [
                school_courses.CourseDraft(
                    "Physics",
                    subject,
                    ninth.group_id,
                    school.year.schemes["quarters"],
                    [school_courses.TeacherDraft(school.people["teacher"].id, YEAR_FROM)],
                    class_id=ninth.id,
                )
            ],
        )
        return added.uid

    uid = school.database.write(build)
    teacher, day, left = school.teacher(), today, lessons
    numbers = -(-lessons // 15)  # lessons of a period's last three weeks, several a day
    while left:
        if day.isoweekday() < 6:
            for number in range(1, min(numbers, left) + 1):
                chosen = (day, number)
                school.database.write(lambda uow, chosen=chosen: add_lesson(uow, teacher, uid, *chosen))
                left -= 1
        day -= timedelta(days=1)
    return uid


_numbers = count(1)


def small_school(database: Database, prefix: str = "") -> SmallSchool:
    """A school with two quarters, one class, two courses, a guardian for `anna`, and a former one."""
    actor = operator()

    def build(uow: UnitOfWork) -> SmallSchool:
        ref = service.open_school(uow, actor, rules.SchoolDraft(f"School {next(_numbers)}", "School", "Europe/Moscow"))
        quarters = rules.SchemeDraft(
            "quarters",
            [
                rules.PeriodDraft("I", date(2026, 9, 1), date(2026, 10, 25)),
                rules.PeriodDraft("II", date(2026, 11, 2), date(2026, 12, 30)),
            ],
        )
        holidays = [rules.HolidayDraft("autumn", date(2026, 10, 26), date(2026, 11, 1))]
        year = service.add_year(uow, actor, ref, rules.YearDraft("2026/27", YEAR_FROM, YEAR_TO, [quarters], holidays))
        bells = service.add_bells(
            uow,
            actor,
            ref,
            rules.BellScheduleDraft(
                "bells", [rules.BellDraft(1, time(8, 30), time(9, 15)), rules.BellDraft(2, time(9, 25), time(10, 10))]
            ),
        )
        built = SmallSchool(database, ref, year, prefix=prefix)
        logins = ["teacher", "historian", "deputy", "director", "school_admin", "secretary", "inspector"]
        students = ["anna", "boris", "vera", "gleb"]
        families = ["mother", "former", "stranger", "double"]
        drafts = [
            rules.PersonDraft(login.capitalize(), "Alex", "Ivanovich", BORN.get(login))
            for login in logins + students + families
        ]
        for login, person in zip(
            logins + students + families, service.add_people(uow, actor, ref, drafts), strict=True
        ):
            built.people[login] = person
        seventh = service.add_class(
            uow,
            actor,
            ref,
            year.id,
            rules.ClassDraft(
                7,
                "А",
                year.schemes["quarters"],
                bell_schedule_id=bells,
                members=[
                    rules.MemberDraft(
                        built.people[login].id, YEAR_FROM, date(2026, 11, 16) if login == "gleb" else None
                    )
                    for login in students
                ],
            ),
        )
        service.appoint_class_teacher(uow, actor, ref, seventh, built.people["historian"], rules.DatedFrom(YEAR_FROM))
        service.add_guardians(
            uow,
            actor,
            ref,
            [
                rules.GuardianDraft(built.people["mother"].id, built.people["anna"].id, "mother", YEAR_FROM),
                rules.GuardianDraft(
                    built.people["former"].id, built.people["anna"].id, "father", YEAR_FROM, date(2026, 11, 1)
                ),
                rules.GuardianDraft(built.people["stranger"].id, built.people["boris"].id, "mother", YEAR_FROM),
                rules.GuardianDraft(built.people["double"].id, built.people["vera"].id, "mother", YEAR_FROM),
            ],
        )
        subjects = service.add_subjects(
            uow, actor, ref, [rules.SubjectDraft("Algebra", "Alg"), rules.SubjectDraft("History", "Hist")]
        )
        built.types = school_courses.add_control_types(
            uow,
            actor,
            ref,
            [
                school_courses.TypeDraft("Lesson work", "LW", 3, is_default=True),
                school_courses.TypeDraft("Control work", "CW", 5, is_control=True),
            ],
        )
        added = school_courses.add_courses(
            uow,
            actor,
            ref,
            year.id,
            [
                school_courses.CourseDraft(
                    name,
                    subjects[name],
                    seventh.group_id,
                    year.schemes["quarters"],
                    [school_courses.TeacherDraft(built.people[teacher].id, YEAR_FROM)],
                    class_id=seventh.id,
                )
                for name, teacher in (("Algebra", "teacher"), ("History", "historian"))
            ],
        )
        built.courses = {"algebra": added[0].uid, "history": added[1].uid}
        slots = [
            rules.SlotDraft(course.id, weekday, number, "305")
            for number, course in enumerate(added, 1)
            for weekday in range(1, 6)
        ]
        version = service.add_timetable(uow, actor, ref, year.id, rules.DatedFrom(YEAR_FROM), slots)
        laying_out.lay_out_lessons(uow, actor, ref, version)
        roles = {
            **{
                login: [Role(login)]
                for login in ("deputy", "director", "school_admin", "secretary", "inspector", "teacher")
            },
            "historian": [Role.TEACHER, Role.CLASS_TEACHER],
            **{login: [Role.STUDENT] for login in students},
            **{login: [Role.GUARDIAN] for login in families},
            "double": [Role.DEPUTY, Role.GUARDIAN],
        }
        hashed = passwords.hash_password(PASSWORD, cost=4)
        for login, given in roles.items():
            access.open_account(
                uow,
                actor,
                access.NewAccount(prefix + login, password_hash=hashed),
                [access.NewRole(role, ref.id, built.people[login].id, YEAR_FROM) for role in given],
            )
        newcomer = access.NewAccount(prefix + "newcomer", code_hash=passwords.hash_code(CODE))
        role = access.NewRole(Role.SECRETARY, ref.id, built.people["secretary"].id, YEAR_FROM)
        access.open_account(uow, actor, newcomer, [role])
        period = _lesson.metadata.tables["grading_period"]
        built.periods = list(
            uow.execute(
                select(period.c.uid).where(period.c.scheme_id == year.schemes["quarters"]).order_by(period.c.ordinal)
            ).scalars()
        )
        return built

    return database.write(build)
