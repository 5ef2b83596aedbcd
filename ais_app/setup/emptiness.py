"""Whether there is a school already: the demonstration is written into an empty database only."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.ledger import service as ledger
from ais_app.people.models import School

_school = table(School)


class DatabaseNotEmpty(Exception):  # noqa: N818 - reads as the answer it is
    """There is a school already."""


def has_school(connection: Connection) -> bool:
    return connection.execute(select(func.count()).select_from(_school)).scalar_one() > 0


def must_be_empty(uow: UnitOfWork) -> None:
    """Raise DatabaseNotEmpty when there is a school; in the unit that adds one, so that two commands cannot both."""
    ledger.lock(uow, ledger.INSTALLATION)
    if has_school(uow.connection):
        raise DatabaseNotEmpty
