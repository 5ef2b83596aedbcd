"""The route that takes the file of the page: it counts the bytes and keeps nothing."""

from __future__ import annotations

from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ais_app.i18n import _
from ais_app.services import Services


class ShowcaseRoutes:
    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def routes(self) -> list[Route]:
        return [Route("/kit/file", self.file, methods=["POST"])]

    async def file(self, request: Request) -> Response:
        """How large it is; a file called «refused…» is refused with a sentence, as a route of a page would."""
        if self._services.settings.env != "test":
            return PlainTextResponse("", 404)
        name, size = unquote(request.headers.get("x-file-name", ""))[:200], 0
        async for portion in request.stream():
            size += len(portion)
        if name.startswith("refused"):
            return JSONResponse({"error": _("This file is not a list of classes.")}, 422)
        return JSONResponse({"name": name, "size": size})
