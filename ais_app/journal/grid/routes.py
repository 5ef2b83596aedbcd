"""What a page that is being left still has to write: its socket is closed by then, a request outlives it (D-49)."""

from __future__ import annotations

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ais_app.access.handling import count_refusal
from ais_app.access.payload import read_json
from ais_app.house import House
from ais_app.journal.grid import wire
from ais_app.journal.grid.editing import enter
from ais_app.journal.grid.payloads import GridEdit
from ais_app.rights.rules import Right

ENTRIES = "/journal/entries"


class JournalRoutes:
    """The routes of a process."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def routes(self) -> list[Route]:
        return [Route(ENTRIES, self.entries, methods=["POST"])]

    async def entries(self, request: Request) -> Response:
        """The operations of a grid under their own uids, as its event brings them: written once, whichever comes first.

        Answers {"patches": […]} with one for each operation. 404 for who may not enter marks, 400 for another shape.
        """
        actor = await self._house.sessions.actor_of_cookie(request.headers.get("cookie"))
        if actor is None or actor.must_change_password or not actor.may(Right.ENTER_MARKS):
            return PlainTextResponse("", 404)
        try:
            edit = read_json(GridEdit, await request.body())
        except ValidationError:
            await count_refusal(actor, "payload", GridEdit.__name__)
            return PlainTextResponse("", 400)
        patches = [await enter("", actor, operation) for operation in edit.operations]
        return JSONResponse(wire.answer(patches))
