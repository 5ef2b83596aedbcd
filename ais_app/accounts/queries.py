"""Reads for the commands about accounts: of a login, a person, a class. For the operator of the installation only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from ais_app.access.logins import normalised_login
from ais_app.access.models import Account, RoleAssignment
from ais_app.accounts.holdings import not_over
from ais_app.clock import local_date
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.people.models import Guardianship, Person, School
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Role
from ais_app.school.models import AcademicYear, Enrollment, SchoolClass

_account = table(Account)
_assignment = table(RoleAssignment)
_school = table(School)
_person = table(Person)
_year = table(AcademicYear)
_class = table(SchoolClass)
_enrollment = table(Enrollment)
_guardianship = table(Guardianship)


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account as a command sees it. `chosen`: it has a password of its own."""

    id: int
    uid: str
    login: str
    blocked: bool
    chosen: bool

    @property
    def public_values(self) -> dict[str, Any]:
        """What a command is told of it: no key of the database."""
        return {"uid": self.uid, "login": self.login, "blocked": self.blocked, "chosen": self.chosen}


@dataclass(frozen=True, slots=True)
class FoundRole:
    """A role of an account with its dates; names are empty where there is no school or person."""

    uid: str
    role: Role
    school_id: int | None
    school: str
    person_id: int | None
    person: str
    valid_from: date
    valid_to: date | None

    def is_over(self, on: date) -> bool:
        return self.valid_to is not None and self.valid_to <= on

    @property
    def in_words(self) -> dict[str, str]:
        days = {"from": self.valid_from.isoformat(), "to": self.valid_to.isoformat() if self.valid_to else ""}
        return {"school": self.school, "person": self.person, **days}


def account_of(connection: Connection, login: str) -> FoundAccount:
    """The account with this login, however it is spelled. Raises Refused when there is none."""
    row = connection.execute(select(_account).where(_account.c.login == normalised_login(login))).one_or_none()
    if row is None:
        raise Refused(_("There is no account with the login «{login}».").format(login=login))
    return _found_account(row)


def _found_account(row: Any) -> FoundAccount:
    chosen = row.password_hash is not None
    return FoundAccount(row.id, row.uid, row.login, blocked=row.blocked_at is not None, chosen=chosen)


def accounts_by_uid(connection: Connection, uids: Sequence[str]) -> list[FoundAccount]:
    """These accounts, in this order. Raises Refused when one is not there any more."""
    rows = {row.uid: row for row in connection.execute(select(_account).where(_account.c.uid.in_(uids)))}
    if len(rows) < len(set(uids)):
        raise Refused(_("An account is not there any more: give the command again."))
    return [_found_account(rows[uid]) for uid in uids]


def accounts_by_id(connection: Connection, ids: Sequence[int]) -> list[FoundAccount]:
    """These accounts, the first opened first."""
    rows = connection.execute(select(_account).where(_account.c.id.in_(ids)).order_by(_account.c.id))
    return [_found_account(row) for row in rows]


def roles_of(connection: Connection, account_ids: Iterable[int]) -> dict[int, list[FoundRole]]:
    """{account id: its roles of all times}, the first given first."""
    rows = connection.execute(
        select(
            _assignment,
            _school.c.short_name,
            _person.c.family_name,
            _person.c.given_name,
        )
        .outerjoin(_school, _school.c.id == _assignment.c.school_id)
        .outerjoin(_person, _person.c.id == _assignment.c.person_id)
        .where(_assignment.c.account_id.in_(set(account_ids)))
        .order_by(_assignment.c.id)
    )
    found: dict[int, list[FoundRole]] = {}
    for row in rows:
        person = f"{row.family_name} {row.given_name}" if row.family_name is not None else ""
        role = FoundRole(
            row.uid,
            Role(row.role),
            row.school_id,
            row.short_name or "",
            row.person_id,
            person,
            row.valid_from,
            row.valid_to,
        )
        found.setdefault(row.account_id, []).append(role)
    return found


def school_of(connection: Connection, uid: str) -> SchoolRef:
    """The school with this uid, or the only one where none is named. Raises Refused with those that are here."""
    rows = connection.execute(select(_school).order_by(_school.c.id)).all()
    chosen = [row for row in rows if not uid or row.uid == uid]
    if len(chosen) == 1:
        return SchoolRef(chosen[0].id, chosen[0].uid, chosen[0].zone)
    listed = "".join(f"\n  {row.uid}  {row.name}" for row in rows)
    if not rows:
        raise Refused(_("There is no school here yet."))
    if uid:
        raise Refused(_("There is no school {uid}. Those that are here:").format(uid=uid) + listed)
    raise Refused(_("There are several schools: say which one with --school.") + listed)


def school_name(connection: Connection, school: SchoolRef) -> str:
    return connection.execute(select(_school.c.short_name).where(_school.c.id == school.id)).scalar_one()


def person_of(connection: Connection, school: SchoolRef, uid: str) -> Any:
    """The row of a person of the school. Raises Refused when there is none."""
    where = (_person.c.school_id == school.id) & (_person.c.uid == uid)
    row = connection.execute(select(_person).where(where)).one_or_none()
    if row is None:
        raise Refused(_("There is no person {uid} in this school.").format(uid=uid))
    return row


def people_named(connection: Connection, school: SchoolRef, name: Sequence[str]) -> list[Any]:
    """The persons of the school with this family name, given name and patronymic."""
    family, given, patronymic = name
    where = (
        (_person.c.school_id == school.id)
        & (_person.c.family_name == family)
        & (_person.c.given_name == given)
        & (_person.c.patronymic == patronymic)
    )
    return list(connection.execute(select(_person).where(where).order_by(_person.c.id)))


@dataclass(frozen=True, slots=True)
class OfClass:
    """An account of a class: a student's, or a guardian's of these students."""

    account: FoundAccount
    name: str
    children: Sequence[str]


def accounts_of_class(connection: Connection, school: SchoolRef, name: str, now: datetime) -> tuple[str, list[OfClass]]:
    """(name of the class, the accounts of its students and their guardians) of this year, else of the coming one.

    Members of today and later. Raises Refused with the classes that there are.
    """
    today = local_date(now, school.zone)
    group_id, spelled = _class_of(connection, school, name, today)
    members = connection.execute(
        select(_person.c.id, _person.c.family_name, _person.c.given_name)
        .join(_enrollment, _enrollment.c.person_id == _person.c.id)
        .where(_enrollment.c.group_id == group_id, not_over(_enrollment, today))
    )
    students = {row.id: f"{row.family_name} {row.given_name}" for row in members}
    guardians = connection.execute(
        select(_person.c.id, _person.c.family_name, _person.c.given_name, _guardianship.c.student_id)
        .join(_guardianship, _guardianship.c.guardian_id == _person.c.id)
        .where(_guardianship.c.student_id.in_(students), not_over(_guardianship, today))
        .order_by(_guardianship.c.id)
    ).all()
    children: dict[int, list[str]] = {}
    for row in guardians:
        children.setdefault(row.id, []).append(students[row.student_id])
    names = {row.id: f"{row.family_name} {row.given_name}" for row in guardians}
    found = _holders(connection, Role.STUDENT, students, today)
    of_students = [OfClass(account, students[person], ()) for person, account in found]
    of_guardians = [
        OfClass(account, names[person], children[person])
        for person, account in _holders(connection, Role.GUARDIAN, names, today)
    ]
    seen = {one.account.id for one in of_students}
    return spelled, of_students + [one for one in of_guardians if one.account.id not in seen]


def _class_of(connection: Connection, school: SchoolRef, name: str, today: date) -> tuple[int, str]:
    rows = connection.execute(
        select(_class.c.group_id, _class.c.name, _year.c.starts_on)
        .join(_year, _year.c.id == _class.c.year_id)
        .where(_class.c.school_id == school.id, _year.c.ends_on >= today)
        .order_by(_year.c.starts_on, _class.c.grade, _class.c.letter)
    ).all()
    wanted = _plain(name)
    for row in rows:  # the present year first, then the coming one
        if _plain(row.name) == wanted:
            return row.group_id, row.name
    listed = ", ".join(dict.fromkeys(row.name for row in rows)) or "—"
    raise Refused(_("There is no class «{name}» here. There are: {classes}").format(name=name, classes=listed))


def _plain(name: str) -> str:
    return "".join(normalised_login(name).split())


def _holders(connection: Connection, role: Role, people: Iterable[int], today: date) -> list[tuple[int, FoundAccount]]:
    """(person id, account) of these people's accounts that have the role today or later, each account once."""
    rows = connection.execute(
        select(_assignment.c.person_id, _account)
        .join(_account, _account.c.id == _assignment.c.account_id)
        .where(_assignment.c.person_id.in_(set(people)), _assignment.c.role == role.value)
        .where(not_over(_assignment, today))
        .order_by(_account.c.id)
    )
    found = {row.id: (row.person_id, _found_account(row)) for row in rows}
    return list(found.values())
