"""The diary's requests: the week that its page shows, which a browser may hold already (D-42), and the plain copy of
the present one, which a phone keeps for when there is no connection.
"""

from __future__ import annotations

from pathlib import Path

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from ais_app.access import kept_views
from ais_app.access import queries as accounts
from ais_app.access.handling import count_refusal
from ais_app.access.kept_views import View
from ais_app.access.page_address import address_in
from ais_app.diary import views
from ais_app.diary.open_week import DiaryAddress, days_of, open_week
from ais_app.i18n import _, language
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right
from ais_app.services import Services

COPY = "/diary/copy"

_templates = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
_templates.globals |= {"_": _}


class DiaryRoutes:
    """The routes of a process."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def routes(self) -> list[Route]:
        return [Route(COPY, self.copy, methods=["GET"]), Route("/diary/week", self.week, methods=["GET"])]

    async def week(self, request: Request) -> Response:
        """The week that the page shows or is about to show: of the child last opened where the address names none.

        Authorised as the page's state does it; 404 for absent and foreign alike, and where there is no child to show.
        """
        services = self._services
        actor = await kept_views.reader_of(services, request, Right.SEE_DIARY)
        if actor is None:
            return PlainTextResponse("", 404)
        address = address_in(request.url.query, DiaryAddress)
        try:
            view = await services.read(actor, _view, address)
        except NotYours:
            if address.child:
                await count_refusal(actor, "diary", "child")
            return PlainTextResponse("", 404)
        return kept_views.answered(request, actor, view, services.database.clock.now())

    async def copy(self, request: Request) -> Response:
        """The week of the child last opened; families only, authorised like the diary itself.

        Only for an own device: on a shared one the next person could open the copy without signing in.
        """
        services = self._services
        actor = await services.sessions.actor_of_cookie(request.headers.get("cookie"))
        if actor is None or not actor.hat.is_family or not actor.may(Right.SEE_DIARY) or actor.must_change_password:
            return PlainTextResponse("", 404)
        if not await services.read(actor, accounts.is_own_device):
            return PlainTextResponse("", 404)
        chosen = await services.read(actor, accounts.preferences)
        shown = await services.read(actor, views.copy, chosen.get("child", ""))
        if shown is None:
            return PlainTextResponse("", 404)
        appearance = await services.read(actor, accounts.appearance)
        page = _templates.get_template("copy.html").render(copy=shown, appearance=appearance, language=language())
        return HTMLResponse(page)


def _view(reading: Reading, address: DiaryAddress) -> View:
    """The week that an address asks for. Raises NotYours."""
    family = reading.hat.is_family
    child = address.child or (accounts.preferences(reading).get("child", "") if family else "")
    if not address.child:
        known = views.children(reading, child) if family else []
        child = next((one.uid for one in known if one.current), "")
    shown = open_week(reading, child, days_of(address, reading.today))
    if address.view:  # only in an address of a page; from then on the page's state has it
        shown["view"] = address.view
    return View(shown, accounts.is_own_device(reading))
