"""Commands as data: name, payload, whether it writes, and its function, run by the server or by the command itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from ais_app import __version__, log_ids
from ais_app.access.payload import Payload, parse
from ais_app.db import Database, UnitOfWork
from ais_app.db.bulk import BulkFailed, pieces
from ais_app.db.columns import new_uid
from ais_app.i18n import _
from ais_app.rights.errors import Refused

log = structlog.get_logger("commands")


@dataclass(frozen=True, slots=True)
class Reading:
    """A command that only reads: `run(connection, payload, now)` returns values for JSON."""

    name: str
    payload: type[Payload]
    run: Callable[[Connection, Any, datetime], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Writing:
    """A command that changes something, as one unit of work: `run(unit of work, payload)` returns values for JSON.

    `bulk`: it is a piece of something long, and waits for everything interactive.
    """

    name: str
    payload: type[Payload]
    run: Callable[[UnitOfWork, Any], dict[str, Any]]
    bulk: bool = False


Command = Reading | Writing


def carry_out(database: Database, command: Command, payload: dict[str, Any]) -> dict[str, Any]:
    """Run the command in this process. Raises Refused, and ValidationError for a wrong payload."""
    asked = parse(command.payload, payload)
    if isinstance(command, Reading):
        return database.read(command.run, asked, database.clock.now())
    if not command.bulk:
        return database.write(lambda uow: command.run(uow, asked))
    try:
        return database.write_bulk(pieces([lambda uow: command.run(uow, asked)]))[0]
    except BulkFailed as failure:
        raise failure.__cause__ or failure from None


async def answer(database: Database, commands: Mapping[str, Command], request: dict[str, Any]) -> dict[str, Any]:
    """The server's answer to a request: `{"result": …}` or `{"refused": sentence}`. Raises nothing."""
    with log_ids.bound(request=new_uid()):
        return await _answer(database, commands, request)


async def _answer(database: Database, commands: Mapping[str, Command], request: dict[str, Any]) -> dict[str, Any]:
    command = commands.get(str(request.get("command")))
    if request.get("version") != __version__:
        text = _("The running server is version {version}: give this command with the program of that version.")
        return {"refused": text.format(version=__version__)}
    if command is None:
        return {"refused": _("The running server knows no such command.")}
    try:
        return {"result": await _carried_out(database, command, request.get("payload"))}
    except Refused as refusal:
        return {"refused": str(refusal)}
    except ValidationError as error:
        return {"refused": unreadable(error)}
    except OperationalError as error:
        return {"refused": _("The database cannot be used: {error}").format(error=error.orig)}
    except Exception:
        code = new_uid()
        log.exception("command_failed", command=command.name, error_id=code)
        return {"refused": _("The command failed; the log has the details under the code {code}.").format(code=code)}


async def _carried_out(database: Database, command: Command, payload: Any) -> dict[str, Any]:
    asked = parse(command.payload, payload)
    if isinstance(command, Reading):
        return await database.aread(command.run, asked, database.clock.now())
    if not command.bulk:
        return await database.awrite(lambda uow: command.run(uow, asked))
    try:
        return (await database.awrite_bulk(pieces([lambda uow: command.run(uow, asked)])))[0]
    except BulkFailed as failure:
        raise failure.__cause__ or failure from None


def unreadable(error: ValidationError) -> str:
    """The sentence that names the fields of a command that cannot be read."""
    fields = ", ".join(sorted({str(one["loc"][0]) for one in error.errors() if one["loc"]}))
    return _("The command cannot be read: {fields}").format(fields=fields or "?")
