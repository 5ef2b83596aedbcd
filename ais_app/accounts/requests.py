"""The declared commands of `ais user …`: the usual services, with the operator as actor.

The command itself makes and writes codes; only their hashes come here, and only after the codes were written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Connection

from ais_app.access import service as access
from ais_app.access.errors import LoginTaken
from ais_app.access.labels import role_name
from ais_app.access.logins import LONGEST_TYPED, check_login, normalised_login
from ais_app.access.payload import IsoDay, Payload
from ais_app.access.queries import credentials
from ais_app.access.service import AccountRef
from ais_app.accounts import queries
from ais_app.accounts.erasing import erase_person
from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.i18n import _
from ais_app.ledger import service as ledger
from ais_app.ledger.operation import LONGEST_REASON
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Role, operator
from ais_app.school import service as school_service
from ais_app.school.rules import PersonDraft
from ais_app.server_commands.declared import Reading, Writing
from ais_app.settings import settings

Login = Annotated[str, Field(min_length=1, max_length=LONGEST_TYPED)]
Uid = Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]
MaybeUid = Annotated[str, Field(max_length=32)]  # what a person typed: looked up, and refused in words
CodeHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(max_length=120)]
RoleName = Annotated[str, Field(pattern=f"^({'|'.join(Role)})$")]


class ByLogin(Payload):
    login: Login


class ByClass(Payload):
    name: Annotated[str, Field(min_length=1, max_length=32)]
    school: MaybeUid = ""


class Codes(Payload):
    """[(uid of an account, SHA-256 of its code)]."""

    codes: Annotated[list[tuple[Uid, CodeHash]], Field(min_length=1, max_length=2000)]


class Plan(Payload):
    """A new account and its person: of a school by uid, or a new one by name; a system administrator has none."""

    login: Login
    role: RoleName
    school: MaybeUid = ""
    person: MaybeUid = ""
    family_name: Name = ""
    given_name: Name = ""
    patronymic: Name = ""
    namesake: bool = False


class NewUser(Plan):
    code_hash: CodeHash


class RoleChange(Payload):
    """`on`: the first day of a role that is given, the first day without one that ends; empty = today."""

    login: Login
    role: RoleName
    school: MaybeUid = ""
    person: MaybeUid = ""
    on: IsoDay | None = None


class PersonErasure(Payload):
    """Whose names are to go: a person of a school, by uid or by name; and why."""

    school: MaybeUid = ""
    person: MaybeUid = ""
    family_name: Name = ""
    given_name: Name = ""
    patronymic: Name = ""
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


def _show(connection: Connection, asked: ByLogin, now: datetime) -> dict[str, Any]:
    """The account with the words for its slip, and its roles."""
    found = queries.account_of(connection, asked.login)
    today = local_date(now, settings().timezone)
    roles = queries.roles_of(connection, [found.id]).get(found.id, [])
    told = [{"role": role_name(one.role), "over": one.is_over(today)} | one.in_words for one in roles]
    shown = next((one for one in roles if not one.is_over(today)), roles[-1] if roles else None)
    slip = {"name": (shown.person or role_name(shown.role)) if shown else "", "school": shown.school if shown else ""}
    return {"account": found.public_values | slip | {"group": "", "about": ""}, "roles": told}


def _of_class(connection: Connection, asked: ByClass, now: datetime) -> dict[str, Any]:
    """The accounts of a class with the words for their slips."""
    school = queries.school_of(connection, asked.school)
    name, found = queries.accounts_of_class(connection, school, asked.name, now)
    shared = {"school": queries.school_name(connection, school), "group": name}
    told = [one.account.public_values | shared | {"name": one.name, "about": ", ".join(one.children)} for one in found]
    return {"class": name, "accounts": told}


def _issue(uow: UnitOfWork, asked: Codes) -> dict[str, Any]:
    ledger.lock(uow, ledger.INSTALLATION)
    hashes = dict(asked.codes)
    found = queries.accounts_by_uid(uow.connection, list(hashes))
    access.issue_codes(uow, operator(), [(AccountRef(one.id, one.uid), hashes[one.uid]) for one in found])
    return {"issued": len(found)}


def _plan(connection: Connection, asked: Plan, _now: datetime) -> dict[str, Any]:
    """The words for the slip of a new account. Raises Refused when it cannot be opened as asked."""
    check_login(asked.login)
    if credentials(connection, asked.login) is not None:
        raise LoginTaken(asked.login)
    role = Role(asked.role)
    slip = {"login": normalised_login(asked.login), "name": role_name(role), "school": "", "group": "", "about": ""}
    if role is Role.SYSTEM_ADMIN:
        _must_be_nobody(asked)
        return {"account": slip}
    school = queries.school_of(connection, asked.school)
    slip["school"] = queries.school_name(connection, school)
    slip["name"] = _planned_name(connection, school, asked)
    return {"account": slip}


def _must_be_nobody(asked: Plan | RoleChange) -> None:
    if asked.school or asked.person or (isinstance(asked, Plan) and asked.family_name):
        raise Refused(_("An administrator of the installation belongs to no school: leave school and person out."))


def _planned_name(connection: Connection, school: SchoolRef, asked: Plan) -> str:
    """The name of the person of the new account. Raises Refused where it is not clear who that is."""
    if asked.person:
        row = queries.person_of(connection, school, asked.person)
        return f"{row.family_name} {row.given_name}"
    if not (asked.family_name and asked.given_name):
        raise Refused(_('Say whose account this is: --person UID, or --name "Family-name Given-name Patronymic".'))
    same = queries.people_named(connection, school, (asked.family_name, asked.given_name, asked.patronymic))
    if same and not asked.namesake:
        text = _("This school has a person of this name: give --person UID, or --namesake for another person.")
        raise Refused(text + _listed(same))
    return f"{asked.family_name} {asked.given_name}"


def _create(uow: UnitOfWork, asked: NewUser) -> dict[str, Any]:
    ledger.lock(uow, ledger.INSTALLATION)
    _plan(uow.connection, asked, uow.now)
    role, new = Role(asked.role), access.NewAccount(asked.login, code_hash=asked.code_hash)
    if role is Role.SYSTEM_ADMIN:
        today = local_date(uow.now, settings().timezone)
        return {"uid": access.open_account(uow, operator(), new, [access.NewRole(role, None, None, today)])}
    school = queries.school_of(uow.connection, asked.school)
    if asked.person:
        person_id = queries.person_of(uow.connection, school, asked.person).id
    else:
        draft = PersonDraft(asked.family_name, asked.given_name, asked.patronymic)
        (person,) = school_service.add_people(uow, operator(), school, [draft])
        person_id = person.id
    today = local_date(uow.now, school.zone)
    uid = access.open_account(uow, operator(), new, [access.NewRole(role, school.id, person_id, today)])
    return {"uid": uid}


def _block(uow: UnitOfWork, asked: ByLogin) -> dict[str, Any]:
    return {"changed": _set_blocked(uow, asked.login, blocked=True)}


def _unblock(uow: UnitOfWork, asked: ByLogin) -> dict[str, Any]:
    return {"changed": _set_blocked(uow, asked.login, blocked=False)}


def _set_blocked(uow: UnitOfWork, login: str, *, blocked: bool) -> bool:
    """Block or unblock an account; returns whether that changed anything."""
    ledger.lock(uow, ledger.INSTALLATION)
    found = queries.account_of(uow.connection, login)
    if found.blocked is blocked:
        return False
    change = access.block_accounts if blocked else access.unblock_accounts
    change(uow, operator(), [AccountRef(found.id, found.uid)])
    return True


def _give_role(uow: UnitOfWork, asked: RoleChange) -> dict[str, Any]:
    ledger.lock(uow, ledger.INSTALLATION)
    found, role = queries.account_of(uow.connection, asked.login), Role(asked.role)
    held = queries.roles_of(uow.connection, [found.id]).get(found.id, [])
    if role is Role.SYSTEM_ADMIN:
        _must_be_nobody(asked)
        school_id, person_id, zone = None, None, settings().timezone
    else:
        school = queries.school_of(uow.connection, asked.school)
        school_id, zone = school.id, school.zone
        person_id = _person_for_role(uow.connection, school, asked, held)
    begin = _day(asked, uow.now, zone)
    same = [one for one in held if (one.role, one.school_id, one.person_id) == (role, school_id, person_id)]
    if any(one.valid_to is None or one.valid_to > begin for one in same):
        raise Refused(_("The account has this role already."))
    new = access.NewRole(role, school_id, person_id, begin)
    access.give_roles(uow, operator(), [(AccountRef(found.id, found.uid), new)])
    return {"role": role_name(role), "on": begin.isoformat()}


def _person_for_role(
    connection: Connection, school: SchoolRef, asked: RoleChange, held: list[queries.FoundRole]
) -> int:
    """The id of the named person, else of the only one of the account in this school. Raises Refused."""
    if asked.person:
        return queries.person_of(connection, school, asked.person).id
    people = {one.person_id for one in held if one.school_id == school.id and one.person_id is not None}
    if len(people) != 1:
        raise Refused(_("Say as whom with --person UID: the account is no or more than one person of this school."))
    return people.pop()


def _end_role(uow: UnitOfWork, asked: RoleChange) -> dict[str, Any]:
    ledger.lock(uow, ledger.INSTALLATION)
    found, role = queries.account_of(uow.connection, asked.login), Role(asked.role)
    school = None if role is Role.SYSTEM_ADMIN else queries.school_of(uow.connection, asked.school)
    last = _day(asked, uow.now, school.zone if school else settings().timezone)
    held = [
        one
        for one in queries.roles_of(uow.connection, [found.id]).get(found.id, [])
        if one.role is role and one.school_id == (school.id if school else None) and not one.is_over(last)
    ]
    if not held:
        raise Refused(_("The account does not have this role."))
    ref = AccountRef(found.id, found.uid)
    ends = [access.RoleEnd(one.uid, ref, role, one.school_id, max(last, one.valid_from)) for one in held]
    access.end_roles(uow, operator(), ends)
    return {"role": role_name(role), "on": last.isoformat()}


def _erase(uow: UnitOfWork, asked: PersonErasure) -> dict[str, Any]:
    school = queries.school_of(uow.connection, asked.school)
    uid = asked.person or _only_person(uow.connection, school, asked)
    done = erase_person(uow, operator(), school, uid, asked.reason)
    return {"texts": done.texts, "closed": done.closed, "kept": list(done.kept)}


def _only_person(connection: Connection, school: SchoolRef, asked: PersonErasure) -> str:
    """The uid of the only person of this name. Raises Refused where there is none or several."""
    name = (asked.family_name, asked.given_name, asked.patronymic)
    same = queries.people_named(connection, school, name)
    if not same:
        raise Refused(_("This school has no person of this name."))
    if len(same) > 1:
        raise Refused(_("This school has several persons of this name: say which one with --person.") + _listed(same))
    return same[0].uid


def _listed(people: Sequence[Any]) -> str:
    return "".join(f"\n  {row.uid}  {row.birth_date or ''}".rstrip() for row in people)


def _day(asked: RoleChange, now: datetime, zone: str) -> date:
    return date.fromisoformat(asked.on) if asked.on else local_date(now, zone)


SHOW = Reading("user.show", ByLogin, _show)
OF_CLASS = Reading("user.of_class", ByClass, _of_class)
ISSUE = Writing("user.issue_codes", Codes, _issue)
PLAN = Reading("user.plan", Plan, _plan)
CREATE = Writing("user.create", NewUser, _create)
BLOCK = Writing("user.block", ByLogin, _block)
UNBLOCK = Writing("user.unblock", ByLogin, _unblock)
GIVE_ROLE = Writing("user.give_role", RoleChange, _give_role)
END_ROLE = Writing("user.end_role", RoleChange, _end_role)
ERASE = Writing("user.erase", PersonErasure, _erase)

REQUESTS = (SHOW, OF_CLASS, ISSUE, PLAN, CREATE, BLOCK, UNBLOCK, GIVE_ROLE, END_ROLE, ERASE)
