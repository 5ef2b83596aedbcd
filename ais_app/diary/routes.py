"""The plain copy of the present week, which a phone keeps for when there is no connection."""

from __future__ import annotations

from pathlib import Path

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from ais_app.access import queries as accounts
from ais_app.clock import local_date
from ais_app.diary import views
from ais_app.house import House
from ais_app.i18n import _, language
from ais_app.rights.rules import Right

COPY = "/diary/copy"

_templates = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
_templates.globals |= {"_": _}


class DiaryRoutes:
    """The routes of a process."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def routes(self) -> list[Route]:
        return [Route(COPY, self.copy, methods=["GET"])]

    async def copy(self, request: Request) -> Response:
        """The week of the child last opened; families only, authorised like the diary itself.

        Only for an own device: on a shared one the copy would lie there for the next person without a connection.
        """
        house = self._house
        actor = await house.sessions.actor_of_cookie(request.headers.get("cookie"))
        if actor is None or not actor.hat.is_family or not actor.may(Right.SEE_DIARY) or actor.must_change_password:
            return PlainTextResponse("", 404)
        if not await house.database.aread(accounts.is_own_device, actor):
            return PlainTextResponse("", 404)
        chosen = await house.database.aread(accounts.preferences, actor)
        now = house.database.clock.now()
        today = local_date(now, actor.hat.zone)
        shown = await house.database.aread(views.copy, actor, chosen.get("child", ""), now, today)
        if shown is None:
            return PlainTextResponse("", 404)
        look = await house.database.aread(accounts.look, actor)
        page = _templates.get_template("copy.html").render(copy=shown, look=look, language=language())
        return HTMLResponse(page)
