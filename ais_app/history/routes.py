"""The export of operations: a plain request, answered in portions."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ais_app.access import kept_views
from ais_app.access.page_address import address_in
from ais_app.clock import local_date
from ais_app.history import export, service
from ais_app.history.payloads import Conditions
from ais_app.history.queries.reach import narrowed
from ais_app.history.views import PATH
from ais_app.rights.rules import Right
from ais_app.services import Services


class OperationsRoutes:
    """The routes of a process."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def routes(self) -> list[Route]:
        return [Route(f"{PATH}/export", self.export, methods=["POST"])]

    async def export(self, request: Request) -> Response:
        """The operations of the query as CSV; that they were exported is recorded before the first line leaves.

        Authorised as the page's state does it; 404 for who may not see operations.
        """
        services = self._services
        actor = await kept_views.reader_of(services, request, Right.SEE_OPERATIONS)
        if actor is None:
            return PlainTextResponse("", 404)
        asked = narrowed(actor, address_in(request.url.query, Conditions))
        await services.database.awrite(lambda uow: service.record_export(uow, actor, asked), shard=actor.hat.school_uid)
        day = local_date(services.database.clock.now(), actor.hat.zone)
        return StreamingResponse(
            export.lines(services, actor, asked),
            media_type="text/csv; charset=utf-8",
            headers={
                "cache-control": "no-store",
                "content-disposition": f'attachment; filename="operations-{day.isoformat()}.csv"',
            },
        )
