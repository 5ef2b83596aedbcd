"""Plain requests of the page of exchange: a set that is sent, and the files of its jobs."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

import structlog
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ais_app.access import kept_views
from ais_app.db.columns import table
from ais_app.exchange import uploads
from ais_app.exchange.jobs import CHECK, EXPORT, IMPORT, PAGE, SetAsked
from ais_app.i18n import _
from ais_app.jobs import asking
from ais_app.jobs.models import Job
from ais_app.jobs.reach import may_reach
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right
from ais_app.services import Services

log = structlog.get_logger("exchange")

_job = table(Job)
AT_ONCE = 1024 * 1024  # bytes that are written at once
FILES = {
    uploads.REPORT: (CHECK, "text/csv; charset=utf-8"),
    uploads.SLIPS: (IMPORT, "application/pdf"),
    uploads.EXPORT: (EXPORT, "application/zip"),
}


class ExchangeRoutes:
    """The routes of a process."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def routes(self) -> list[Route]:
        files = [Route(f"{PAGE}/{{job}}/{what}", self.file, methods=["GET"], name=what) for what in FILES]
        return [Route(f"{PAGE}/sets", self.take, methods=["POST"]), *files]

    async def take(self, request: Request) -> Response:
        """Keep a set, the body of the request as the file field of the kit sends it, and ask for its check; answers
        {"job": uid of the check}, or {"error": sentence}.
        """
        actor = await kept_views.reader_of(self._services, request, Right.SET_UP_SCHOOL)
        if actor is None:
            return PlainTextResponse("", 404)
        name = unquote(request.headers.get("x-file-name", ""))[-120:]
        try:
            file = await self._received(request)
        except OSError:
            log.exception("set_not_kept")
            return JSONResponse({"error": _("The server could not keep the file. Tell the administrator.")}, 507)
        if not file:
            return JSONResponse({"error": _("The file is empty.")}, 422)
        asked = SetAsked(file=file, name=name)
        job = await self._services.database.awrite(
            lambda uow: asking.ask_as(uow, actor, CHECK, asked), shard=actor.hat.school_uid
        )
        return JSONResponse({"job": job.uid})

    async def _received(self, request: Request) -> str:
        """The uid under which a sent set is kept, "" for an empty one. Raises OSError, ClientDisconnect."""
        with await asyncio.to_thread(uploads.new_stream) as stream:
            size, waiting = 0, bytearray()
            async for portion in request.stream():
                size += len(portion)
                waiting += portion
                if len(waiting) >= AT_ONCE:
                    await asyncio.to_thread(stream.write, bytes(waiting))
                    waiting.clear()
            await asyncio.to_thread(stream.write, bytes(waiting))
            stream.seek(0)
            return await asyncio.to_thread(uploads.store, stream) if size else ""

    async def file(self, request: Request) -> Response:
        """A file of a job that the actor may see; 404 for any other, and when it is there no more."""
        what = request.url.path.rpartition("/")[2]
        kind, media = FILES[what]
        actor = await kept_views.reader_of(self._services, request, kind.right)
        uid = request.path_params["job"]

        def reached(reading: Reading) -> bool:
            row = reading.connection.execute(select(_job).where(_job.c.uid == uid)).first()
            return row is not None and may_reach(reading.actor, kind, row)

        path = uploads.path_of(uid, what)
        if actor is None or not await self._services.read(actor, reached) or not path.is_file():
            return PlainTextResponse("", 404)
        headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        return FileResponse(path, media_type=media, filename=what, headers=headers)
