"""Base columns and the naming convention that every table shares."""

from __future__ import annotations

import base64
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import BindParameter, DateTime, Dialect, FromClause, String, Table, TypeDecorator, and_, bindparam, or_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

UID_BYTES = 10
UID_LENGTH = 16


def uid_of(raw: bytes) -> str:
    """Spell 80 random bits as 16 lower-case base32 characters: safe in addresses, test ids and CSS."""
    return base64.b32encode(raw).decode().lower()


def new_uid() -> str:
    """A random public identifier (80 bits). Integers never leave the process (D-5)."""
    return uid_of(secrets.token_bytes(UID_BYTES))


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in Python, UTC in the database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a moment without a zone cannot be stored"
            raise ValueError(msg)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment(**options: Any) -> Any:
    """A column that holds a moment in UTC."""
    return Field(sa_type=UtcDateTime, **options)  # pyright: ignore[reportCallIssue, reportArgumentType]


def nfc(text: str) -> str:
    """Text in the normal form C, in which names are kept: «й» is one sign, however it was typed."""
    return unicodedata.normalize("NFC", text)


class Nfc(TypeDecorator[str]):
    """A name: whatever is written or looked for is brought to the normal form C, by whichever statement."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else nfc(value)


def named(length: int, **options: Any) -> Any:
    """A column that holds a name of something or somebody."""
    return Field(max_length=length, sa_type=Nfc(length), **options)  # pyright: ignore[reportCallIssue, reportArgumentType]


class Row(SQLModel):
    """What every table has: an integer key that never leaves the process."""

    if TYPE_CHECKING:
        __tablename__: ClassVar[Any]  # SQLModel declares a function here, and takes the name that every table gives

    id: int | None = Field(default=None, primary_key=True)


class PublicRow(Row):
    """A row that leaves the process: known outside by its random `uid` only."""

    uid: str = Field(default_factory=new_uid, max_length=32, unique=True)


def table(model: type[SQLModel]) -> Table:
    """The Core table of a model: hot paths write statements over it instead of loading objects."""
    rows: Table = getattr(model, "__table__")  # noqa: B009 - SQLModel does not declare it
    return rows


def parameters(rows: Table) -> dict[str, BindParameter[Any]]:
    """A parameter for each column of `rows` but its key, for prepared insertions: {name: parameter}."""
    return {column.name: bindparam(column.name, type_=column.type) for column in rows.columns if column.name != "id"}


def holds_on(rows: FromClause, day: Any) -> ColumnElement[bool]:
    """A dated row, valid in [valid_from, valid_to), holds on `day`: a date, a parameter or another column."""
    return holds_within(rows, day, day)


def holds_within(rows: FromClause, first: Any, last: Any) -> ColumnElement[bool]:
    """A dated row holds on at least one day of [first, last]."""
    return and_(rows.c.valid_from <= last, or_(rows.c.valid_to.is_(None), rows.c.valid_to > first))


def pairs(result: Iterable[Any]) -> dict[Any, Any]:
    """A result of two columns as {first: second}."""
    return dict(map(tuple, result))
