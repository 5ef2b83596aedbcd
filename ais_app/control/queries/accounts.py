"""Sums over the accounts, and what an administrator has to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Integer, and_, case, cast, func, or_, select

from ais_app.access.models import Account, LoginSession, RoleAssignment, SecurityEvent
from ais_app.access.queries import is_within_limits
from ais_app.access.service import Purpose
from ais_app.db.columns import holds_on, table
from ais_app.people.models import Guardianship
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.school.models import Enrollment, SchoolClass

_account = table(Account)
_session = table(LoginSession)
_assignment = table(RoleAssignment)
_refused = table(SecurityEvent)
_guardianship = table(Guardianship)
_enrollment = table(Enrollment)
_class = table(SchoolClass)

LAST_DAYS, NEXT_DAYS, MOST = 7, 14, 50


@dataclass(frozen=True, slots=True)
class AccountSums:
    """Accounts with a role in the school (or in the installation): how many, and what to look at.

    `signed_in`: accounts with an open session, each once however many devices it has.
    """

    accounts: int
    never: int
    blocked: int
    signed_in: int


def accounts(reading: Reading) -> AccountSums | None:
    """Sums over the accounts that this administrator keeps; None for everybody else."""
    scopes = reading.actor.scopes(Right.KEEP_ACCOUNTS)
    if not scopes:
        return None
    of_mine = _kept_by(reading.actor)

    def count(condition):
        return func.coalesce(func.sum(cast(case((condition, 1), else_=0), Integer)), 0)

    row = reading.execute(
        select(
            func.count().label("accounts"),
            count(_account.c.last_login_at.is_(None)).label("never"),
            count(_account.c.blocked_at.is_not(None)).label("blocked"),
        ).where(of_mine)
    ).one()
    seen = reading.execute(
        select(
            _session.c.account_id,
            _session.c.last_seen_at,
            _session.c.created_at,
            _session.c.idle_seconds,
            _session.c.absolute_seconds,
        )
        .join(_account, _account.c.id == _session.c.account_id)
        .where(of_mine, _session.c.ended_at.is_(None))
    )
    signed_in = {one.account_id for one in seen if is_within_limits(one, reading.now)}
    return AccountSums(row.accounts, row.never, row.blocked, len(signed_in))


def _kept_by(actor: Actor):
    """A condition on `account`: one of those that this administrator keeps."""
    reach = select(_assignment.c.account_id)
    if Scope.INSTALLATION not in actor.scopes(Right.KEEP_ACCOUNTS):
        reach = reach.where(_assignment.c.school_id == actor.hat.school_id)
    return _account.c.id.in_(reach)


@dataclass(frozen=True, slots=True)
class EndingRole:
    """A role that ends soon."""

    login: str
    role: str
    until: date


def without_sign_in(reading: Reading) -> list[tuple[str, int]]:
    """(class, accounts of its students and their guardians that nobody has signed in with yet), by grade."""
    if not reading.actor.may(Right.KEEP_ACCOUNTS):
        return []
    of_the_student = or_(
        _assignment.c.person_id == _enrollment.c.person_id,
        and_(_guardianship.c.guardian_id == _assignment.c.person_id, holds_on(_guardianship, reading.today)),
    )
    rows = reading.execute(
        select(_class.c.name, func.count(_account.c.id.distinct()).label("accounts"))
        .select_from(_class)
        .join(_enrollment, and_(_enrollment.c.group_id == _class.c.group_id, holds_on(_enrollment, reading.today)))
        .outerjoin(_guardianship, _guardianship.c.student_id == _enrollment.c.person_id)
        .join(_assignment, and_(of_the_student, holds_on(_assignment, reading.today)))
        .join(_account, _account.c.id == _assignment.c.account_id)
        .where(_kept_by(reading.actor), _account.c.last_login_at.is_(None), _account.c.blocked_at.is_(None))
        .group_by(_class.c.id, _class.c.grade, _class.c.letter, _class.c.name)
        .order_by(_class.c.grade, _class.c.letter, _class.c.name)
    )
    return [(row.name, row.accounts) for row in rows]


def ending_roles(reading: Reading) -> list[EndingRole]:
    """Roles that end within two weeks, of the accounts that this administrator keeps, by day; at most `MOST`."""
    if not reading.actor.may(Right.KEEP_ACCOUNTS):
        return []
    where = [
        _kept_by(reading.actor),
        _assignment.c.valid_to > reading.today,
        _assignment.c.valid_to <= reading.today + timedelta(NEXT_DAYS),
    ]
    if Scope.INSTALLATION not in reading.actor.scopes(Right.KEEP_ACCOUNTS):
        where.append(_assignment.c.school_id == reading.hat.school_id)
    rows = reading.execute(
        select(_account.c.login, _assignment.c.role, _assignment.c.valid_to)
        .join(_assignment, _assignment.c.account_id == _account.c.id)
        .where(*where)
        .order_by(_assignment.c.valid_to, _account.c.login)
        .limit(MOST)
    )
    return [EndingRole(row.login, row.role, row.valid_to) for row in rows]


@dataclass(frozen=True, slots=True)
class RefusedSignIns:
    """Refused attempts to sign in, and from how many networks they came."""

    attempts: int
    networks: int


def refused_sign_ins(reading: Reading) -> RefusedSignIns | None:
    """The refused attempts of the last week, for the installation's administrator alone: an attempt names no school."""
    if Scope.INSTALLATION not in reading.actor.scopes(Right.KEEP_ACCOUNTS):
        return None
    row = reading.execute(
        select(
            func.coalesce(func.sum(_refused.c.count), 0).label("attempts"),
            func.count(_refused.c.network.distinct()).label("networks"),
        ).where(_refused.c.kind == Purpose.SIGN_IN, _refused.c.day > reading.today - timedelta(days=LAST_DAYS))
    ).one()
    return RefusedSignIns(row.attempts, row.networks)
