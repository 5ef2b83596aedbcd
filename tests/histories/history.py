"""Schools that are lived in: their installation, the day that it is there, and who decides what happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text

from ais_app.access import passwords
from ais_app.access import queries as access_queries
from ais_app.access import service as access
from ais_app.db import Database
from ais_app.db.columns import new_uid
from ais_app.exchange.oneroster import import_oneroster
from ais_app.journal.lessons.service import laying_out
from ais_app.journal.settings import EDIT_WINDOW, MARK_ONE
from ais_app.people.rules import SchoolRef
from ais_app.rights.rules import Actor, Role, operator
from ais_app.school import rules, service
from ais_app.school.rules import DatedFrom, PersonRef, TermChange
from ais_app.school.service import courses as school_courses

FIRST, LAST = date(2026, 9, 1), date(2027, 5, 31)
BEGIN = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
NAMES = ("Анна", "Борис", "=СУММ(1)", "Ёлка", "О'Нил", 'Ира "Ирка"', "Лев", "Мила; Ая")
FAMILIES = ("Иванов", "Ёлкин", "фон Берг", "Иванов", "-Дефис", "Сидоров, мл.")
VALUES = ("5", "4", "3", "2", "н", "о7", "о", "зач", "незач", "осв", "5/2", "н/4", "о/3/3")
WORDS = ("", "Дроби", "=1+1", "«Степени»\n№ 12; 13", "@все", "тире — и «кавычки»")
_DAY = timedelta(days=1)


@dataclass
class History:
    """Schools of one installation, the day that it is there, and who decides what happens."""

    database: Database
    random: Random
    schools: list[SchoolRef] = field(default_factory=list)
    school: SchoolRef = field(init=False)

    @property
    def today(self) -> date:
        return self.database.clock.now().date()

    def live(self, steps: list[Step]) -> None:
        """Each step in one of the schools."""
        for step in steps:
            self.school = self.random.choice(self.schools)
            step(self)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """Rows of a statement; `:school` and `:today` are known to it."""
        given = {"school": self.school.id, "today": self.today.isoformat(), **values}
        used = {name: value for name, value in given.items() if f":{name}" in sql}
        return self.database.read(lambda one: list(one.execute(text(sql), used).all()))

    def one(self, sql: str, **values: Any) -> Any:
        """One of the rows, or None; they stand in the order of their keys, because uids are others in each run."""
        found = sorted(self.rows(sql, **values), key=lambda row: [value for value in row if isinstance(value, int)])
        return self.random.choice(found) if found else None

    def write(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return self.database.write(lambda uow: work(uow, *arguments))

    def person(self) -> PersonRef:
        """Somebody new, who may have the name of somebody else."""
        born = self.random.choice((None, date(2013, 3, 12)))
        draft = rules.PersonDraft(
            self.random.choice(FAMILIES), self.random.choice(NAMES), self.random.choice(("", "Ильич")), born
        )
        return self.write(service.add_people, operator(), self.school, [draft])[0]

    def day(self, least: int, most: int) -> date:
        """A day around today, within the school year."""
        return min(max(self.today + timedelta(days=self.random.randint(least, most)), FIRST), LAST)

    def changed(self, change: Any, owner: Any, person: Any, row: int | None, days: DatedFrom, note: str = "") -> None:
        """Add or move one dated row of a group, class or course."""
        one = TermChange(owner.id, PersonRef(person.id, person.uid), row, days, note)
        self.write(change, operator(), self.school, [one])

    def account(self, person: PersonRef, *roles: Role, since: date = FIRST) -> access.AccountRef:
        new = access.NewAccount(f"user{new_uid()}", code_hash=passwords.hash_code(passwords.new_code()))
        given = [access.NewRole(role, self.school.id, person.id, since) for role in roles]
        return self.write(access.open_accounts, operator(), [(new, given)])[0]

    def actor(self, account_id: int, role: Role, person_id: int) -> Actor:
        """An account in the hat that has a role as a person of this school."""

        def find(connection: Any) -> Actor:
            hats = access_queries.hats(connection, account_id, self.database.clock.now())
            hat = next(one for one in hats if role in one.roles and one.person_id == person_id)
            uid = connection.execute(text("SELECT uid FROM account WHERE id = :id"), {"id": account_id}).scalar_one()
            return Actor(account_id, uid, "session", hat, "127.0.0.1", "web")

        return self.database.read(find)

    def somebody(self, role: Role) -> Actor | None:
        """Somebody who has a role in the school today."""
        row = self.one(
            f"SELECT id, account_id, person_id FROM role_assignment WHERE school_id = :school AND role = '{role.value}'"
            " AND valid_from <= :today AND (valid_to IS NULL OR valid_to > :today)"
        )
        return None if row is None else self.actor(row.account_id, role, row.person_id)


Step = Callable[[History], None]


def found(history: History) -> SchoolRef:
    """A school by the services: two divisions of its year, bells, subjects, two classes, teachers, a deputy, a timetable."""
    draft = rules.SchoolDraft(
        f"Школа № {len(history.schools) + 1}, «Центр»",
        "Школа",
        "Europe/Moscow",
        settings=[
            *EDIT_WINDOW.begins_with(history.random.choice((30, 365))),
            *MARK_ONE.begins_with(history.random.choice((True, False))),
        ],
    )
    history.school = ref = history.write(service.open_school, operator(), draft)
    year = history.write(service.add_year, operator(), ref, year_from(FIRST.year))
    bells = rules.BellScheduleDraft("Звонки", [rules.BellDraft(1, time(8, 30), time(9, 15))])
    bells_id = history.write(service.add_bells, operator(), ref, bells)
    names = ("Алгебра", "Литература, чтение", "Хор")
    subjects = history.write(
        service.add_subjects, operator(), ref, [rules.SubjectDraft(name, name[:3]) for name in names]
    )
    types = [
        school_courses.TypeDraft("Урок", "УР", 3, is_default=True),
        school_courses.TypeDraft("Контрольная", "КР", 5, True),
    ]
    history.write(school_courses.add_control_types, operator(), ref, types)
    teachers = [history.person() for _number in range(3)]
    for teacher in teachers:
        history.account(teacher, Role.TEACHER)
    history.account(history.person(), Role.DEPUTY, Role.CLASS_TEACHER)
    for number, letter in enumerate("АБ"):
        pupils = [history.person() for _number in range(3)]
        for pupil in pupils[:2]:
            history.account(pupil, Role.STUDENT)
        members = [rules.MemberDraft(pupil.id, FIRST) for pupil in pupils]
        scheme = year.schemes["Четверти"]
        draft = rules.ClassDraft(7, letter, scheme, bell_schedule_id=bells_id if number else None, members=members)
        ref7 = history.write(service.add_class, operator(), ref, year.id, draft)
        history.write(service.appoint_class_teacher, operator(), ref, ref7, teachers[number], DatedFrom(FIRST))
        course = school_courses.CourseDraft(
            "Алгебра",
            subjects["Алгебра"],
            ref7.group_id,
            scheme,
            [school_courses.TeacherDraft(teachers[number].id, FIRST)],
            class_id=ref7.id,
            hours_planned=history.random.choice((None, 0, 102)),
        )
        added = history.write(school_courses.add_courses, operator(), ref, year.id, [course])[0]
        slots = [rules.SlotDraft(added.id, weekday, number + 1, "каб. 5") for weekday in (1, 4)]
        days = DatedFrom(FIRST + timedelta(days=7 * number), FIRST + timedelta(days=21))
        version = history.write(service.add_timetable, operator(), ref, year.id, days, slots)
        history.write(laying_out.lay_out_lessons, operator(), ref, version)
    history.schools.append(ref)
    return ref


def year_from(first: int) -> rules.YearDraft:
    quarters = [
        rules.PeriodDraft("I", date(first, 9, 1), date(first, 10, 25)),
        rules.PeriodDraft("II", date(first, 11, 2), date(first, 12, 30)),
    ]
    halves = [rules.PeriodDraft("Год", date(first, 9, 1), date(first + 1, 5, 31))]
    rest = [
        rules.HolidayDraft("Осенние", date(first, 10, 26), date(first, 11, 1)),
        rules.HolidayDraft("Первоклассникам", date(first + 1, 2, 8), date(first + 1, 2, 14), grade=1),
    ]
    schemes = [rules.SchemeDraft("Четверти", quarters), rules.SchemeDraft("Год", halves)]
    return rules.YearDraft(f"{first}/{first + 1 - 2000}", date(first, 9, 1), date(first + 1, 5, 31), schemes, rest)


def imported(history: History, path: Path) -> list[SchoolRef]:
    """The schools that came from a set of another system."""
    import_oneroster(history.database, path)
    rows = history.database.read(lambda one: one.execute(text("SELECT id, uid, zone FROM school ORDER BY id")).all())
    refs = [SchoolRef(row.id, row.uid, row.zone) for row in rows]
    history.schools += refs
    return refs


CLASS_GROUP = (
    "SELECT g.id, g.uid FROM study_group g JOIN school_class c ON c.group_id = g.id WHERE g.school_id = :school"
)
MEMBERS = (
    "SELECT e.id AS row, e.valid_from, p.id AS id, p.uid AS uid, g.id AS owner_id FROM enrollment e"
    " JOIN person p ON p.id = e.person_id JOIN study_group g ON g.id = e.group_id WHERE g.school_id = :school"
)
PRESENT = " AND e.valid_from <= :today AND (e.valid_to IS NULL OR e.valid_to > :today)"


@dataclass(frozen=True, slots=True)
class Owner:
    id: int


def owner(row: Any) -> Owner:
    return Owner(row.owner_id)


def as_day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
