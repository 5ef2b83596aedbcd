"""Entering marks: the grid's event and the request of a page that is being left, by one service and one answer."""

from __future__ import annotations

from typing import Any

from ais_app.access.handling import count_refusal
from ais_app.house import house
from ais_app.journal.errors import CellsRefused
from ais_app.journal.grid import views
from ais_app.journal.grid import wire as patch
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Actor


async def enter(tab: str, actor: Actor, operation: MarksOperation) -> dict[str, Any]:
    """Write one operation; returns the patch that answers it, whatever becomes of it.

    `tab` gets that answer itself, so the hub brings it no second one; empty when no tab waits.
    """
    house().hub.answered(operation.uid, tab)
    try:
        return await house().database.awrite(
            lambda uow: views.saved(uow.connection, enter_marks(uow, actor, operation)),
            shard=actor.hat.school_uid,
        )
    except CellsRefused as refused:
        if any(cell.code == "denied" for cell in refused.cells):
            await count_refusal(actor, "cell", operation.course)
        return patch.refusal(operation.course, 0, operation.uid, refused)
    except Refused as refusal:
        await count_refusal(actor, "course", operation.course)
        return patch.patch(operation.course, 0, operation=operation.uid, error=str(refusal))
