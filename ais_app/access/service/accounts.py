"""Use cases of those who keep accounts: opening them, their roles, blocking them. Nothing is ever deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select, update

from ais_app.access.errors import LoginTaken
from ais_app.access.logins import check_login, normalised_login
from ais_app.access.models import Account, LoginSession, RoleAssignment
from ais_app.access.service.attempts import forget_attempts
from ais_app.access.service.signing_in import end_sessions
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import FreeText, Item
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
    return _open(uow, actor, [(new, roles)], "account_opened")[0].uid


def open_accounts(
    uow: UnitOfWork, actor: Actor, drafts: Sequence[tuple[NewAccount, Sequence[NewRole]]]
) -> list[AccountRef]:
    """Open many accounts in one operation, in order. Raises what `open_account` raises."""
    return _open(uow, actor, drafts, "accounts_opened")


def _open(
    uow: UnitOfWork, actor: Actor, drafts: Sequence[tuple[NewAccount, Sequence[NewRole]]], kind: str
) -> list[AccountRef]:
    _must_keep(actor, [(role.role, role.school_id) for _new, roles in drafts for role in roles])
    for new, _roles in drafts:
        check_login(new.login)
    chain = ledger.lock(uow, ledger.INSTALLATION)
    _must_be_free(uow, [normalised_login(new.login) for new, _roles in drafts])
    uids = [uow.make_uid() for _draft in drafts]
    statement = insert(_account).returning(_account.c.id, sort_by_parameter_order=True)
    ids = uow.execute(
        statement,
        [
            {
                "uid": uid,
                "login": normalised_login(new.login),
                "password_hash": new.password_hash,
                "code_hash": new.code_hash,
                "created_at": uow.now,
            }
            for uid, (new, _roles) in zip(uids, drafts, strict=True)
        ],
    ).scalars()
    refs = [AccountRef(account_id, uid) for account_id, uid in zip(ids, uids, strict=True)]
    _give(uow, [(ref, role) for ref, (_new, roles) in zip(refs, drafts, strict=True) for role in roles])
    items = [
        Item("account", ref.uid, None, {"roles": [[role.role.value, role.valid_from.isoformat()] for role in roles]})
        for ref, (_new, roles) in zip(refs, drafts, strict=True)
    ]
    ledger.append(uow, chain, actor.author, kind, items)
    return refs


def give_roles(uow: UnitOfWork, actor: Actor, given: Sequence[tuple[AccountRef, NewRole]]) -> list[str]:
    """Give roles to accounts that are there; returns the uids of the assignments, in order. Raises NotYours."""
    _must_keep(actor, [(role.role, role.school_id) for _ref, role in given])
    chain = ledger.lock(uow, ledger.INSTALLATION)
    uids = _give(uow, given)
    items = [
        Item("account", ref.uid, None, {"role": role.role.value, "from": role.valid_from.isoformat()})
        for ref, role in given
    ]
    ledger.append(uow, chain, actor.author, "roles_given", items)
    return uids


def end_roles(uow: UnitOfWork, actor: Actor, ends: Sequence[RoleEnd]) -> None:
    """End roles on a day; sessions that wear them end by themselves. Raises NotYours."""
    _must_keep(actor, [(one.role, one.school_id) for one in ends])
    chain = ledger.lock(uow, ledger.INSTALLATION)
    for one in ends:
        of_school = (_assignment.c.uid == one.uid) & (_assignment.c.school_id == one.school_id)
        uow.execute(update(_assignment).where(of_school).values(valid_to=one.on))
    items = [
        Item("account", one.account.uid, {"role": one.role.value}, {"role": one.role.value, "to": one.on.isoformat()})
        for one in ends
    ]
    ledger.append(uow, chain, actor.author, "roles_ended", items)


def block_accounts(uow: UnitOfWork, actor: Actor, accounts: Sequence[AccountRef]) -> None:
    """Block accounts: nobody signs in with them, and their sessions are over now (S-20). Raises NotYours."""
    _must_keep(actor, [])
    _must_be_of_school(uow, actor, accounts)
    chain = ledger.lock(uow, ledger.INSTALLATION)
    for ref in accounts:
        uow.execute(update(_account).where(_account.c.id == ref.id).values(blocked_at=uow.now))
        end_sessions(uow, _session.c.account_id == ref.id)
    items = [Item("account", ref.uid, {"blocked": False}, {"blocked": True}) for ref in accounts]
    ledger.append(uow, chain, actor.author, "accounts_blocked", items)


def unblock_accounts(uow: UnitOfWork, actor: Actor, accounts: Sequence[AccountRef]) -> None:
    """Let accounts sign in again, with the password or code that they had. Raises NotYours."""
    _must_keep(actor, [])
    _must_be_of_school(uow, actor, accounts)
    chain = ledger.lock(uow, ledger.INSTALLATION)
    for ref in accounts:
        uow.execute(update(_account).where(_account.c.id == ref.id).values(blocked_at=None))
    items = [Item("account", ref.uid, {"blocked": True}, {"blocked": False}) for ref in accounts]
    ledger.append(uow, chain, actor.author, "accounts_unblocked", items)


def issue_codes(uow: UnitOfWork, actor: Actor, codes: Sequence[tuple[AccountRef, str]]) -> None:
    """Give accounts new one-time codes, as (account, hash of the code).

    The password or code of before is gone and every session of the account ends, as with a new password (S-25). A
    blocked account stays blocked. Raises NotYours.
    """
    _must_keep(actor, [])
    _must_be_of_school(uow, actor, [ref for ref, _code_hash in codes])
    chain = ledger.lock(uow, ledger.INSTALLATION)
    for ref, code_hash in codes:
        changed = update(_account).where(_account.c.id == ref.id).values(password_hash=None, code_hash=code_hash)
        login = uow.execute(changed.returning(_account.c.login)).scalar_one()
        forget_attempts(uow, login)
        end_sessions(uow, _session.c.account_id == ref.id)
    items = [Item("account", ref.uid, None, {"code": "issued"}) for ref, _code_hash in codes]
    ledger.append(uow, chain, actor.author, "codes_issued", items)


def change_logins(uow: UnitOfWork, actor: Actor, changes: Sequence[tuple[AccountRef, str, str]]) -> None:
    """Give accounts other logins: (account, before, after). The caller has made sure that they are free.

    Raises NotYours, LoginRefused.
    """
    _must_keep(actor, [])
    for _ref, _before, after in changes:
        check_login(after)
    _must_be_of_school(uow, actor, [ref for ref, _before, _after in changes])
    chain = ledger.lock(uow, ledger.INSTALLATION)
    for ref, before, _after in changes:  # out of the way first: two people may have swapped their logins
        uow.execute(update(_account).where(_account.c.id == ref.id).values(login=f"{before[:40]} {ref.uid}"))
    for ref, _before, after in changes:
        login = normalised_login(after)
        uow.execute(update(_account).where(_account.c.id == ref.id).values(login=login))
    items = [
        Item("account", ref.uid, {"login": FreeText(before)}, {"login": FreeText(after)})
        for ref, before, after in changes
    ]
    ledger.append(uow, chain, actor.author, "logins_changed", items)


def _must_be_free(uow: UnitOfWork, logins: Sequence[str]) -> None:
    """Raise LoginTaken when an account has one of these logins, or one of them is given twice."""
    twice = next((login for login, number in Counter(logins).items() if number > 1), None)
    if twice is not None:
        raise LoginTaken(twice)
    for start in range(0, len(logins), AT_ONCE):
        some = logins[start : start + AT_ONCE]
        taken = uow.execute(select(_account.c.login).where(_account.c.login.in_(some)).limit(1)).scalar_one_or_none()
        if taken is not None:
            raise LoginTaken(taken)


def _must_keep(actor: Actor, roles: Sequence[tuple[Role, int | None]]) -> None:
    """Raise NotYours unless the actor keeps accounts and may give each of these (role, school) (S-17)."""
    if not actor.may(Right.KEEP_ACCOUNTS):
        raise NotYours
    if Role.SYSTEM_ADMIN in actor.hat.roles:
        return
    for role, school_id in roles:
        if role in (Role.SYSTEM_ADMIN, Role.INSPECTOR) or school_id != actor.hat.school_id:
            raise NotYours


def _must_be_of_school(uow: UnitOfWork, actor: Actor, accounts: Sequence[AccountRef]) -> None:
    """Raise NotYours when a school's administrator would change an account that is not of his school alone (S-16)."""
    if Role.SYSTEM_ADMIN in actor.hat.roles:
        return
    for ref in accounts:
        held = uow.execute(
            select(_assignment.c.role, _assignment.c.school_id).where(_assignment.c.account_id == ref.id)
        ).all()
        _must_keep(actor, [(Role(row.role), row.school_id) for row in held])
        if not held:
            raise NotYours


def _must_be_theirs(uow: UnitOfWork, roles: Sequence[NewRole]) -> None:
    """Raise NotYours when a role of a school would be given to a person of another one (D-1)."""
    wanted = {(role.person_id, role.school_id) for role in roles if role.person_id is not None}
    known = uow.execute(
        select(_person.c.id, _person.c.school_id).where(_person.c.id.in_({person_id for person_id, _school in wanted}))
    )
    if not wanted <= {(row.id, row.school_id) for row in known}:
        raise NotYours


def _give(uow: UnitOfWork, given: Sequence[tuple[AccountRef, NewRole]]) -> list[str]:
    _must_be_theirs(uow, [role for _ref, role in given])
    uids = [uow.make_uid() for _one in given]
    rows = [
        {
            "uid": uid,
            "account_id": ref.id,
            "role": role.role.value,
            "school_id": role.school_id,
            "person_id": role.person_id,
            "valid_from": role.valid_from,
            "valid_to": role.valid_to,
        }
        for uid, (ref, role) in zip(uids, given, strict=True)
    ]
    if rows:
        uow.execute(insert(_assignment), rows)
    return uids
