"""A copy of what an import reads, in an SQLite file of its own: there it can be worked out while others write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Table, event, insert, select
from sqlmodel import SQLModel

from ais_app import private_files
from ais_app.db import Database, engines
from ais_app.db.columns import table
from ais_app.exchange.models import ImportedId
from ais_app.ledger.models import LedgerChain
from ais_app.ledger.records import Record
from ais_app.records import RECORDS
from ais_app.tables import TABLES

AT_ONCE = 2_000  # rows that are copied by one statement


@contextmanager
def scratch(database: Database, folder: Path) -> Iterator[Connection]:
    """A connection, in a transaction, to a copy of the record, of the heads of its chains and of ids of other systems.

    It has every table; those of the ledger, of sessions and of everything else that is no record are empty. Nothing of
    it is kept.
    """
    private_files.make_folder(folder)
    with TemporaryDirectory(dir=folder, prefix="scratch-") as place:
        url = engines.address(f"sqlite:///{Path(place) / 'scratch.sqlite3'}")
        engine = engines.writing_engine(url)

        @event.listens_for(engine, "connect")
        def _quick(connection: object, _record: object) -> None:
            for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "foreign_keys=OFF"):
                connection.execute(f"PRAGMA {pragma}")  # pyright: ignore[reportAttributeAccessIssue]

        try:
            with engine.connect() as connection:
                SQLModel.metadata.create_all(connection, [table(one) for one in TABLES])
                database.read(_copy, connection)
                yield connection
        finally:
            engine.dispose()


def copied_tables() -> list[Table]:
    """What is copied, the tables first to which others refer."""
    models = [
        model
        for record in RECORDS.values()
        for model in ((record.model,) if isinstance(record, Record) else record.models)
    ]
    names = {table(model).name for model in (*models, LedgerChain, ImportedId)}
    return [rows for rows in SQLModel.metadata.sorted_tables if rows.name in names]


def _copy(source: Connection, target: Connection) -> None:
    same = source.dialect.name == target.dialect.name
    for rows in copied_tables():
        found = source.execution_options(yield_per=AT_ONCE)
        if same:  # the driver's own values: nothing has to be read or spelled
            read = str(select(rows).compile(dialect=source.dialect))
            write = str(insert(rows).compile(dialect=target.dialect))
            for some in found.exec_driver_sql(read).partitions():
                target.exec_driver_sql(write, list(map(tuple, some)))
        else:
            for some in found.execute(select(rows)).mappings().partitions():
                target.execute(insert(rows), [dict(row) for row in some])
