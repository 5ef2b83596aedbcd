"""Tables of accounts, roles, sessions and refusals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from ais_app.db.columns import PublicRow, Row, moment


class Account(PublicRow, table=True):
    """A login. Either a chosen password (bcrypt) or a one-time code from a slip (SHA-256 of 80+ random bits)."""

    __tablename__ = "account"

    login: str = Field(max_length=64, unique=True)
    password_hash: str | None = Field(default=None, max_length=80)
    code_hash: str | None = Field(default=None, max_length=64)
    blocked_at: datetime | None = moment(default=None, nullable=True)
    created_at: datetime = moment()
    last_login_at: datetime | None = moment(default=None, nullable=True)


class RoleAssignment(PublicRow, table=True):
    """A role of an account: in a school (or the installation), as a person, in [valid_from, valid_to)."""

    __tablename__ = "role_assignment"

    account_id: int = Field(foreign_key="account.id", index=True)
    role: str = Field(max_length=16)
    school_id: int | None = Field(default=None, foreign_key="school.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    valid_from: date
    valid_to: date | None = None


class LoginSession(PublicRow, table=True):
    """A signed-in browser: the cookie's token as SHA-256, the hat worn, and when it was last seen.

    `created_at` is when the password was given: a session of another hat keeps it. `device` and `browser` are
    codes of `user_agents`, so that the owner can tell his sessions apart.
    """

    __tablename__ = "login_session"

    token_hash: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    hat: str = Field(max_length=96)
    network: str = Field(max_length=64)
    device: str = Field(default="", max_length=16)
    browser: str = Field(default="", max_length=16)
    personal_device: bool = False
    idle_seconds: int
    absolute_seconds: int
    created_at: datetime = moment()
    last_seen_at: datetime = moment()
    ended_at: datetime | None = moment(default=None, nullable=True)


class Preference(Row, table=True):
    """What an account has chosen for itself: colours, size, the cursor after an entry. No right depends on it."""

    __tablename__ = "preference"
    __table_args__ = (Index("ux_preference_name", "account_id", "name", unique=True),)

    account_id: int = Field(foreign_key="account.id")
    name: str = Field(max_length=32)
    value: str = Field(max_length=64)


class LoginThrottle(Row, table=True):
    """Attempts at secrets that failed or have not ended, by login, device or network, and until when who waits."""

    __tablename__ = "login_throttle"

    key: str = Field(max_length=96, unique=True)
    failures: int = 0
    since: datetime = moment()
    locked_until: datetime | None = moment(default=None, nullable=True)


class SecurityEvent(Row, table=True):
    """Refused attempts, counted by day, account, kind and network: evidence without a flood of rows."""

    __tablename__ = "security_event"
    __table_args__ = (Index("ux_security_event_bucket", "day", "kind", "account", "network", "subject", unique=True),)

    day: date
    kind: str = Field(max_length=32)
    account: str = Field(default="", max_length=32)
    network: str = Field(default="", max_length=64)
    subject: str = Field(default="", max_length=64)
    count: int = 0
    first_at: datetime = moment()
    last_at: datetime = moment()
