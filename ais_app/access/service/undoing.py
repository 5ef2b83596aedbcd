"""Undo of what was done to accounts: roles, blocks and logins, under the checks that a new operation would meet now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ais_app.access.models import Account, LoginSession, RoleAssignment
from ais_app.access.service.accounts import (
    AccountRef,
    login_changes,
    must_be_free,
    must_be_of_school,
    must_be_theirs,
    must_give,
)
from ais_app.access.service.signing_in import end_sessions
from ais_app.access.service.worn_roles import follow_ended_roles
from ais_app.db.columns import table
from ais_app.ledger.operation import Operation
from ais_app.ledger.putting_back import Forgotten, NotAsLeft
from ais_app.ledger.undoing import Part
from ais_app.rights.rules import Role

_account, _session, _assignment = table(Account), table(LoginSession), table(RoleAssignment)


def roles(op: Operation, part: Part) -> None:
    """Take roles that were given, give those that were taken, or give them their days of before.

    A session that wears a role which nobody may wear any more ends. Raises NotYours, and as `Part.put_back`.
    """
    before = _assignments(op, part)
    part.put_back(op)
    after = _assignments(op, part)
    held = {row.uid: row for row in (*before, *after)}.values()
    must_give(op.actor, [(Role(row.role), row.school_id) for row in held])
    must_be_theirs(op.uow, [(row.person_id, row.school_id) for row in after])
    follow_ended_roles(op.uow, [(row.account_id, Role(row.role)) for row in held])


def blocks(op: Operation, part: Part) -> None:
    """Let accounts sign in again that were blocked, or block them; then their sessions end.

    Raises NotYours, and as `Part.put_back`.
    """
    found = _accounts(op, part)
    must_be_of_school(op.uow, op.actor, [AccountRef(row.id, row.uid) for row in found.values()])
    part.put_back(op)
    for row in found.values():
        if op.uow.execute(select(_account.c.blocked_at).where(_account.c.id == row.id)).scalar_one() is not None:
            end_sessions(op.uow, _session.c.account_id == row.id)


def logins(op: Operation, part: Part) -> None:
    """Give accounts their logins of before. Raises NotYours, LoginTaken, NotAsLeft, Forgotten."""
    found = _accounts(op, part)
    must_be_of_school(op.uow, op.actor, [AccountRef(row.id, row.uid) for row in found.values()])
    changes: list[tuple[AccountRef, str, str]] = []
    for item in part.items:
        row = found[item.subject]
        if item.erased:
            raise Forgotten
        if row.login != (item.after or {}).get("login"):
            raise NotAsLeft
        changes.append((AccountRef(row.id, row.uid), row.login, (item.before or {})["login"]))
    must_be_free(op.uow, [after for _ref, _before, after in changes], [ref.id for ref, _before, _after in changes])
    login_changes(op, changes)


def _accounts(op: Operation, part: Part) -> dict[str, Any]:
    """{uid: row} of the accounts that the items are about. Raises NotAsLeft where one is there no more."""
    uids = {item.subject for item in part.items}
    found = {row.uid: row for row in op.uow.execute(select(_account).where(_account.c.uid.in_(uids)))}
    if found.keys() != uids:
        raise NotAsLeft
    return found


def _assignments(op: Operation, part: Part) -> list[Any]:
    """The rows of the roles that the items are about, as far as they are there."""
    uids = {item.subject for item in part.items}
    return list(op.uow.execute(select(_assignment).where(_assignment.c.uid.in_(uids))))
