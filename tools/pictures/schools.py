"""The schools that are photographed, each served from a database of its own.

`demonstration` is the school of `ais demo`, up to yesterday. `young` was set up for the same year and has hardly begun:
classes without lessons or with none before tomorrow, people without courses, children or a class. It shows what the
first one never reaches. `tampered` is the young one after its records were changed past the product.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ais_app.access import passwords
from ais_app.access import service as access
from ais_app.clock import SetClock
from ais_app.db import Database, UnitOfWork, migrations
from ais_app.journal.lessons.service import laying_out as courses
from ais_app.ledger import triggers
from ais_app.ledger.service import INSTALLATION
from ais_app.people import rules as people_rules
from ais_app.rights.rules import Role, operator
from ais_app.school import rules, service
from ais_app.school.service import courses as school_courses
from tests.servers import MOMENT, ROOT, Server, running

CODE = "abcde-fghjk-mnpqr-st"
TOMORROW = date(2026, 11, 24)
FIRST, LAST, LEFT = date(2026, 9, 1), date(2027, 5, 28), date(2026, 11, 2)

PEOPLE: dict[str, tuple[rules.PersonDraft, list[Role]]] = {
    "teacher": (rules.PersonDraft("Ветрова", "Инна", "Павловна"), [Role.TEACHER]),
    "idle": (rules.PersonDraft("Зорин", "Глеб", "Олегович"), [Role.TEACHER]),
    "leader": (rules.PersonDraft("Лугова", "Анна", "Юрьевна"), [Role.TEACHER, Role.CLASS_TEACHER]),
    "primary": (rules.PersonDraft("Ильина", "Зоя", "Фёдоровна"), [Role.TEACHER]),
    "unled": (rules.PersonDraft("Седов", "Павел", "Ильич"), [Role.CLASS_TEACHER]),
    "deputy": (rules.PersonDraft("Рябинина", "Ольга", "Львовна"), [Role.DEPUTY]),
    "admin": (rules.PersonDraft("Котов", "Егор", "Игоревич"), [Role.SCHOOL_ADMIN]),
    "inspector": (rules.PersonDraft("Жилин", "Роман", "Петрович"), [Role.INSPECTOR]),
    "double": (rules.PersonDraft("Маслова", "Вера", "Андреевна"), [Role.DEPUTY, Role.GUARDIAN]),
    "guardian": (rules.PersonDraft("Белова", "Нина", "Сергеевна"), [Role.GUARDIAN]),
    "beginner": (rules.PersonDraft("Дятлов", "Пётр", "Антонович"), [Role.GUARDIAN]),
    "unplaced": (rules.PersonDraft("Сомова", "Ирина", "Марковна"), [Role.GUARDIAN]),
    "former": (rules.PersonDraft("Носков", "Юрий", "Денисович"), [Role.GUARDIAN]),
}
CHILDREN = {
    "guardian": rules.PersonDraft("Белов", "Илья", "Романович"),
    "beginner": rules.PersonDraft("Дятлова", "Соня", "Петровна"),
    "unplaced": rules.PersonDraft("Сомов", "Тимур", "Ринатович"),
}


@dataclass
class School:
    """A served school and the file it stands in."""

    server: Server
    database: Path

    @contextmanager
    def without(self, table: str) -> Iterator[None]:
        """The database without one of its tables, as a damaged one would be: what reads it fails. Empty = whole."""
        if not table:
            yield
            return
        self._execute(f"ALTER TABLE {table} RENAME TO lost_{table}")
        try:
            yield
        finally:
            self._execute(f"ALTER TABLE lost_{table} RENAME TO {table}")

    def _execute(self, statement: str) -> None:
        with closing(sqlite3.connect(self.database, timeout=20, isolation_level=None)) as connection:
            connection.execute(statement)


@contextmanager
def demonstration(folder: Path) -> Iterator[School]:
    database, url = _database(folder)
    settings = {"AIS_ENV": "test", "AIS_CLOCK": MOMENT, "AIS_DATABASE_URL": url, "AIS_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-m", "ais_app.cli", "demo"], check=True, cwd=ROOT, env=os.environ | settings)
    with running(folder, url) as server:
        yield School(server, database)


@contextmanager
def young(folder: Path) -> Iterator[School]:
    file, url = _database(folder)
    database = Database(url, SetClock(datetime.fromisoformat(MOMENT)))
    migrations.upgrade(database, triggers.install)
    database.write(found_young)
    database.close()
    with running(folder, url) as server:
        yield School(server, file)


@contextmanager
def tampered(folder: Path) -> Iterator[School]:
    """The young school, after somebody has changed its records past the product."""
    with young(folder) as school:
        with closing(sqlite3.connect(school.database, timeout=20)) as connection, connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in names:
                connection.execute(f"DROP TRIGGER {name}")
            last = "SELECT max(id) FROM operation WHERE chain_id <> ?"
            connection.execute(f"UPDATE operation SET account = 'somebody' WHERE id = ({last})", (INSTALLATION,))  # noqa: S608 - no value of it comes from outside
        yield school


SCHOOLS: dict[str, Callable[[Path], AbstractContextManager[School]]] = {
    "demonstration": demonstration,
    "young": young,
    "tampered": tampered,
}


def _database(folder: Path) -> tuple[Path, str]:
    file = folder / "ais.sqlite3"
    return file, f"sqlite:///{file}"


def found_young(uow: UnitOfWork) -> None:
    """The young school, through the services."""
    actor = operator()
    school = service.open_school(
        uow, actor, rules.SchoolDraft("Школа № 3 города Заречинска", "Школа № 3", "Europe/Moscow")
    )
    quarters = rules.SchemeDraft(
        "Четверти",
        [
            rules.PeriodDraft("I четверть", FIRST, date(2026, 10, 25)),
            rules.PeriodDraft("II четверть", LEFT, date(2026, 12, 30)),
        ],
    )
    autumn = rules.HolidayDraft("Осенние каникулы", date(2026, 10, 26), date(2026, 11, 1))
    year = service.add_year(uow, actor, school, rules.YearDraft("2026/27", FIRST, LAST, [quarters], [autumn]))
    adults = dict(zip(PEOPLE, service.add_people(uow, actor, school, [one for one, _ in PEOPLE.values()]), strict=True))
    children = dict(zip(CHILDREN, service.add_people(uow, actor, school, list(CHILDREN.values())), strict=True))
    links = [rules.GuardianDraft(adults[login].id, child.id, "родитель", FIRST) for login, child in children.items()]
    links += [
        rules.GuardianDraft(adults["double"].id, children["guardian"].id, "мать", FIRST),
        rules.GuardianDraft(adults["former"].id, children["guardian"].id, "отец", FIRST, LEFT),
    ]
    service.add_guardians(uow, actor, school, links)
    _teach(uow, school, year, adults, children)
    _open_accounts(uow, school, adults)


def _teach(
    uow: UnitOfWork,
    school: people_rules.SchoolRef,
    year: rules.YearRef,
    adults: dict[str, rules.PersonRef],
    children: dict[str, rules.PersonRef],
) -> None:
    """A first class, taught without marks, whose lessons begin tomorrow, and a fifth one that has none yet."""
    actor, scheme = operator(), year.schemes["Четверти"]
    subjects = service.add_subjects(uow, actor, school, [rules.SubjectDraft("Математика", "Мат.")])
    school_courses.add_control_types(
        uow, actor, school, [school_courses.TypeDraft("Работа на уроке", "УР", 3, is_default=True)]
    )
    for grade, login, teacher in ((1, "beginner", "primary"), (5, "guardian", "teacher")):
        member = rules.MemberDraft(children[login].id, FIRST)
        draft = rules.ClassDraft(grade, "А", scheme, members=[member])
        taught = service.add_class(uow, actor, school, year.id, draft)
        if grade == 1:
            service.appoint_class_teacher(uow, actor, school, taught, adults["leader"], rules.DatedFrom(FIRST))
        course = school_courses.CourseDraft(
            "Математика",
            subjects["Математика"],
            taught.group_id,
            scheme,
            [school_courses.TeacherDraft(adults[teacher].id, FIRST)],
            class_id=taught.id,
            graded=grade > 1,
        )
        (added,) = school_courses.add_courses(uow, actor, school, year.id, [course])
        if grade == 1:
            slots = [rules.SlotDraft(added.id, weekday, 1, "101") for weekday in range(1, 6)]
            version = service.add_timetable(uow, actor, school, year.id, rules.DatedFrom(TOMORROW), slots)
            courses.lay_out_lessons(uow, actor, school, version)


def _open_accounts(uow: UnitOfWork, school: people_rules.SchoolRef, adults: dict[str, rules.PersonRef]) -> None:
    """Each signs in with «demo-» and the login, as in the demonstration; `newcomer` with the code of a slip."""
    actor = operator()
    for login, (_person, roles) in PEOPLE.items():
        account = access.NewAccount(login, password_hash=passwords.hash_password(f"demo-{login}", cost=4))
        given = [access.NewRole(role, school.id, adults[login].id, FIRST) for role in roles]
        access.open_account(uow, actor, account, given)
    secretary = access.NewRole(Role.SECRETARY, school.id, None, FIRST)
    access.open_account(uow, actor, access.NewAccount("newcomer", code_hash=passwords.hash_code(CODE)), [secretary])
