"""`GET /metrics`. Who may ask, the gate has decided (`admission.py`)."""

from __future__ import annotations

import asyncio
import os

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ais_app.metrics import exposition
from ais_app.metrics.showing import watch
from ais_app.services import Services


class MetricsRoutes:
    """The route of a process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.routes = [Route("/metrics", self.metrics, methods=["GET"])]

    async def metrics(self, _request: Request) -> Response:
        chosen, now = self._services.settings, self._services.database.clock.now()
        own = exposition.own_families(self._services)
        if chosen.workers > 1:
            others = await asyncio.to_thread(exposition.of_others, chosen.data / "metrics")
            own = exposition.merged(own, others, str(os.getpid()))
        said = exposition.text_of([*own, *exposition.installation_families(watch(), now)])
        return Response(said, headers={"content-type": exposition.CONTENT_TYPE})
