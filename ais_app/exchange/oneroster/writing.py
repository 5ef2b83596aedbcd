"""Writing a checked set as schools: through the same services as everything else, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from ais_app.access import passwords
from ais_app.access import queries as access_queries
from ais_app.access import service as access
from ais_app.access.rules import Role, operator
from ais_app.clock import local_date
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import table
from ais_app.exchange.models import ImportedId
from ais_app.exchange.oneroster.reading import ImportRefused, Line, Problem, RosterSet, parsed_date, read
from ais_app.journal.service import courses
from ais_app.school import rules, service
from ais_app.school.rules import PersonRef, SchoolRef

SOURCE = "oneroster"
ROLES: Mapping[str, Role] = {
    "teacher": Role.TEACHER,
    "student": Role.STUDENT,
    "administrator": Role.SCHOOL_ADMIN,
    "parent": Role.GUARDIAN,
    "guardian": Role.GUARDIAN,
    "relative": Role.GUARDIAN,
}
CONTROL_TYPES = (
    courses.TypeDraft("Работа на уроке", "УР", 3, is_default=True),
    courses.TypeDraft("Домашняя работа", "ДЗ", 1),
    courses.TypeDraft("Самостоятельная работа", "СР", 4),
    courses.TypeDraft("Контрольная работа", "КР", 5, is_control=True),
)

_imported = table(ImportedId)


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A one-time code for the person's slip."""

    login: str
    code: str
    name: str


@dataclass
class Report:
    """What an import did, or would do."""

    dry_run: bool
    added: dict[str, int] = field(default_factory=dict)
    left_alone: int = 0
    codes: list[CodeLine] = field(default_factory=list)

    def count(self, what: str, number: int = 1) -> None:
        self.added[what] = self.added.get(what, 0) + number

    @property
    def summary(self) -> str:
        parts = ", ".join(f"{what} {number}" for what, number in self.added.items())
        verb = "Would add" if self.dry_run else "Added"
        return f"{verb}: {parts}; left alone: {self.left_alone}."


class _DryRun(Exception):  # noqa: N818 - only rolls the transaction back
    pass


def import_oneroster(
    database: Database, path: Path, *, dry_run: bool = False, year: str | None = None, zone: str = "Europe/Moscow"
) -> Report:
    """Import a set, all of it or nothing; a dry run does the same and rolls back.

    Raises ImportRefused with every defect.
    """
    roster = read(path)
    report = Report(dry_run)

    def work(uow: UnitOfWork) -> None:
        _Importer(uow, roster, report, year, zone).run()
        if dry_run:
            raise _DryRun

    try:
        database.write(work)
    except _DryRun:
        report.codes.clear()
    return report


def year_around(today: date, name: str | None) -> rules.YearDraft:
    """The school year named «2026/27», or the present one (from August the coming), with four default quarters."""
    first = int(name[:4]) if name else today.year - (today.month < 8)
    days = ((9, 1), (10, 25)), ((11, 2), (12, 30)), ((1, 11), (3, 26)), ((4, 5), (5, 31))
    quarters = [
        rules.PeriodDraft(
            f"{roman} четверть",
            *(date(first + (month < 8), month, day) for month, day in dates),
        )
        for roman, dates in zip(("I", "II", "III", "IV"), days, strict=True)
    ]
    return rules.YearDraft(
        f"{first}/{(first + 1) % 100:02d}",
        date(first, 9, 1),
        date(first + 1, 8, 31),
        [rules.SchemeDraft("Четверти", quarters)],
    )


class _Importer:
    """One import in its unit of work: schools, people, courses, accounts, in this order."""

    def __init__(self, uow: UnitOfWork, roster: RosterSet, report: Report, year: str | None, zone: str) -> None:
        self._uow, self._roster, self._report, self._zone = uow, roster, report, zone
        self._actor = operator()
        self._today = local_date(uow.now, zone)
        self._year = year_around(self._today, year)
        self._roles: dict[str, list[access.NewRole]] = {}

    def run(self) -> None:
        self._refuse_known()
        orgs = sorted({line["schoolSourcedId"] for line in self._roster["classes"].values()})
        for org in orgs:
            self._write_school(org)
        self._open_accounts()
        self._report.left_alone += len(self._roster["orgs"]) - len(orgs)

    def _refuse_known(self) -> None:
        """What is there already is not overwritten: the row is named and the import refused."""
        problems: list[Problem] = []
        known = set(
            self._uow.execute(
                select(_imported.c.source_id).where(_imported.c.source == SOURCE, _imported.c.entity == "org")
            ).scalars()
        )
        problems += [
            Problem("orgs", line.row, "sourcedId", "this school is imported already")
            for source_id, line in self._roster["orgs"].items()
            if source_id in known
        ]
        problems += [
            Problem("users", line.row, "username", "this login is taken")
            for line in self._roster["users"].values()
            if access_queries.credentials(self._uow.connection, line["username"]) is not None
        ]
        if problems:
            raise ImportRefused(problems)

    def _write_school(self, org: str) -> None:
        line = self._roster["orgs"][org]
        school = service.open_school(
            self._uow, self._actor, rules.SchoolDraft(line["name"], line["name"][:64], self._zone)
        )
        self._remember("org", org, school.uid)
        self._report.count("schools")
        year = service.add_year(self._uow, self._actor, school, self._year)
        courses.add_control_types(self._uow, self._actor, school, CONTROL_TYPES)
        users = self._users_of(org)
        people = self._write_people(school, users)
        self._write_courses(school, year, org, people)
        self._write_guardians(school, users, people)
        self._gather_roles(school, users, people)

    def _users_of(self, org: str) -> dict[str, Line]:
        """Who belongs to the school: by his orgs, or by a class of it."""
        classes = {key for key, line in self._roster["classes"].items() if line["schoolSourcedId"] == org}
        enrolled = {
            line["userSourcedId"] for line in self._roster["enrollments"].values() if line["classSourcedId"] in classes
        }
        return {
            key: line
            for key, line in self._roster["users"].items()
            if org in line.several("orgSourcedIds") or key in enrolled
        }

    def _write_people(self, school: SchoolRef, users: dict[str, Line]) -> dict[str, PersonRef]:
        drafts = [
            rules.PersonDraft(line["familyName"], line["givenName"], line["middleName"]) for line in users.values()
        ]
        refs = service.add_people(self._uow, self._actor, school, drafts)
        for key, ref in zip(users, refs, strict=True):
            self._remember("user", key, ref.uid)
        self._report.count("people", len(refs))
        return dict(zip(users, refs, strict=True))

    def _write_courses(self, school: SchoolRef, year: rules.YearRef, org: str, people: dict[str, PersonRef]) -> None:
        chosen = {key: line for key, line in self._roster["classes"].items() if line["schoolSourcedId"] == org}
        subjects = {key: self._subject(line) for key, line in chosen.items()}
        names = dict.fromkeys(sorted(set(subjects.values())))
        ids = service.add_subjects(self._uow, self._actor, school, {name: name[:64] for name in names})
        drafts = []
        for key, line in chosen.items():
            enrolled = [one for one in self._roster["enrollments"].values() if one["classSourcedId"] == key]
            members = [
                rules.MemberDraft(people[one["userSourcedId"]].id, *self._dates(one))
                for one in enrolled
                if one["role"].lower() == "student"
            ]
            teachers = [
                courses.TeacherDraft(people[one["userSourcedId"]].id, *self._dates(one))
                for one in enrolled
                if one["role"].lower() == "teacher"
            ]
            group = service.add_group(self._uow, self._actor, school, year.id, line["title"][:64], members)
            drafts.append(
                courses.CourseDraft(
                    line["title"], ids[subjects[key]], group, next(iter(year.schemes.values())), teachers
                )
            )
            self._report.count("memberships", len(members))
        refs = courses.add_courses(self._uow, self._actor, school, year.id, drafts)
        for key, ref in zip(chosen, refs, strict=True):
            self._remember("class", key, ref.uid)
        self._report.count("courses", len(refs))

    def _subject(self, line: Line) -> str:
        course = self._roster["courses"].get(line["courseSourcedId"])
        named = line.several("subjects")
        return named[0][:120] if named else (course["title"] if course is not None else line["title"])

    def _dates(self, line: Line) -> tuple[date, date | None]:
        """[begin, end) of an enrollment; dates outside the target year mean the whole of it."""
        begin, end = parsed_date(line["beginDate"]), parsed_date(line["endDate"])
        first, last = self._year.starts_on, self._year.ends_on
        start = begin if begin is not None and first <= begin <= last else first
        return start, end + timedelta(days=1) if end is not None and start <= end <= last else None

    def _write_guardians(self, school: SchoolRef, users: dict[str, Line], people: dict[str, PersonRef]) -> None:
        links: dict[tuple[str, str], str] = {}
        for key, line in users.items():
            role = ROLES.get(line["role"].lower())
            for agent in line.several("agentSourcedIds"):
                other = users.get(agent)
                if other is None:
                    continue
                if role is Role.STUDENT and ROLES.get(other["role"].lower()) is Role.GUARDIAN:
                    links[agent, key] = other["role"].lower()
                elif role is Role.GUARDIAN and ROLES.get(other["role"].lower()) is Role.STUDENT:
                    links[key, agent] = line["role"].lower()
        drafts = [
            rules.GuardianDraft(people[guardian].id, people[student].id, relation, self._year.starts_on)
            for (guardian, student), relation in links.items()
        ]
        if drafts:
            service.add_guardians(self._uow, self._actor, school, drafts)
        self._report.count("guardians", len(drafts))

    def _gather_roles(self, school: SchoolRef, users: dict[str, Line], people: dict[str, PersonRef]) -> None:
        """The roles of each user in this school: his own, and that of a student where he is enrolled as one."""
        learning = {
            one["userSourcedId"] for one in self._roster["enrollments"].values() if one["role"].lower() == "student"
        }
        since = min(self._today, self._year.starts_on)
        for key, line in users.items():
            given = {ROLES[line["role"].lower()]} if line["role"].lower() in ROLES else set()
            given |= {Role.STUDENT} if key in learning else set()
            self._roles.setdefault(key, []).extend(
                access.NewRole(role, school.id, people[key].id, since) for role in sorted(given)
            )

    def _open_accounts(self) -> None:
        """Everybody with a role gets one login with a one-time code; passwords of the file are never used."""
        for key, roles in self._roles.items():
            line = self._roster["users"][key]
            if not roles or line["enabledUser"].lower() == "false":
                self._report.left_alone += 1
                continue
            code = passwords.new_code()
            new = access.NewAccount(line["username"], code_hash=passwords.hash_code(code))
            access.open_account(self._uow, self._actor, new, roles)
            self._report.codes.append(CodeLine(line["username"], code, f"{line['familyName']} {line['givenName']}"))
        self._report.count("accounts", len(self._report.codes))

    def _remember(self, entity: str, source_id: str, uid: str) -> None:
        self._uow.execute(insert(_imported).values(source=SOURCE, entity=entity, source_id=source_id, uid=uid))
