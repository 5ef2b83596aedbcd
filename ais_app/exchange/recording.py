"""The operation that records an export; apart from `oneroster/exporting.py`, which loads much more."""

from __future__ import annotations

from collections.abc import Mapping

from ais_app.db import UnitOfWork
from ais_app.exchange.kinds import SCHOOL_EXPORTED
from ais_app.people.queries import school_by_uid
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor
from ais_app.school.service.operation import setting_up


def record_export(uow: UnitOfWork, actor: Actor, school_uid: str, rows: Mapping[str, int]) -> None:
    """Record that personal data of a school left it. Raises NotYours."""
    school = school_by_uid(uow.connection, school_uid)
    if school is None:
        raise NotYours
    with setting_up(uow, actor, school, SCHOOL_EXPORTED) as op:
        op.added("export", school_uid, {"format": "OneRoster 1.2 CSV", "rows": dict(rows)})
