"""Sessions after roles have ended: those whose hat is gone are over, those with fewer rights are read anew."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from ais_app.access import queries
from ais_app.access.models import LoginSession
from ais_app.access.service.signing_in import SessionsEnded, end_sessions
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.rights.rules import TEACHING, Role

_session = table(LoginSession)

AT_ONCE = 500  # accounts that one statement asks for


def follow_ended_roles(uow: UnitOfWork, ended: Iterable[tuple[int, Role]]) -> None:
    """`ended`: (account id, role) of assignments that have an end now; one that is still to come changes nothing.

    A session whose hat nobody may wear today ends. One that wears a hat with a role less goes on: what was read for
    it is forgotten, and its open pages ask who they are again.
    """
    lost: dict[int, set[Role]] = {}
    for account_id, role in ended:
        lost.setdefault(account_id, set()).add(role)
    accounts = sorted(lost)
    over: list[int] = []
    changed: list[str] = []
    for start in range(0, len(accounts), AT_ONCE):
        where = _session.c.account_id.in_(accounts[start : start + AT_ONCE]) & _session.c.ended_at.is_(None)
        for row in uow.execute(
            select(_session.c.id, _session.c.uid, _session.c.account_id, _session.c.hat).where(where)
        ):
            worn = {hat.key: hat.roles for hat in queries.hats(uow.connection, row.account_id, uow.now)}
            if row.hat not in worn:
                over.append(row.id)
            elif row.hat.startswith("teaching:") and (lost[row.account_id] & TEACHING) - worn[row.hat]:
                changed.append(row.uid)
    for start in range(0, len(over), AT_ONCE):
        end_sessions(uow, _session.c.id.in_(over[start : start + AT_ONCE]))
    if changed:
        uow.announce(SessionsEnded(tuple(changed)))
