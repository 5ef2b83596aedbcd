"""What is over goes: rows in the writer, then, in the child, the contents that no row names any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, delete, func, select

from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import table
from ais_app.files import queries
from ais_app.files.models import StoredFile
from ais_app.files.store import FileStore
from ais_app.jobs.declared import JobRun
from ais_app.jobs.working import Run
from ais_app.settings import settings

log = structlog.get_logger("files")
_file = table(StoredFile)
ROWS, CONTENTS = 100, 50  # of one part; looked at under one lock
NEXT = "next"


def work(run: Run) -> dict[str, Any]:
    """Remove the rows whose term is over, then what lies in the store without one."""
    moment = run.job.asked_at
    rows = run.database.read(_over_count, moment)
    run.write([NEXT] * (run.written + -(-rows // ROWS)))
    removed = sweep(FileStore(settings().files), run.database)
    return {"rows": rows, "contents": removed}


def write(uow: UnitOfWork, job: JobRun, parts: Sequence[str]) -> None:
    """Remove the next rows whose term is over: each part the same, so that it does not matter which came before."""
    for _part in parts:
        some = select(_file.c.id).where(_over(job.asked_at)).order_by(_file.c.id).limit(ROWS)
        gone = uow.execute(select(_file.c.uid, _file.c.purpose, _file.c.school).where(_file.c.id.in_(some))).all()
        uow.execute(delete(_file).where(_file.c.uid.in_([row.uid for row in gone])))
        for row in gone:
            log.info("file_expired", file=row.uid, purpose=row.purpose, school=row.school)


def sweep(store: FileStore, database: Database) -> int:
    """Remove contents that no row names, and what never came in whole; returns how many contents."""
    removed, found = 0, store.contents()
    while some := list(islice(found, CONTENTS)):
        with store.alone():
            for one in sorted(set(some) - database.read(queries.wanted, some)):
                store.path(one).unlink(missing_ok=True)
                log.info("content_removed", sha256=one)
                removed += 1
    for path in store.forgotten():
        path.unlink(missing_ok=True)
    return removed


def _over(moment: datetime) -> ColumnElement[bool]:
    return _file.c.kept_until <= moment


def _over_count(connection: Connection, moment: datetime) -> int:
    return connection.execute(select(func.count()).where(_over(moment))).scalar_one()
