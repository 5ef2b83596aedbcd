"""The operation that records an export; apart from `oneroster/exporting.py`, which loads much more."""

from __future__ import annotations

from collections.abc import Mapping

from ais_app.db import UnitOfWork
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import Item
from ais_app.people.queries import school_by_uid
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor
from ais_app.school.service import may_set_up


def record_export(uow: UnitOfWork, actor: Actor, school_uid: str, rows: Mapping[str, int]) -> None:
    """Record that personal data of a school left it. Raises NotYours."""
    school = school_by_uid(uow.connection, school_uid)
    if school is None or not may_set_up(actor, school):
        raise NotYours
    chain = ledger.lock(uow, ledger.school_chain(school_uid))
    after = {"format": "OneRoster 1.2 CSV", "rows": dict(rows)}
    ledger.append(uow, chain, actor.author, "school_exported", [Item("export", school_uid, None, after)])
