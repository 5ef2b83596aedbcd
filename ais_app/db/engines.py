"""Engines and pragmas: SQLite embedded, PostgreSQL by address, the same code above both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from ais_app import private_files

LOCK_SECONDS = 5  # how long a writer waits for a lock of another process, before it says so

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={LOCK_SECONDS * 1000}",
)
# In KB, of each connection. There are many readers, and what they miss the system's own cache still has.
WRITER_CACHE, READER_CACHE = 32768, 4096


def address(url: str) -> URL:
    """Parse a database address; `postgresql://` means the psycopg 3 driver here."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def writing_engine(url: URL) -> Engine:
    """The engine of the writer: every transaction begins by taking the write lock."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, begin="BEGIN IMMEDIATE", read_only=False)
    return create_engine(
        url,
        pool_size=8,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": f"-c lock_timeout={LOCK_SECONDS * 1000}"},
    )


def reading_engine(url: URL) -> Engine:
    """The engine of the readers: a transaction sees one state of the data and cannot write."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, begin="BEGIN", read_only=True)
    return create_engine(
        url,
        pool_size=16,
        pool_pre_ping=True,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )


def _sqlite_engine(url: URL, begin: str, *, read_only: bool) -> Engine:
    if url.database and url.database != ":memory:":
        private_files.close_database(Path(url.database))  # -wal and -shm get the mode of the database from SQLite
    # isolation_level=None hands transactions to us: with the driver's default a row written in a released
    # savepoint survives the rollback of the outer transaction, and group commit would not be atomic (D-15).
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": LOCK_SECONDS},
        pool_size=16,
        hide_parameters=True,  # errors reach the log: values do not
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute(f"PRAGMA cache_size=-{READER_CACHE if read_only else WRITER_CACHE}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if read_only:
            connection.connection.dbapi_connection.execute(begin)  # past SQLAlchemy: it runs before every read
        else:
            connection.exec_driver_sql(begin)

    return engine
