"""Use cases of those who keep accounts: opening them, their roles, blocking them. Nothing is ever deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from ais_app.access import kinds
from ais_app.access.errors import LoginTaken
from ais_app.access.logins import check_login, normalised_login
from ais_app.access.models import Account, LoginSession, RoleAssignment
from ais_app.access.records import ACCOUNT, CREDENTIAL, ROLE
from ais_app.access.service.attempts import forget_attempts
from ais_app.access.service.signing_in import end_sessions
from ais_app.access.service.worn_roles import follow_ended_roles
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.ledger import service as ledger
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.rows import set_outside
from ais_app.people.models import Person
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Right, Role

_account = table(Account)
_assignment = table(RoleAssignment)
_session = table(LoginSession)
_person = table(Person)

AT_ONCE = 500  # logins that one statement asks for


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to open: exactly one of `password_hash` (demonstration) and `code_hash` (a slip)."""

    login: str
    password_hash: str | None = None
    code_hash: str | None = None


@dataclass(frozen=True, slots=True)
class NewRole:
    role: Role
    school_id: int | None
    person_id: int | None
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account for services: the integer stays inside."""

    id: int
    uid: str


@dataclass(frozen=True, slots=True)
class RoleEnd:
    """A role assignment that ends on a day."""

    uid: str
    account: AccountRef
    role: Role
    school_id: int | None
    on: date


def open_account(uow: UnitOfWork, actor: Actor, new: NewAccount, roles: Sequence[NewRole]) -> str:
    """Open an account with its roles; returns its uid.

    Raises NotYours when the actor may not, or gives a role above his own (S-17); LoginRefused and LoginTaken.
    """
    return _open(uow, actor, [(new, roles)], kinds.ACCOUNT_OPENED)[0].uid


def open_accounts(
    uow: UnitOfWork, actor: Actor, drafts: Sequence[tuple[NewAccount, Sequence[NewRole]]]
) -> list[AccountRef]:
    """Open many accounts in one operation, in order. Raises what `open_account` raises."""
    return _open(uow, actor, drafts, kinds.ACCOUNTS_OPENED)


def _open(
    uow: UnitOfWork, actor: Actor, drafts: Sequence[tuple[NewAccount, Sequence[NewRole]]], kind: Kind
) -> list[AccountRef]:
    for new, _roles in drafts:
        check_login(new.login)
    with _keeping(uow, actor, kind) as op:
        must_give(actor, [(role.role, role.school_id) for _new, roles in drafts for role in roles])
        logins = [normalised_login(new.login) for new, _roles in drafts]
        must_be_free(uow, logins)
        rows = [
            {"login": login, "password_hash": new.password_hash, "code_hash": new.code_hash, "created_at": op.now}
            for login, (new, _roles) in zip(logins, drafts, strict=True)
        ]
        refs = [AccountRef(one.id, one.uid) for one in op.insert_all(ACCOUNT, rows)]
        _give(op, [(ref, role) for ref, (_new, roles) in zip(refs, drafts, strict=True) for role in roles])
    return refs


def give_roles(uow: UnitOfWork, actor: Actor, given: Sequence[tuple[AccountRef, NewRole]]) -> list[str]:
    """Give roles to accounts that are there; returns the uids of the assignments, in order. Raises NotYours."""
    with _keeping(uow, actor, kinds.ROLES_GIVEN) as op:
        must_give(actor, [(role.role, role.school_id) for _ref, role in given])
        return _give(op, given)


def end_roles(uow: UnitOfWork, actor: Actor, ends: Sequence[RoleEnd]) -> None:
    """End roles on a day; from that day on sessions that wear them are over.

    Raises NotYours, also for an assignment that is not there or is of another school than it is said to be.
    """
    with _keeping(uow, actor, kinds.ROLES_ENDED) as op:
        must_give(actor, [(one.role, one.school_id) for one in ends])
        held = {row.uid: row for row in _assignments(uow, [one.uid for one in ends])}
        for one in ends:
            row = held.get(one.uid)
            if row is None or (Role(row.role), row.school_id) != (one.role, one.school_id):
                raise NotYours
        op.update_all(ROLE, {held[one.uid].id: {"valid_to": one.on} for one in ends})
        follow_ended_roles(uow, [(one.account.id, one.role) for one in ends])


def _assignments(uow: UnitOfWork, uids: Sequence[str]) -> list[Any]:
    columns = (_assignment.c.id, _assignment.c.uid, _assignment.c.role, _assignment.c.school_id)
    found: list[Any] = []
    for start in range(0, len(uids), AT_ONCE):
        some = uids[start : start + AT_ONCE]
        found += uow.execute(select(*columns).where(_assignment.c.uid.in_(some))).all()
    return found


def block_accounts(uow: UnitOfWork, actor: Actor, accounts: Sequence[AccountRef]) -> None:
    """Block accounts: nobody signs in with them, and their sessions are over now (S-20). Raises NotYours."""
    with _keeping(uow, actor, kinds.ACCOUNTS_BLOCKED) as op:
        must_be_of_school(uow, actor, accounts)
        op.update_all(ACCOUNT, {ref.id: {"blocked_at": op.now} for ref in accounts})
        for ref in accounts:
            end_sessions(uow, _session.c.account_id == ref.id)


def unblock_accounts(uow: UnitOfWork, actor: Actor, accounts: Sequence[AccountRef]) -> None:
    """Let accounts sign in again, with the password or code that they had. Raises NotYours."""
    with _keeping(uow, actor, kinds.ACCOUNTS_UNBLOCKED) as op:
        must_be_of_school(uow, actor, accounts)
        op.update_all(ACCOUNT, {ref.id: {"blocked_at": None} for ref in accounts})


def issue_codes(uow: UnitOfWork, actor: Actor, codes: Sequence[tuple[AccountRef, str]]) -> None:
    """Give accounts new one-time codes, as (account, hash of the code).

    The password or code of before is gone and every session of the account ends, as with a new password (S-25). A
    blocked account stays blocked. Raises NotYours.
    """
    with _keeping(uow, actor, kinds.CODES_ISSUED) as op:
        must_be_of_school(uow, actor, [ref for ref, _code_hash in codes])
        for ref, code_hash in codes:
            set_outside(uow, ACCOUNT, ref.id, password_hash=None, code_hash=code_hash)
            forget_attempts(uow, uow.execute(select(_account.c.login).where(_account.c.id == ref.id)).scalar_one())
            end_sessions(uow, _session.c.account_id == ref.id)
            op.added(CREDENTIAL, ref.uid, {"kind": "code"})


def change_logins(uow: UnitOfWork, actor: Actor, changes: Sequence[tuple[AccountRef, str, str]]) -> None:
    """Give accounts other logins: (account, before, after). The caller has made sure that they are free.

    Two people may swap their logins. Raises NotYours, LoginRefused.
    """
    for _ref, _before, after in changes:
        check_login(after)
    with _keeping(uow, actor, kinds.LOGINS_CHANGED) as op:
        must_be_of_school(uow, actor, [ref for ref, _before, _after in changes])
        login_changes(op, changes)


def login_changes(op: Operation, changes: Sequence[tuple[AccountRef, str, str]]) -> None:
    """`change_logins` within an operation, without its checks."""
    op.update_all(
        ACCOUNT,
        {ref.id: {"login": normalised_login(after)} for ref, _before, after in changes},
        meanwhile={ref.id: {"login": f"{before[:40]} {ref.uid}"} for ref, before, _after in changes},
    )


def _keeping(uow: UnitOfWork, actor: Actor, kind: Kind) -> Operation:
    """An operation of somebody who keeps accounts. Raises NotYours."""
    return operation(uow, actor, kind, Right.KEEP_ACCOUNTS, chain=ledger.INSTALLATION)


def must_be_free(uow: UnitOfWork, logins: Sequence[str], changing: Sequence[int] = ()) -> None:
    """Raise LoginTaken when an account has one of these logins, or one of them is given twice.

    `changing`: ids of the accounts that give their own logins up.
    """
    twice = next((login for login, number in Counter(logins).items() if number > 1), None)
    if twice is not None:
        raise LoginTaken(twice)
    for start in range(0, len(logins), AT_ONCE):
        some = logins[start : start + AT_ONCE]
        holders = uow.execute(select(_account.c.id, _account.c.login).where(_account.c.login.in_(some)))
        taken = next((row.login for row in holders if row.id not in changing), None)
        if taken is not None:
            raise LoginTaken(taken)


def must_give(actor: Actor, roles: Sequence[tuple[Role, int | None]]) -> None:
    """Raise NotYours unless who keeps accounts may give each of these (role, school) (S-17)."""
    if Role.SYSTEM_ADMIN in actor.hat.roles:
        return
    for role, school_id in roles:
        if role in (Role.SYSTEM_ADMIN, Role.INSPECTOR) or school_id != actor.hat.school_id:
            raise NotYours


def must_be_of_school(uow: UnitOfWork, actor: Actor, accounts: Sequence[AccountRef]) -> None:
    """Raise NotYours when a school's administrator would change an account that is not of his school alone (S-16)."""
    if Role.SYSTEM_ADMIN in actor.hat.roles:
        return
    for ref in accounts:
        held = uow.execute(
            select(_assignment.c.role, _assignment.c.school_id).where(_assignment.c.account_id == ref.id)
        ).all()
        must_give(actor, [(Role(row.role), row.school_id) for row in held])
        if not held:
            raise NotYours


def must_be_theirs(uow: UnitOfWork, roles: Sequence[tuple[int | None, int | None]]) -> None:
    """Raise NotYours when a role, (person, school), would be given to a person of another school (D-1)."""
    wanted = {(person_id, school_id) for person_id, school_id in roles if person_id is not None}
    known = uow.execute(
        select(_person.c.id, _person.c.school_id).where(_person.c.id.in_({person_id for person_id, _school in wanted}))
    )
    if not wanted <= {(row.id, row.school_id) for row in known}:
        raise NotYours


def _give(op: Operation, given: Sequence[tuple[AccountRef, NewRole]]) -> list[str]:
    must_be_theirs(op.uow, [(role.person_id, role.school_id) for _ref, role in given])
    rows = [
        {
            "account_id": ref.id,
            "role": role.role.value,
            "school_id": role.school_id,
            "person_id": role.person_id,
            "valid_from": role.valid_from,
            "valid_to": role.valid_to,
        }
        for ref, role in given
    ]
    return [one.uid for one in op.insert_all(ROLE, rows)]
