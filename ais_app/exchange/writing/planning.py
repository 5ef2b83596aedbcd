"""Working an import out: it runs through the usual services on a copy, and what they did there becomes the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from ais_app.access.kinds import LOGINS_CHANGED
from ais_app.access.models import Account
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import new_uid, table
from ais_app.exchange.kinds import SET_IMPORTED
from ais_app.exchange.models import ImportedId
from ais_app.exchange.writing import plan
from ais_app.exchange.writing.plan import IdChange, Plan, Step
from ais_app.exchange.writing.scratch import scratch
from ais_app.journal.events import CourseChanged, DiaryChanged
from ais_app.ledger import standing
from ais_app.ledger.models import Operation
from ais_app.ledger.service import INSTALLATION

_imported, _account, _operation = table(ImportedId), table(Account), table(Operation)
_Ids = dict[tuple[str, str, str], str]


def work_out(database: Database, run: Callable[[UnitOfWork], Sequence[str]], *, keep: bool, uid: str = "") -> Plan:
    """Run an import on a copy; returns the plan of what it did. `run` returns what it is about (`ImportRun.subjects`).

    Raises what `run` raises, and OSError. `keep` False = only try it: the plan has no steps and no file. `uid`: that of
    the run; "" = a new one.
    """
    folder, uid = plan.folder_of(database.url), uid or new_uid()
    with scratch(database, folder) as connection:
        before = _ids(connection)
        uow = UnitOfWork(connection, database.clock)
        subjects = run(uow)
        steps = _steps(connection, before, uow.announced) if keep else ()
        return plan.write(folder, uid, subjects, steps)


def _steps(connection: Connection, before: _Ids, announced: Sequence[Any]) -> Iterator[Step]:
    yield from _rows(connection)
    after = _ids(connection)
    changed = [
        IdChange(*key, before.get(key), after.get(key))
        for key in (before | after)
        if before.get(key) != after.get(key)
    ]  # fmt: skip
    yield from (Step(INSTALLATION, SET_IMPORTED.name, ids=some) for some in plan.portions(changed))
    yield from _told(announced)


def _rows(connection: Connection) -> Iterator[Step]:
    """What the operations of the import did to rows, in its order."""
    secrets = dict(_secrets(connection))
    uids = connection.execute(select(_operation.c.uid).order_by(_operation.c.id)).scalars().all()
    done = standing.operations(connection, uids)
    for uid in uids:
        chain, kind = done[uid].chain_id, done[uid].kind
        for number, item in enumerate(reversed(standing.items(connection, done[uid]))):
            secret = secrets.get(item.subject, "") if item.entity == _account.name and item.before is None else ""
            joined = kind == LOGINS_CHANGED.name and number > 0  # people may swap their logins
            yield Step(chain, kind, joined, item.entity, item.subject, item.before, item.after, secret)


def _secrets(connection: Connection) -> Iterable[tuple[str, str]]:
    """(uid, hash of the one-time code) of accounts that have one."""
    rows = connection.execute(select(_account.c.uid, _account.c.code_hash).where(_account.c.code_hash.is_not(None)))
    return [(row.uid, row.code_hash) for row in rows]


def _ids(connection: Connection) -> _Ids:
    columns = (_imported.c.source, _imported.c.entity, _imported.c.source_id, _imported.c.uid)
    return {(row.source, row.entity, row.source_id): row.uid for row in connection.execute(select(*columns))}


def _told(announced: Sequence[Any]) -> Iterator[Step]:
    """The courses and diaries whose open pages are to be told when everything is written."""
    courses = dict.fromkeys(one.course for one in announced if isinstance(one, CourseChanged))
    students = dict.fromkeys(one.student for one in announced if isinstance(one, DiaryChanged))
    yield from (Step(courses=some) for some in plan.portions(courses))
    yield from (Step(students=some) for some in plan.portions(students))
