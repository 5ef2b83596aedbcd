"""The accounts of our own export: exactly those of the exported school, with the days of their roles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from ais_app.access import service as access
from ais_app.exchange.oneroster.context import Importing, TargetSchool, WantedAccount, WantedRole


class _Present(Protocol):
    """The part of `accounts._Accounts` that is needed here."""

    importing: Importing
    targets: Sequence[TargetSchool]
    roles: dict[str, Any]
    held: dict[int, list[Any]]
    ours: frozenset[str]
    given: dict[str, str]


def wanted(importing: Importing, targets: Sequence[TargetSchool]) -> list[WantedAccount]:
    """Every account of the set with its roles, blocked ones too, in the order of the set."""
    roles = _roles(importing, targets)
    return [
        WantedAccount(
            key=key,
            user=account.users[0],
            line=account.line,
            login=account.login,
            enabled=not account.blocked,
            opens=key in roles,
            roles=roles.get(key, []),
        )
        for key, account in importing.roster.accounts.items()
    ]


def _roles(importing: Importing, targets: Sequence[TargetSchool]) -> dict[str, list[WantedRole]]:
    """{account: its roles}, in the order of the file."""
    homes = {target.org: target for target in targets}
    given = {
        one.key: (user, one)
        for user, of_user in importing.roster.roles.items()
        for one in of_user
        if one.org in homes and user in homes[one.org].people
    }
    by_account: dict[str, list[WantedRole]] = {}
    for key, _line in importing.roster["roles"]:
        if key not in given:
            continue
        user, one = given[key]
        target = homes[one.org]
        since = one.begin or min(importing.today, target.year_start(importing.today))
        new = access.NewRole(one.role, target.school.id, target.people[user].id, since, one.end)
        by_account.setdefault(one.account, []).append(WantedRole(new, key))
    return by_account


def compared(at: _Present, account: WantedAccount, row: Any) -> tuple[list[WantedRole], list[tuple[Any, date]]]:
    """(roles that an account lacks, [(assignment that has an end in the export, the day of it)])."""
    missing: list[WantedRole] = []
    ended: list[tuple[Any, date]] = []
    for one in account.roles:
        held = _held(at, one, row.id)
        if held is None:
            missing.append(one)
            continue
        at.importing.names[one.key] = held.uid
        if held.uid in at.ours and held.valid_to is None and one.new.valid_to is not None:
            ended.append((held, one.new.valid_to))
    return missing, ended


def _held(at: _Present, wanted: WantedRole, account_id: int) -> Any:
    """An account's assignment that is this role: by uid, else by role, school, person and first day; or None."""
    known = at.roles.get(at.given.get(wanted.key, wanted.key))
    if known is not None and known.account_id == account_id:
        return known
    new = wanted.new
    same = (new.role.value, new.school_id, new.person_id, new.valid_from)
    held = at.held.get(account_id, ())
    return next((one for one in held if (one.role, one.school_id, one.person_id, one.valid_from) == same), None)
