"""Views that a page reads by plain requests: a browser that holds the present one is answered 304 (D-42).

A request is authorised like an event, before its tag is compared. Only an own device keeps a copy (D-19): on a shared
one the next person would find it.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ais_app.rights.rules import Actor, Right
from ais_app.services import Services
from ais_app.web.held import KEPT, NOT_KEPT, holds, tagged

WORTH_PACKING = 512  # bytes


@dataclass(frozen=True, slots=True)
class View:
    """What is shown, and whether this device may keep a copy of it."""

    shown: Any
    kept: bool


async def reader_of(services: Services, request: Request, right: Right) -> Actor | None:
    """The actor of the request; None without a session, with a one-time code, or without `right`."""
    actor = await services.sessions.actor_of_cookie(request.headers.get("cookie"))
    return None if actor is None or actor.must_change_password or not actor.may(right) else actor


def answered(request: Request, actor: Actor, view: View, now: datetime) -> Response:
    """The view as JSON, or 304 when the browser holds it. The tag is a hash of the account and of all that is shown."""
    body = json.dumps(view.shown, ensure_ascii=False, separators=(",", ":"), default=_spelled).encode()
    headers = {"vary": "accept-encoding, cookie", "ais-now": str(int(now.timestamp() * 1000))}
    if view.kept:
        tag = tagged(actor.account_uid.encode() + b"\n" + body)
        headers["etag"] = tag
        if holds(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers | {"cache-control": KEPT})
    if len(body) > WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 6, mtime=0)
        headers["content-encoding"] = "gzip"
    headers["cache-control"] = KEPT if view.kept else NOT_KEPT
    return Response(body, media_type="application/json", headers=headers)


def _spelled(value: object) -> dict[str, Any]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise TypeError(repr(type(value)))
