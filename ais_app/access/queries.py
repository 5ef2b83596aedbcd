"""Reads of accounts, sessions and hats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.sql.elements import ColumnElement

from ais_app.access import labels
from ais_app.access.logins import normalised_login
from ais_app.access.models import Account, LoginSession, Preference, RoleAssignment
from ais_app.access.user_agents import Client
from ais_app.clock import is_zone, local_date
from ais_app.db.columns import pairs, table
from ais_app.db.prepared import Prepared
from ais_app.people.models import Person, School
from ais_app.people.names import Name
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Assignment, Author, Hat, Role, hats_of, operator, server
from ais_app.settings import settings
from ais_app.web.appearance.appearance import Appearance, appearance_of

ZONE = "zone"  # the name of a preference
LONGEST_DELAY = timedelta(minutes=15)
SKEW = timedelta(
    minutes=5
)  # how far the clocks of two processes may differ; what is further ahead was before a set-back

_account = table(Account)
_assignment = table(RoleAssignment)
_session = table(LoginSession)
_preference = table(Preference)
_school = table(School)
_person = table(Person)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to check a sign-in."""

    account_id: int
    account_uid: str
    password_hash: str | None
    code_hash: str | None
    blocked: bool


@dataclass(frozen=True, slots=True)
class LiveSession:
    actor: Actor
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One open session of an account, for the person who owns it."""

    uid: str
    created_at: datetime
    last_seen_at: datetime
    client: Client
    network: str
    hat: str
    personal_device: bool


def credentials(connection: Connection, login: str) -> Credentials | None:
    return _credentials(connection, _account.c.login == normalised_login(login))


def credentials_of(reading: Reading) -> Credentials | None:
    """The credentials of the actor's own account."""
    return _credentials(reading.connection, _account.c.id == reading.actor.account_id)


def _credentials(connection: Connection, where: ColumnElement[bool]) -> Credentials | None:
    row = connection.execute(select(_account).where(where)).one_or_none()
    if row is None:
        return None
    return Credentials(row.id, row.uid, row.password_hash, row.code_hash, row.blocked_at is not None)


def is_pause(locked_until: datetime | None, now: datetime) -> bool:
    """Whether a delay holds. One that ends later than any can was written before the clock was set back: it is over."""
    return locked_until is not None and now < locked_until <= now + LONGEST_DELAY + SKEW


def is_recent(since: datetime, now: datetime, window: timedelta) -> bool:
    """Whether `since` is within the window before `now`, or a little ahead: another process's clock may be."""
    return -SKEW <= now - since <= window


_HATS = Prepared(
    select(
        _assignment.c.role,
        _assignment.c.valid_from,
        _assignment.c.valid_to,
        _assignment.c.school_id,
        _assignment.c.person_id,
        _school.c.uid.label("school_uid"),
        _school.c.zone,
        _person.c.uid.label("person_uid"),
    )
    .outerjoin(_school, _school.c.id == _assignment.c.school_id)
    .outerjoin(_person, _person.c.id == _assignment.c.person_id)
    .where(_assignment.c.account_id == bindparam("account"))
    .order_by(_assignment.c.id)
)


def hats(connection: Connection, account_id: int, now: datetime) -> list[Hat]:
    """The hats an account may wear at this moment, each role dated by the day in its school's zone.

    A role without a school has the zone that the account has chosen, else the installation's.
    """
    assignments: list[Assignment] = []
    for row in _HATS.all(connection, {"account": account_id}):
        zone = row.zone or zone_of_account(connection, account_id)
        today = local_date(now, zone)
        if row.valid_from <= today and (row.valid_to is None or row.valid_to > today):
            assignments.append(
                Assignment(
                    Role(row.role),
                    row.school_id,
                    row.school_uid or "",
                    row.person_id,
                    row.person_uid or "",
                    zone,
                )
            )
    return hats_of(assignments)


def zone_of_account(connection: Connection, account_id: int) -> str:
    """The zone of an account's roles without a school: what it has chosen, else `AIS_TIMEZONE`."""
    where = (_preference.c.account_id == account_id) & (_preference.c.name == ZONE)
    chosen = connection.execute(select(_preference.c.value).where(where)).scalar_one_or_none()
    return chosen if chosen and is_zone(chosen) else settings().timezone


@dataclass(frozen=True, slots=True)
class SessionKey:
    """The column by which a session is looked up, the hash of its token or its uid, and the value."""

    column: Literal["token_hash", "uid"]
    value: str


def by_token(token_hash: str) -> SessionKey:
    return SessionKey("token_hash", token_hash)


def by_uid(session_uid: str) -> SessionKey:
    return SessionKey("uid", session_uid)


_LIVE = {
    column: Prepared(
        select(
            _session.c.uid,
            _session.c.hat,
            _session.c.network,
            _session.c.idle_seconds,
            _session.c.absolute_seconds,
            _session.c.created_at,
            _session.c.last_seen_at,
            _account.c.id.label("account_id"),
            _account.c.uid.label("account_uid"),
            _account.c.code_hash,
            _account.c.blocked_at,
        )
        .join(_account, _account.c.id == _session.c.account_id)
        .where(_session.c[column] == bindparam("value"), _session.c.ended_at.is_(None))
    )
    for column in ("token_hash", "uid")
}


def is_within_limits(session: Any, now: datetime) -> bool:
    """Whether a row of `login_session` is neither idle for too long nor older than it may become (D-19)."""
    idle, age = now - session.last_seen_at, now - session.created_at
    return idle <= timedelta(seconds=session.idle_seconds) and age < timedelta(seconds=session.absolute_seconds)


def live_session(connection: Connection, key: SessionKey, now: datetime) -> LiveSession | None:
    """The session of `key`; None when it has ended, is beyond its limits, is blocked or has lost its hat."""
    row = _LIVE[key.column].first(connection, {"value": key.value})
    if row is None or row.blocked_at is not None:
        return None
    if not is_within_limits(row, now):
        return None
    hat = next((one for one in hats(connection, row.account_id, now) if one.key == row.hat), None)
    if hat is None:
        return None
    actor = Actor(
        account_id=row.account_id,
        account_uid=row.account_uid,
        session_uid=row.uid,
        hat=hat,
        network=row.network,
        origin="web",
        must_change_password=row.code_hash is not None,
    )
    return LiveSession(actor, row.last_seen_at)


def open_sessions(reading: Reading) -> list[OpenSession]:
    """The actor's own open sessions, newest first."""
    rows = reading.execute(
        select(_session)
        .where(_session.c.account_id == reading.actor.account_id, _session.c.ended_at.is_(None))
        .order_by(_session.c.last_seen_at.desc())
    ).all()
    return [
        OpenSession(
            row.uid,
            row.created_at,
            row.last_seen_at,
            Client(row.device, row.browser),
            row.network,
            row.hat,
            personal_device=row.personal_device,
        )
        for row in rows
        if is_within_limits(row, reading.now)
    ]


def is_own_device(reading: Reading) -> bool:
    """Whether the actor said at sign-in that this is his own device: only there may a browser keep anything."""
    own = select(_session.c.personal_device).where(_session.c.uid == reading.actor.session_uid)
    return bool(reading.execute(own).scalar_one_or_none())


def actor_of_login(connection: Connection, login: str, role: Role, now: datetime) -> Actor:
    """The actor that `login` would be in the hat with `role`: for writers that work for a named person.

    The demonstration school uses it, so that its records carry the same authors as real ones. Raises LookupError where
    there is no such account, StopIteration where it has no such role.
    """
    account = credentials(connection, login)
    if account is None:
        raise LookupError(login)
    hat = next(one for one in hats(connection, account.account_id, now) if role in one.roles)
    return Actor(account.account_id, account.account_uid, "", hat, network="", origin="cli")


def actor_of_author(connection: Connection, author: Author, now: datetime) -> Actor:
    """Whoever asked for something earlier, with the rights that his account and hat have at this moment.

    For jobs: what they write is his, and is refused when his role has ended meanwhile. Raises NotYours.
    """
    if not author.session and author.account in ("operator", "server"):
        return operator() if author.account == "operator" else server()
    account = connection.execute(
        select(_account.c.id).where(_account.c.uid == author.account, _account.c.blocked_at.is_(None))
    ).scalar()
    hat = next((one for one in hats(connection, account, now) if one.key == author.hat), None) if account else None
    if account is None or hat is None:
        raise NotYours
    return Actor(account, author.account, author.session, hat, author.network, author.origin)


def login_of(reading: Reading) -> str:
    return reading.execute(select(_account.c.login).where(_account.c.id == reading.actor.account_id)).scalar_one()


def preferences(reading: Reading) -> dict[str, str]:
    """What the actor's account has chosen for itself: {name: value}."""
    return pairs(
        reading.execute(
            select(_preference.c.name, _preference.c.value).where(_preference.c.account_id == reading.actor.account_id)
        )
    )


def appearance(reading: Reading) -> Appearance:
    """How the actor's account wants the pages to look."""
    return appearance_of(preferences(reading))


def shown_person(reading: Reading) -> labels.ShownPerson:
    """The actor as the top bar of a page shows him."""
    row = reading.execute(select(_person).where(_person.c.id == reading.hat.person_id)).one_or_none()
    return labels.shown_person(None if row is None else Name.of(row), reading.hat.roles)
