"""Plain requests of the page of exchange: a set that is sent. Files of its jobs: `transfers/routes.py`."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ais_app.access import kept_views
from ais_app.exchange.files import SET
from ais_app.exchange.jobs import CHECK, PAGE, SetAsked
from ais_app.files.errors import FileRefused, UploadLost
from ais_app.jobs import asking
from ais_app.rights.rules import Right
from ais_app.services import Services
from ais_app.transfers.receiving import Receiver


class ExchangeRoutes:
    """The routes of a process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._receiver = Receiver(services)

    @property
    def routes(self) -> list[Route]:
        return [Route(f"{PAGE}/sets", self.take, methods=["POST"])]

    async def take(self, request: Request) -> Response:
        """Store a set and ask for its check. A form is led back to the page; the file field of the kit, which sends the
        set alone, gets {"job": uid of the check} or {"error": sentence}.
        """
        actor = await kept_views.reader_of(self._services, request, Right.SET_UP_SCHOOL)
        if actor is None:
            return PlainTextResponse("", 404)
        is_form = request.headers.get("content-type", "").startswith("multipart/form-data")
        try:
            received = await self._receiver.receive(request, actor, SET)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        except (FileRefused, UploadLost) as refusal:
            status = 408 if isinstance(refusal, UploadLost) else 422
            return PlainTextResponse(str(refusal), status) if is_form else JSONResponse({"error": str(refusal)}, status)
        asked = SetAsked(file=received.uid, name=received.name)
        job = await self._services.database.awrite(
            lambda uow: asking.ask_as(uow, actor, CHECK, asked), shard=actor.hat.school_uid
        )
        return RedirectResponse(PAGE, 303) if is_form else JSONResponse({"job": job.uid})
