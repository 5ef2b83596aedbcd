"""The journal's requests: the sheet of an open course, which a browser may hold already (D-42), and what a page that is
being left still has to write, since its socket is closed by then and a request outlives it (D-49).
"""

from __future__ import annotations

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ais_app.access import kept_views
from ais_app.access.handling import count_refusal
from ais_app.access.kept_views import View
from ais_app.access.page_address import address_in
from ais_app.access.payload import read_json
from ais_app.access.queries import is_own_device
from ais_app.journal.courses.grants import ViewGrant
from ais_app.journal.courses.service import viewing
from ais_app.journal.grid import wire
from ais_app.journal.grid.editing import enter
from ais_app.journal.grid.open_sheet import PeriodOrLesson
from ais_app.journal.grid.payloads import CourseAddress, GridEdit
from ais_app.journal.grid.views import opened
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right
from ais_app.services import Services

ENTRIES = "/journal/entries"


class JournalRoutes:
    """The routes of a process."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def routes(self) -> list[Route]:
        return [
            Route(ENTRIES, self.entries, methods=["POST"]),
            Route("/journal/{course}/sheet", self.sheet, methods=["GET"]),
        ]

    async def sheet(self, request: Request) -> Response:
        """The sheet that the page shows or is about to show: of `?period=`, or of `?lesson=`, or the present one.

        Authorised as the page's state does it; 404 for absent and foreign alike.
        """
        services, course = self._services, request.path_params["course"]
        actor = await kept_views.reader_of(services, request, Right.SEE_JOURNAL)
        if actor is None:
            return PlainTextResponse("", 404)
        asked = address_in(request.url.query, CourseAddress)
        try:
            grant = await viewing.grant(services.database, actor, course)
            view = await services.read(actor, _view, grant, (asked.period, asked.lesson))
        except NotYours:
            await count_refusal(actor, "course", course)
            return PlainTextResponse("", 404)
        return kept_views.answered(request, actor, view, services.database.clock.now())

    async def entries(self, request: Request) -> Response:
        """Write operations of a grid. Its event may bring them too, under the same uids: each is written once.

        Answers {"patches": […]} with one for each operation. 404 for who may not enter marks, 400 for another shape.
        """
        actor = await self._services.sessions.actor_of_cookie(request.headers.get("cookie"))
        if actor is None or actor.must_change_password or not actor.may(Right.ENTER_MARKS):
            return PlainTextResponse("", 404)
        try:
            edit = read_json(GridEdit, await request.body())
        except ValidationError:
            await count_refusal(actor, "payload", GridEdit.__name__)
            return PlainTextResponse("", 400)
        patches = [await enter("", actor, operation) for operation in edit.operations]
        return JSONResponse(wire.answer(patches))


def _view(reading: Reading, grant: ViewGrant, period_or_lesson: PeriodOrLesson) -> View:
    return View(opened(reading, grant, period_or_lesson), is_own_device(reading))
