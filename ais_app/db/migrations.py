"""Bringing a database to the present schema: Alembic, then the ledger's triggers anew (batch mode drops them)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from ais_app.db.database import Database
from ais_app.places import ROOT
from alembic import command

MIGRATING = 0x415349  # any number that nobody else takes in this database
SCRIPTS = ROOT / "alembic"


def configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, after: Callable[[Connection], None], target: str = "head") -> None:
    """Migrate up to `target` and run `after` (the triggers) in the same transaction, one process at a time."""
    with database.connect() as connection, _unwatched(database, connection), connection.begin():
        if not database.is_sqlite:  # SQLite's transaction has begun with the write lock
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # another process may migrate for long
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
        with _checked(database, connection):
            command.upgrade(configuration(connection), target)
            after(connection)


def downgrade(database: Database, target: str) -> None:
    with (
        database.connect() as connection,
        _unwatched(database, connection),
        connection.begin(),
        _checked(database, connection),
    ):
        command.downgrade(configuration(connection), target)


@contextmanager
def _unwatched(database: Database, connection: Connection) -> Iterator[None]:
    """SQLite copies a table in order to change it: it would refuse to drop the old one while rows refer to it.

    References are watched again afterwards, and `_checked` looks at all of them before the commit.
    """
    if not database.is_sqlite:
        yield
        return
    driver: Any = connection.connection.driver_connection  # the pragma means nothing inside a transaction
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _checked(database: Database, connection: Connection) -> Iterator[None]:
    """Every reference is whole after what was migrated inside; a start with nothing to migrate looks at none."""
    before = MigrationContext.configure(connection).get_current_revision()
    yield
    if not database.is_sqlite or MigrationContext.configure(connection).get_current_revision() == before:
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        msg = f"after the migration a row of {broken[0]} refers to no row of {broken[2]}"
        raise RuntimeError(msg)


def pending(connection: Connection) -> bool:
    """Whether the schema is older than the code."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() != head
