"""Use cases of accounts and sessions: sign in, sign out, change the password, change the hat."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from ais_app.access import passwords, queries
from ais_app.access.errors import NotYours, PasswordRefused, SignInRefused
from ais_app.access.models import Account, LoginSession, LoginThrottle, Preference, RoleAssignment, SecurityEvent
from ais_app.access.rules import Actor, Hat
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.i18n import _
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import Author, Item

_account = table(Account)
_assignment = table(RoleAssignment)
_session = table(LoginSession)
_throttle = table(LoginThrottle)
_event = table(SecurityEvent)
_preference = table(Preference)

FAILURES_OF_A_LOGIN, FAILURES_OF_A_NETWORK = 5, 60
MOST_SUBJECTS, OTHER_SUBJECTS = 100, "…"
SESSIONS_OF_AN_ACCOUNT = 50
WINDOW = PAUSE = queries.PAUSE
IDLE_SHARED, IDLE_STAFF, IDLE_FAMILY = timedelta(minutes=30), timedelta(hours=12), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """Announced: these sessions are over; their sockets must go and their cache with them."""

    session_uids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in whose password was already checked in a thread."""

    login: str
    network: str
    token_hash: str
    personal_device: bool
    new_hash: str | None = None


def throttle_keys(login: str, network: str) -> list[str]:
    """The keys under which failures are counted; unknown logins are counted like known ones (S-21, S-23)."""
    digest = hashlib.sha256(queries.normalised_login(login).encode()).hexdigest()[:32]
    return [f"login:{digest}", f"network:{network}"]


def record_failure(uow: UnitOfWork, login: str, network: str) -> None:
    """Count a failed sign-in; enough of them pause the login (5) or the network (60) for 15 minutes."""
    ledger.lock(uow, ledger.INSTALLATION)  # as below
    limits = (FAILURES_OF_A_LOGIN, FAILURES_OF_A_NETWORK)
    for key, limit in zip(throttle_keys(login, network), limits, strict=True):
        row = uow.execute(select(_throttle).where(_throttle.c.key == key).with_for_update()).one_or_none()
        if row is None:
            uow.execute(insert(_throttle).values(key=key, failures=1, since=uow.now))
            continue
        if queries.is_pause(row.locked_until, uow.now):
            continue  # a pause ends when it was said to: nobody can keep a login closed for ever
        fresh = not timedelta(0) <= uow.now - row.since <= WINDOW
        failures = 1 if fresh else row.failures + 1
        uow.execute(
            update(_throttle)
            .where(_throttle.c.id == row.id)
            .values(
                failures=failures,
                since=uow.now if fresh else row.since,
                locked_until=uow.now + PAUSE if failures >= limit else None,
            )
        )
    record_refusal(uow, "sign_in", network=network)


def record_refusal(uow: UnitOfWork, kind: str, *, account: str = "", network: str = "", subject: str = "") -> bool:
    """Count a refused attempt of today; returns whether it is the first of its kind.

    No secrets and no flood of rows: who tries more than a hundred subjects a day has the rest counted together.
    """
    ledger.lock(uow, ledger.INSTALLATION)  # two processes must not both insert the first one, nor cross over rows
    of_today = {"day": uow.now.date(), "kind": kind, "account": account, "network": network}
    if _count_again(uow, of_today | {"subject": subject}):
        return False
    tried = uow.execute(select(func.count()).select_from(_event).filter_by(**of_today)).scalar_one()
    place = of_today | {"subject": subject if tried < MOST_SUBJECTS else OTHER_SUBJECTS}
    if tried >= MOST_SUBJECTS and _count_again(uow, place):
        return False
    uow.execute(insert(_event).values(**place, count=1, first_at=uow.now, last_at=uow.now))
    return True


def _count_again(uow: UnitOfWork, place: Mapping[str, object]) -> bool:
    where = [_event.c[name] == value for name, value in place.items()]
    counted = update(_event).where(*where).values(count=_event.c.count + 1, last_at=uow.now)
    return uow.execute(counted).rowcount > 0


def sign_in(uow: UnitOfWork, request: SignIn) -> Hat:
    """Open a session for a person whose password fitted; returns the hat worn first.

    Raises SignInRefused when the account was blocked meanwhile or has no role today.
    """
    found = queries.credentials(uow.connection, request.login)
    if found is None or found.blocked:
        raise SignInRefused
    worn = queries.hats(uow.connection, found.account_id, uow.now)
    if not worn:
        raise SignInRefused
    chain = ledger.lock(uow, ledger.INSTALLATION)
    changes: dict[str, object] = {"last_login_at": uow.now}
    if request.new_hash is not None:
        changes["password_hash"] = request.new_hash
    uow.execute(update(_account).where(_account.c.id == found.account_id).values(**changes))
    uow.execute(
        update(_throttle)
        .where(_throttle.c.key == throttle_keys(request.login, request.network)[0])
        .values(failures=0, locked_until=None)
    )
    _end_the_oldest(uow, found.account_id)
    session_uid = _open_session(uow, found.account_id, worn[0], request)
    author = Author(found.account_uid, worn[0].key, session_uid, request.network, "web")
    ledger.append(uow, chain, author, "signed_in", [])
    return worn[0]


def _open_session(uow: UnitOfWork, account_id: int, hat: Hat, request: SignIn) -> str:
    idle = (IDLE_FAMILY if hat.is_family else IDLE_STAFF) if request.personal_device else IDLE_SHARED
    uid = uow.make_uid()
    uow.execute(
        insert(_session).values(
            uid=uid,
            token_hash=request.token_hash,
            account_id=account_id,
            hat=hat.key,
            network=request.network,
            personal_device=request.personal_device,
            idle_seconds=int(idle.total_seconds()),
            created_at=uow.now,
            last_seen_at=uow.now,
        )
    )
    return uid


def touch_session(uow: UnitOfWork, session_uid: str) -> None:
    """The session was used: its idle time begins anew."""
    uow.execute(
        update(_session)
        .where(_session.c.uid == session_uid, _session.c.ended_at.is_(None))
        .values(last_seen_at=uow.now)
    )


def sign_out(uow: UnitOfWork, actor: Actor) -> None:
    """End the actor's own session."""
    chain = ledger.lock(uow, ledger.INSTALLATION)
    end_sessions(uow, (_session.c.uid == actor.session_uid))
    ledger.append(uow, chain, actor.author, "signed_out", [])


def sign_out_elsewhere(uow: UnitOfWork, actor: Actor) -> int:
    """End every other session of the account; returns how many there were. Raises NotYours when the own one ended."""
    chain = ledger.lock(uow, ledger.INSTALLATION)
    _own_device(uow, actor)
    ended = end_sessions(uow, (_session.c.account_id == actor.account_id) & (_session.c.uid != actor.session_uid))
    ledger.append(uow, chain, actor.author, "signed_out_elsewhere", [])
    return len(ended)


def wear(uow: UnitOfWork, actor: Actor, hat_key: str, token_hash: str) -> Hat:
    """Change the hat: the old session ends, a new one with a new token begins (D-1, S-25).

    Raises NotYours when the account has no such hat today, or the session has ended.
    """
    hat = next(
        (one for one in queries.hats(uow.connection, actor.account_id or 0, uow.now) if one.key == hat_key), None
    )
    if hat is None:
        raise NotYours
    chain = ledger.lock(uow, ledger.INSTALLATION)
    personal = _own_device(uow, actor)
    end_sessions(uow, _session.c.uid == actor.session_uid)
    request = SignIn("", actor.network, token_hash, personal)
    _open_session(uow, actor.account_id or 0, hat, request)
    ledger.append(
        uow, chain, actor.author, "hat_changed", [Item("hat", hat.key, {"hat": actor.hat.key}, {"hat": hat.key})]
    )
    return hat


def change_password(uow: UnitOfWork, actor: Actor, new_hash: str, token_hash: str) -> None:
    """Store a chosen password; every session of the account ends and one new one begins (S-25).

    The present password and the quality of the new one were checked before, in a thread. Raises NotYours when the
    session has ended meanwhile.
    """
    chain = ledger.lock(uow, ledger.INSTALLATION)
    personal = _own_device(uow, actor)
    uow.execute(
        update(_account).where(_account.c.id == actor.account_id).values(password_hash=new_hash, code_hash=None)
    )
    end_sessions(uow, _session.c.account_id == actor.account_id)
    _open_session(uow, actor.account_id or 0, actor.hat, SignIn("", actor.network, token_hash, personal))
    ledger.append(uow, chain, actor.author, "password_changed", [Item("account", actor.account_uid, None, None)])


def _own_device(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether the actor's session is on an own device. Raises NotYours when it has ended.

    An actor may be three seconds old: a session that ended elsewhere must not beget another one (S-25).
    """
    where = (_session.c.uid == actor.session_uid) & _session.c.ended_at.is_(None)
    personal = uow.execute(select(_session.c.personal_device).where(where)).scalar_one_or_none()
    if personal is None:
        raise NotYours
    return personal


def check_present(found: queries.Credentials, given: str, cost: int = passwords.COST) -> bool:
    """Whether `given` is the present password or code. Slow on purpose: call it in a thread.

    Exactly one bcrypt check is made whatever is stored, so that the time tells nothing.
    """
    slow = passwords.fits(given, found.password_hash or passwords.decoy(cost))
    if found.password_hash is not None and slow:
        return True
    return found.code_hash is not None and passwords.code_fits(given, found.code_hash)


def check_new_password(actor: Actor, login: str, new: str, repeated: str) -> None:
    """Raises PasswordRefused with the reason."""
    if new != repeated:
        raise PasswordRefused(_("The two new passwords differ."), "repeated")
    passwords.check_chosen(new, login, staff=not actor.hat.is_family)


def _end_the_oldest(uow: UnitOfWork, account_id: int) -> None:
    """Make room for one more session of an account: each has its own share of sockets and events (S-50)."""
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
    """Keep what an account has chosen for itself. No right hangs on it, so it leaves no trace in the ledger."""
    uow.execute(select(_account.c.id).where(_account.c.id == actor.account_id).with_for_update())
    for name, value in values.items():
        where = (_preference.c.account_id == actor.account_id) & (_preference.c.name == name)
        if not uow.execute(update(_preference).where(where).values(value=value)).rowcount:
            uow.execute(insert(_preference).values(account_id=actor.account_id, name=name, value=value))
