"""Opens a mark that was tapped, for every page of the room that shows marks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ais_app.access.page_state import tell_foreign
from ais_app.access.payload import Payload
from ais_app.diary.corrected import OpenedItem, opened
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor
from ais_app.services import services


class OpenMark(Payload):
    """A mark to open; `key`: the uid of the work of its cell."""

    key: Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]


async def open_mark(state: Any, actor: Actor, child: str, asked: OpenMark) -> OpenedItem:
    """The mark of `child` (uid) with its corrections. Empty for a foreign one: the person is told, and the attempt is
    counted.
    """
    try:
        return await services().read(actor, opened, child, asked.key)
    except NotYours as refusal:
        await tell_foreign(state, actor, refusal, "diary", "mark")
        return OpenedItem()
