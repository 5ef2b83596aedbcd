"""The request of the search: a form, so that no name that is looked for stands in an address or a log."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ais_app.access import kept_views
from ais_app.access.kept_views import View
from ais_app.access.sign_in.forms import field, read_form
from ais_app.people.searching import LONGEST
from ais_app.rights.rules import Right
from ais_app.search import views
from ais_app.search.room import PATH
from ais_app.services import Services

LONGEST_SECTION = 24


class SearchRoutes:
    """The route of a process."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def routes(self) -> list[Route]:
        return [Route(PATH, self.search, methods=["POST"])]

    async def search(self, request: Request) -> Response:
        """What is found for `q`, of all sections or of `in`; 404 without a session."""
        actor = await kept_views.reader_of(self._services, request, Right.USE_ACCOUNT)
        if actor is None:
            return PlainTextResponse("", 404)
        form = await read_form(request)
        typed, section = field(form, "q", LONGEST)[:LONGEST], field(form, "in", LONGEST_SECTION)
        shown = await self._services.read(actor, views.found, typed, section)
        return kept_views.answered(request, actor, View(shown, kept=False), self._services.database.clock.now())
