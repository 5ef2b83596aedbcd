"""The declared commands of `ais export …`, which the running server carries out."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ais_app.access.payload import Payload
from ais_app.db import UnitOfWork
from ais_app.exchange.recording import record_export
from ais_app.rights.rules import operator
from ais_app.server_commands.declared import Writing


class ExportRecord(Payload):
    school: Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]
    rows: dict[str, int]


def _record_export(uow: UnitOfWork, asked: ExportRecord) -> dict[str, Any]:
    record_export(uow, operator(), asked.school, asked.rows)
    return {}


RECORD_EXPORT = Writing("export.record", ExportRecord, _record_export)

REQUESTS = (RECORD_EXPORT,)
