"""Writing a school as OneRoster 1.2 CSV: a folder or zip that АИС itself reads back as the same school.

What is not in an export: passwords and codes, sessions and preferences, roles above the school, cells that were
emptied again, the ledger (docs/import.md).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ais_app import private_files
from ais_app.db import Database
from ais_app.exchange.oneroster import files
from ais_app.exchange.oneroster.export_heads import HEADS
from ais_app.exchange.oneroster.export_rows import Cells, rows_of
from ais_app.exchange.oneroster.export_tables import archive
from ais_app.exchange.oneroster.manifest import OWN_SYSTEM
from ais_app.exchange.recording import record_export
from ais_app.formulas import escape
from ais_app.people.queries import school_by_uid
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import operator


@dataclass(frozen=True, slots=True)
class Exported:
    """How many rows of each file were written."""

    rows: Mapping[str, int]


def export_oneroster(
    database: Database, path: Path, school_uid: str, record: Callable[[Mapping[str, int]], None] | None = None
) -> Exported:
    """Write a school to a new folder, or to a new zip when the name ends in `.zip`; only the owner may read it.

    The export is recorded in the school's ledger before anything is written: who, when, how many rows; by `record`
    where another process holds the writer. Raises NotYours (no such school) and FileExistsError.
    """
    if path.exists():
        raise FileExistsError(path)
    tables = database.read(_tables, school_uid)
    counts = {name: len(rows) for name, rows in tables.items()}
    if record is None:
        database.write(lambda uow: record_export(uow, operator(), school_uid, counts))
    else:
        record(counts)
    texts = {name: _csv(name, rows) for name, rows in tables.items()} | {"manifest": _manifest(tables)}
    _write(path, texts)
    return Exported(counts)


def _tables(connection: Connection, school_uid: str) -> dict[str, list[Cells]]:
    school = school_by_uid(connection, school_uid)
    if school is None:
        raise NotYours
    return rows_of(archive(connection, school.id))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return escape(value.isoformat() if isinstance(value, date) else str(value))


def _csv(name: str, rows: Iterable[Cells]) -> bytes:
    declared = next(table for table in files.TABLES if table.name == name)
    own = [column.name for column in declared.columns if column.name.startswith("metadata.ais.")]
    head = [*HEADS[name], *own]
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        if unknown := row.keys() - set(head):
            msg = f"{name} has no columns {sorted(unknown)}: what is exported under them would be lost"
            raise RuntimeError(msg)
        writer.writerow([_text(row.get(column)) for column in head])
    return target.getvalue().encode()


def _manifest(tables: Iterable[str]) -> bytes:
    written = set(tables)
    names = sorted({*HEADS, *files.LEFT_OUT} - {"userFlags"})
    rows = [
        ("propertyName", "value"),
        ("manifest.version", "1.0"),
        ("oneroster.version", "1.2"),
        *((f"file.{name}", "bulk" if name in written else "absent") for name in names),
        ("source.systemName", "АИС"),
        ("source.systemCode", OWN_SYSTEM),
    ]
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\r\n").writerows(rows)
    return target.getvalue().encode()


def _write(path: Path, texts: Mapping[str, bytes]) -> None:
    """Write under another name and rename when all is written. Nobody but the owner may read it."""
    aside = path.with_name(f".{path.name}.part")
    if path.suffix.casefold() == ".zip":
        private_files.make_file(aside)
        with aside.open("wb") as target, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, text in texts.items():
                packed.writestr(f"{name}.csv", text)
    else:
        private_files.make_folder(aside)
        for name, text in texts.items():
            private_files.make_file(aside / f"{name}.csv")
            (aside / f"{name}.csv").write_bytes(text)
    aside.rename(path)
