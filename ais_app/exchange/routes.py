"""Plain requests of the page of exchange: a set that is sent, and the files of its jobs."""

from __future__ import annotations

import asyncio

from sqlalchemy import select
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ais_app.access import kept_views
from ais_app.db.columns import table
from ais_app.exchange import uploads
from ais_app.exchange.jobs import CHECK, EXPORT, IMPORT, PAGE, SetAsked
from ais_app.jobs import asking
from ais_app.jobs.models import Job
from ais_app.jobs.reach import may_reach
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right
from ais_app.services import Services

_job = table(Job)
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
        """Keep a set that is sent as `multipart/form-data`, ask for its check, and go back to the page."""
        actor = await kept_views.reader_of(self._services, request, Right.SET_UP_SCHOOL)
        if actor is None:
            return PlainTextResponse("", 404)
        try:
            async with request.form(max_files=1, max_fields=4) as form:
                sent = form.get("set")
                if not isinstance(sent, UploadFile) or not sent.size:
                    return RedirectResponse(PAGE, 303)
                name = (sent.filename or "")[-120:]
                file = await asyncio.to_thread(uploads.store, sent.file)
        except MultiPartException:
            return PlainTextResponse("", 400)
        asked = SetAsked(file=file, name=name)
        await self._services.database.awrite(
            lambda uow: asking.ask_as(uow, actor, CHECK, asked), shard=actor.hat.school_uid
        )
        return RedirectResponse(PAGE, 303)

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
