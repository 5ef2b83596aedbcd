"""The declared commands of `ais export …`, which the running server carries out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Connection

from ais_app.access.payload import Payload
from ais_app.db import UnitOfWork
from ais_app.exchange.recording import record_export
from ais_app.rights.rules import operator
from ais_app.server_commands.declared import Reading, Writing


class ExportRecord(Payload):
    school: Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]
    rows: dict[str, int]


def _record_export(uow: UnitOfWork, asked: ExportRecord) -> dict[str, Any]:
    record_export(uow, operator(), asked.school, asked.rows)
    return {}


RECORD_EXPORT = Writing("export.record", ExportRecord, _record_export)

Uid = Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]
Number = Annotated[int, Field(ge=0)]


class ImportBegun(Payload):
    """A plan that is on the disk (`exchange/writing/plan.py: Plan`)."""

    run: Uid
    folder: str
    subjects: list[str]
    steps: Number
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ImportRunAsked(Payload):
    run: Uid


class ImportPiece(Payload):
    """`parts`: how much of the plan in `folder` is written at once."""

    run: Uid
    folder: str
    parts: Annotated[int, Field(ge=1, le=500)]


# What writes is imported when it is asked for: a server that nobody asks does not load it.
def _begin(uow: UnitOfWork, asked: ImportBegun) -> dict[str, Any]:
    from ais_app.exchange.writing import plan, runs

    path = plan.path_of(Path(asked.folder), asked.run)
    runs.begin(uow, operator(), plan.Plan(asked.run, path, tuple(asked.subjects), asked.steps, asked.digest))
    return {}


def _write_piece(uow: UnitOfWork, asked: ImportPiece) -> dict[str, Any]:
    from ais_app.exchange.writing import runs

    written = runs.write_piece(uow, operator(), asked.run, asked.parts, Path(asked.folder))
    return {"done": written.done, "steps": written.steps}


def _forget(uow: UnitOfWork, asked: ImportRunAsked) -> dict[str, Any]:
    from ais_app.exchange.writing import runs

    return {"forgotten": runs.forget(uow, asked.run)}


def _may_be_taken_back(connection: Connection, asked: ImportRunAsked, now: datetime) -> dict[str, Any]:
    from ais_app.exchange.writing import runs

    return {"rows": runs.rows_to_take_back(connection, operator(), asked.run, now)}


def _take_piece_back(uow: UnitOfWork, asked: ImportPiece) -> dict[str, Any]:
    from ais_app.exchange.writing import runs

    return {"rows": runs.take_piece_back(uow, operator(), asked.run, asked.parts)}


IMPORT_BEGIN = Writing("import.begin", ImportBegun, _begin)
IMPORT_PIECE = Writing("import.piece", ImportPiece, _write_piece, bulk=True)
IMPORT_FORGET = Writing("import.forget", ImportRunAsked, _forget)
IMPORT_MAY_GO = Reading("import.may_go", ImportRunAsked, _may_be_taken_back)
IMPORT_PIECE_BACK = Writing("import.piece_back", ImportPiece, _take_piece_back, bulk=True)

REQUESTS = (RECORD_EXPORT, IMPORT_BEGIN, IMPORT_PIECE, IMPORT_FORGET, IMPORT_MAY_GO, IMPORT_PIECE_BACK)
