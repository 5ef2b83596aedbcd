"""Undoing an operation from the page of operations: what would happen, in words, and doing it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ais_app.db import Database, UnitOfWork
from ais_app.history.payloads import UndoForm
from ais_app.i18n import ngettext
from ais_app.ledger.undoing import TooLarge
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor
from ais_app.undoing import UNDOING


@dataclass(frozen=True, slots=True)
class UndoView:
    """Whether the reader may undo an operation: `offered` with what it would do in `text`, or `text` says why not.

    Empty for an operation that is not his to undo.
    """

    offered: bool = False
    text: str = ""


def offered(reading: Reading, uid: str) -> UndoView:
    """What undoing an operation would do."""
    try:
        preview = UNDOING.preview(reading, uid)
    except NotYours:
        return UndoView()
    if preview.refusal is not None:
        return UndoView(text=str(preview.refusal))
    count = len(preview.changes)
    text = ngettext("{count} row becomes again what it was.", "{count} rows become again what they were.", count)
    return UndoView(offered=True, text=text)


async def undo(database: Database, actor: Actor, form: UndoForm) -> str:
    """Undo an operation, in pieces where it is large; returns the uid by which that is undone itself.

    Raises what `ledger.undoing.Undoing` raises.
    """

    def at_once(uow: UnitOfWork) -> str:
        return UNDOING.undo(uow, actor, form.operation, form.reason, form.confirmed)

    try:
        return await database.awrite(at_once, shard=actor.hat.school_uid)
    except TooLarge:
        return await asyncio.to_thread(UNDOING.undo_in_pieces, database, actor, form.operation, form.reason)
