"""Bringing a database to the present schema: Alembic, then the ledger's triggers anew (batch mode drops them)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from ais_app.db.database import Database
from ais_app.paths import ROOT
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
    with _changing(database) as connection:
        if not database.is_sqlite:  # SQLite's transaction has begun with the write lock
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # another process may migrate for long
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
        command.upgrade(configuration(connection), target)
        after(connection)


def downgrade(database: Database, target: str) -> None:
    with _changing(database) as connection:
        command.downgrade(configuration(connection), target)


@contextmanager
def _changing(database: Database) -> Generator[Connection]:
    """A transaction in which tables may be made anew.

    SQLite drops no table to which rows refer while it checks references, and the check cannot be turned off within a
    transaction: it is turned off before, and all references are checked once at the end, if the schema was changed.
    Raises ValueError when rows refer to others that are not there.
    """
    with database.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                yield connection
            return
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                before = MigrationContext.configure(connection).get_current_revision()
                yield connection
                if MigrationContext.configure(connection).get_current_revision() != before:
                    _require_references(connection)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _require_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        msg = f"rows refer to others that are not there: {broken[:5]}"
        raise ValueError(msg)


def pending(connection: Connection) -> bool:
    """Whether the schema is older than the code."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() != head
