"""Entering marks: the grid's event and the request of a page that is being left, by one service and one answer."""

from __future__ import annotations

from typing import Any

from ais_app.access.handling import count_refusal
from ais_app.journal.errors import CellsRefused
from ais_app.journal.grid import views, wire
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Actor
from ais_app.services import services


async def enter(tab: str, actor: Actor, operation: MarksOperation) -> dict[str, Any]:
    """Write one operation; returns the patch that answers it, whatever becomes of it.

    `tab` gets that answer itself, so the hub brings it no second one; empty when no tab waits.
    """
    services().hub.answered(operation.uid, tab)
    try:
        return await services().database.awrite(
            lambda uow: views.saved(uow.connection, enter_marks(uow, actor, operation)),
            shard=actor.hat.school_uid,
        )
    except CellsRefused as refused:
        if any(cell.code == "denied" for cell in refused.cells):
            await count_refusal(actor, "cell", operation.course)
        return wire.refusal(operation.course, 0, operation.uid, refused)
    except Refused as refusal:
        await count_refusal(actor, "course", operation.course)
        return wire.patch(operation.course, 0, operation=operation.uid, error=str(refusal))
