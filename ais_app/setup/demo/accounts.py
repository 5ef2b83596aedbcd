"""Accounts of the demonstration: with passwords for the login page, with one-time codes for the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ais_app.access import passwords
from ais_app.access import service as access
from ais_app.db import UnitOfWork
from ais_app.rights.rules import Role, operator
from ais_app.setup.demo.founding import Calendar, Written
from ais_app.setup.demo.logins import DEMONSTRATION


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """An account of the demonstration. `roles`: (role, id of its person; None = of the installation)."""

    login: str
    password_hash: str | None
    code_hash: str | None
    roles: tuple[tuple[str, int | None], ...]


def account_drafts(written: Written, password_cost: int = passwords.COST) -> Iterator[AccountDraft]:
    """Accounts with passwords for the login page, with one-time codes for the other staff and students."""
    leaders = set(written.roster.leaders.values())
    maria = next(ref for pupil, ref in written.pupils if (pupil.name.family, pupil.name.given) == ("Соколова", "Мария"))
    persons = written.staff | {"student": maria}
    for login, role in DEMONSTRATION.items():
        person = None if role is Role.SYSTEM_ADMIN else persons[login].id
        roles = [(role.value, person), *([(Role.TEACHER.value, person)] if login in leaders else [])]
        yield AccountDraft(login, passwords.hash_password(f"demo-{login}", password_cost), None, tuple(roles))
    for login, ref in written.staff.items():
        if login not in DEMONSTRATION:
            roles = [(Role.TEACHER.value, ref.id)]
            roles += [(Role.CLASS_TEACHER.value, ref.id)] if login in leaders else []
            yield AccountDraft(f"staff-{login}", None, passwords.hash_code(passwords.new_code()), tuple(roles))
    for number, (_pupil, ref) in enumerate(written.pupils, 1):
        if ref is not maria:
            code = passwords.hash_code(passwords.new_code())
            yield AccountDraft(f"student-{number}", None, code, ((Role.STUDENT.value, ref.id),))


def open_account(uow: UnitOfWork, draft: AccountDraft, school_id: int, since: date) -> None:
    """Open an account with its roles from `since` on."""
    new = access.NewAccount(draft.login, password_hash=draft.password_hash, code_hash=draft.code_hash)
    roles = [
        access.NewRole(Role(role), None if person is None else school_id, person, since) for role, person in draft.roles
    ]
    access.open_account(uow, operator(), new, roles)


def role_day(days: Calendar) -> date:
    """From which day on the roles of the demonstration hold."""
    return days.first - timedelta(days=10)


def open_accounts(uow: UnitOfWork, written: Written, password_cost: int = passwords.COST) -> None:
    """Open all accounts of the demonstration."""
    for draft in account_drafts(written, password_cost):
        open_account(uow, draft, written.school.id, role_day(written.calendar))
