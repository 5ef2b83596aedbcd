"""Use cases of accounts and sessions: sign in, sign out, change the password, change the hat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, insert, select, update

from ais_app.access import kinds, passwords, queries, settings
from ais_app.access.errors import PasswordRefused, SignInAgain, SignInRefused
from ais_app.access.models import Account, LoginSession, Preference, RoleAssignment
from ais_app.access.records import ACCOUNT, CREDENTIAL
from ais_app.access.service.attempts import Attempt, settle_attempt, wait_of
from ais_app.access.user_agents import UNKNOWN, Client
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.ledger import service as ledger
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import Operation, operation
from ais_app.ledger.rows import set_outside
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Hat, Right
from ais_app.school_settings.queries import SettingValues, values_of
from ais_app.school_settings.registry import Setting

_account = table(Account)
_assignment = table(RoleAssignment)
_session = table(LoginSession)
_preference = table(Preference)

SESSIONS_OF_AN_ACCOUNT = 50


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """Announced when sessions have ended: their sockets are closed, and what is cached of them is dropped."""

    session_uids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A secret that fitted: what it was checked against, and its new hash when the stored one has another cost."""

    against: queries.Credentials
    new_hash: str | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in whose password was already checked in a thread.

    `checked` and `attempt` say how; only tests and benchmarks leave them out.
    """

    login: str
    network: str
    token_hash: str
    personal_device: bool
    checked: Checked | None = None
    attempt: Attempt | None = None
    client: Client = UNKNOWN


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts without use, and at most (D-19)."""

    idle: timedelta
    absolute: timedelta


def lifetime(hat: Hat, values: SettingValues, day: date, *, personal_device: bool) -> Lifetime:
    """The limits of a session that wears this hat, by what the installation has set."""

    def of(setting: Setting[int]) -> int:
        return values.at(setting, day)

    if not personal_device:
        return Lifetime(timedelta(minutes=of(settings.SHARED_IDLE)), timedelta(hours=of(settings.SHARED_LONGEST)))
    if hat.is_family:
        return Lifetime(timedelta(days=of(settings.FAMILY_IDLE)), timedelta(days=of(settings.FAMILY_LONGEST)))
    return Lifetime(timedelta(hours=of(settings.STAFF_IDLE)), timedelta(days=of(settings.STAFF_LONGEST)))


def _lifetime(uow: UnitOfWork, hat: Hat, *, personal_device: bool) -> Lifetime:
    return lifetime(hat, values_of(uow.connection, None), uow.now.date(), personal_device=personal_device)


def sign_in(uow: UnitOfWork, request: SignIn) -> Hat:
    """Open a session for a person whose password fitted; returns the hat worn first.

    Raises SignInRefused when the account has no role today, was blocked, or got another password since the check.
    """
    ledger.lock(uow, ledger.INSTALLATION)  # before anything is read: what is found here holds until the commit
    found = queries.credentials(uow.connection, request.login)
    if found is None or found.blocked or (request.checked is not None and request.checked.against != found):
        raise _refusal(uow, request)
    worn = queries.hats(uow.connection, found.account_id, uow.now)
    if not worn:
        raise _refusal(uow, request)
    session_uid = uow.make_uid()
    actor = Actor(found.account_id, found.account_uid, session_uid, worn[0], request.network, "web")
    with _own(uow, actor, kinds.SIGNED_IN) as op:
        op.keep()
        changes: dict[str, Any] = {"last_login_at": op.now}
        if request.checked is not None and request.checked.new_hash is not None:
            changes["password_hash"] = request.checked.new_hash
        set_outside(uow, ACCOUNT, found.account_id, **changes)
        if request.attempt is not None:
            settle_attempt(uow, request.attempt)
        _end_the_oldest(uow, found.account_id)
        begun = _Beginning(op.now, request.network, request.client, personal_device=request.personal_device)
        _open_session(uow, session_uid, found.account_id, worn[0], request.token_hash, begun)
    return worn[0]


def _own(uow: UnitOfWork, actor: Actor, kind: Kind) -> Operation:
    """An operation at one's own account, which every role may do (`Right.USE_ACCOUNT` reaches nobody else)."""
    return operation(uow, actor, kind, Right.USE_ACCOUNT, chain=ledger.INSTALLATION)


def _refusal(uow: UnitOfWork, request: SignIn) -> SignInRefused:
    """The same refusal as for a wrong password: the attempt stays counted, and the text says when the next is taken."""
    return SignInRefused(wait=wait_of(uow, request.attempt) if request.attempt is not None else None)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """When, where and on what device the person last gave the password: a change of the hat keeps it."""

    at: datetime
    network: str
    client: Client
    personal_device: bool

    def remaining(self, uow: UnitOfWork, hat: Hat, now: datetime) -> timedelta:
        return _lifetime(uow, hat, personal_device=self.personal_device).absolute - (now - self.at)


def _open_session(uow: UnitOfWork, uid: str, account_id: int, hat: Hat, token_hash: str, begun: _Beginning) -> None:
    lasting = _lifetime(uow, hat, personal_device=begun.personal_device)
    uow.execute(
        insert(_session).values(
            uid=uid,
            token_hash=token_hash,
            account_id=account_id,
            hat=hat.key,
            network=begun.network,
            device=begun.client.device,
            browser=begun.client.browser,
            personal_device=begun.personal_device,
            idle_seconds=int(lasting.idle.total_seconds()),
            absolute_seconds=int(lasting.absolute.total_seconds()),
            created_at=begun.at,
            last_seen_at=uow.now,
        )
    )


def touch_session(uow: UnitOfWork, session_uid: str) -> None:
    """The session was used: its idle time begins anew."""
    beginning = case((_session.c.created_at > uow.now, uow.now), else_=_session.c.created_at)  # the clock was set back
    uow.execute(
        update(_session)
        .where(_session.c.uid == session_uid, _session.c.ended_at.is_(None))
        .values(last_seen_at=uow.now, created_at=beginning)
    )


def sign_out(uow: UnitOfWork, actor: Actor) -> None:
    """End the actor's own session."""
    with _own(uow, actor, kinds.SIGNED_OUT) as op:
        op.keep()
        end_sessions(uow, _session.c.uid == actor.session_uid)


def sign_out_elsewhere(uow: UnitOfWork, actor: Actor) -> int:
    """End every other session of the account; returns how many there were. Raises NotYours when the own one ended."""
    with _own(uow, actor, kinds.SIGNED_OUT_ELSEWHERE) as op:
        op.keep()
        _own_session(uow, actor)
        ended = end_sessions(uow, (_session.c.account_id == actor.account_id) & (_session.c.uid != actor.session_uid))
    return len(ended)


def change_hat(uow: UnitOfWork, actor: Actor, hat_key: str, token_hash: str) -> timedelta | None:
    """Change the hat: the old session ends, a new one with a new token begins (D-1, S-25).

    Its age counts from the same sign-in, so that changing the hat does not prolong it. Returns how long the new
    session may last at most where the device is the person's own, None elsewhere.
    Raises NotYours when the account has no such hat today or the session has ended, SignInAgain when the sign-in is
    older than the new hat allows.
    """
    with _own(uow, actor, kinds.HAT_CHANGED) as op:
        account_id = actor.account_id or 0
        hat = next((one for one in queries.hats(uow.connection, account_id, op.now) if one.key == hat_key), None)
        if hat is None:
            raise NotYours
        begun = _own_session(uow, actor)
        remaining = begun.remaining(uow, hat, op.now)
        if remaining <= timedelta(0):
            raise SignInAgain
        end_sessions(uow, _session.c.uid == actor.session_uid)
        _open_session(uow, uow.make_uid(), account_id, hat, token_hash, begun)
        op.changed("hat", hat.key, {"hat": actor.hat.key}, {"hat": hat.key})
    return remaining if begun.personal_device else None


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """A new password, hashed in a thread, and what the present one was checked against."""

    new_hash: str
    checked: Checked
    attempt: Attempt


def change_password(uow: UnitOfWork, actor: Actor, change: PasswordChange, token_hash: str) -> timedelta | None:
    """Store a chosen password; every session of the account ends and one new one begins (S-25).

    The present password was given, so the new session counts from now like a sign-in. Returns how long it may last at
    most where the device is the person's own, None elsewhere. The present password and the quality of the new one were
    checked before, in a thread. Raises NotYours when the session has ended or the password has changed meanwhile.
    """
    with _own(uow, actor, kinds.PASSWORD_CHANGED) as op:
        device = _own_session(uow, actor)
        if queries.credentials_of(op.reading) != change.checked.against:
            raise NotYours
        set_outside(uow, ACCOUNT, actor.account_id or 0, password_hash=change.new_hash, code_hash=None)
        settle_attempt(uow, change.attempt)
        end_sessions(uow, _session.c.account_id == actor.account_id)
        begun = _Beginning(op.now, actor.network, device.client, personal_device=device.personal_device)
        _open_session(uow, uow.make_uid(), actor.account_id or 0, actor.hat, token_hash, begun)
        op.added(CREDENTIAL, actor.account_uid, {"kind": "password"})
    return begun.remaining(uow, actor.hat, begun.at) if begun.personal_device else None


def _own_session(uow: UnitOfWork, actor: Actor) -> _Beginning:
    """How the actor's session began. Raises NotYours when it has ended.

    An actor may be cached for three seconds: a session that has ended must not give rise to another one (S-25).
    """
    where = (_session.c.uid == actor.session_uid) & _session.c.ended_at.is_(None)
    row = uow.execute(select(_session).where(where)).one_or_none()
    if row is None:
        raise NotYours
    client = Client(row.device, row.browser)
    return _Beginning(row.created_at, row.network, client, personal_device=row.personal_device)


def check_secret(found: queries.Credentials | None, given: str, cost: int = passwords.COST) -> Checked | None:
    """What the secret was checked against when it is the account's present password or code; else None.

    Slow on purpose: only `secret_check.SecretCheck` calls it. Exactly one bcrypt check is made whatever is stored, also
    where there is no account, so that the time tells nothing (S-23).
    """
    stored = found.password_hash if found is not None and not found.blocked else None
    fits = passwords.fits(given, stored or passwords.decoy(cost))
    if found is None or found.blocked:
        return None
    if stored is not None and fits:
        again = passwords.hash_password(given, cost) if passwords.needs_rehash(stored, cost) else None
        return Checked(found, again)
    by_code = found.code_hash is not None and passwords.code_fits(given, found.code_hash)
    return Checked(found) if by_code else None


def check_new_password(actor: Actor, login: str, new: str, repeated: str, present: str) -> None:
    """Raise PasswordRefused with the reason when the new password may not be chosen (D-47).

    `present` is what was given as the present one, right or wrong.
    """
    if new != repeated:
        raise PasswordRefused(_("The two new passwords differ."), "repeated")
    passwords.check_chosen(new, login, staff=not actor.hat.is_family)
    if new == present or passwords.code_fits(new, passwords.hash_code(present)):
        raise PasswordRefused(_("The new password must be another one than the present one."), "new")


def check_against_stored(found: queries.Credentials, new: str) -> None:
    """Raise PasswordRefused when the new password is the one-time code, however it is spelled (D-47)."""
    if found.code_hash is not None and passwords.code_fits(new, found.code_hash):
        raise PasswordRefused(_("The new password must be another one than the present one."), "new")


def _end_the_oldest(uow: UnitOfWork, account_id: int) -> None:
    """Leave room for one session of `SESSIONS_OF_AN_ACCOUNT`: end those that were used least recently (S-50)."""
    kept = (
        select(_session.c.id)
        .where(_session.c.account_id == account_id, _session.c.ended_at.is_(None))
        .order_by(_session.c.last_seen_at.desc(), _session.c.id.desc())
        .limit(SESSIONS_OF_AN_ACCOUNT - 1)
    )
    ids = list(uow.execute(kept).scalars())
    if len(ids) == SESSIONS_OF_AN_ACCOUNT - 1:
        end_sessions(uow, (_session.c.account_id == account_id) & _session.c.id.not_in(ids))


def end_sessions(uow: UnitOfWork, where: object) -> list[str]:
    """End the open sessions that `where` finds and announce it; returns their uids."""
    ended = list(
        uow.execute(
            update(_session)
            .where(where, _session.c.ended_at.is_(None))  # pyright: ignore[reportArgumentType] - an SQL condition
            .values(ended_at=uow.now)
            .returning(_session.c.uid)
        ).scalars()
    )
    if ended:
        uow.announce(SessionsEnded(tuple(ended)))
    return ended


def prefer(uow: UnitOfWork, actor: Actor, values: Mapping[str, str]) -> None:
    """Keep what an account has chosen for itself. No right depends on it, so it is no operation of the ledger."""
    uow.execute(select(_account.c.id).where(_account.c.id == actor.account_id).with_for_update())
    for name, value in values.items():
        where = (_preference.c.account_id == actor.account_id) & (_preference.c.name == name)
        if not uow.execute(update(_preference).where(where).values(value=value)).rowcount:
            uow.execute(insert(_preference).values(account_id=actor.account_id, name=name, value=value))
