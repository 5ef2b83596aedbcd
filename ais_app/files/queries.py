"""Reading rows of stored files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from ais_app.db.columns import table
from ais_app.files.models import StoredFile
from ais_app.files.purposes import Purpose
from ais_app.files.reach import may_download
from ais_app.rights.reading import Reading

_file = table(StoredFile)


def downloadable(reading: Reading, uid: str, purposes: Mapping[str, Purpose]) -> Any:
    """The row of a file that the actor may download now; None for any other, and when its term is over."""
    row = whole(reading.connection, uid)
    if row is None or row.purpose not in purposes or not may_download(reading.actor, purposes[row.purpose], row):
        return None
    return None if row.kept_until is not None and row.kept_until <= reading.now else row


def whole(connection: Connection, uid: str) -> Any:
    """The row of a file that is in the store, or None."""
    return connection.execute(select(_file).where(_file.c.uid == uid, _file.c.sha256 != "")).first()


def wanted(connection: Connection, contents: Iterable[str]) -> set[str]:
    """Those of the contents that a row names."""
    return set(connection.execute(select(_file.c.sha256).where(_file.c.sha256.in_(list(contents)))).scalars())


def all_whole(connection: Connection) -> list[Any]:
    """(uid, sha256, size) of every file in the store."""
    columns = (_file.c.uid, _file.c.sha256, _file.c.size)
    return list(connection.execute(select(*columns).where(_file.c.sha256 != "").order_by(_file.c.id)))
