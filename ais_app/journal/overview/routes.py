"""The list of journals as a file."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ais_app.access import kept_views
from ais_app.access.page_address import address_in
from ais_app.clock import local_date
from ais_app.formulas import csv_of
from ais_app.journal.overview import views
from ais_app.journal.overview.payloads import EXPORT, JournalsAddress
from ais_app.rights.rules import Right
from ais_app.services import Services


class OverviewRoutes:
    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def routes(self) -> list[Route]:
        return [Route(EXPORT, self.export, methods=["GET"])]

    async def export(self, request: Request) -> Response:
        """Every journal that fits the query, as CSV; 404 for who does not look after a school. It names no student."""
        services = self._services
        actor = await kept_views.reader_of(services, request, Right.SEE_KEEPING)
        if actor is None:
            return PlainTextResponse("", 404)
        lines = await services.read(actor, views.lines_of_file, address_in(request.url.query, JournalsAddress))
        day = local_date(services.database.clock.now(), actor.hat.zone)
        return Response(
            csv_of(lines, mark=True),
            media_type="text/csv; charset=utf-8",
            headers={
                "cache-control": "no-store",
                "content-disposition": f'attachment; filename="journals-{day.isoformat()}.csv"',
            },
        )
