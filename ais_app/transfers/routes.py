"""`/files/<uid>`: a stored file, for whoever may have it at this moment (S-47)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, BinaryIO
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ais_app.db.database import INSTALLATION
from ais_app.file_purposes import PURPOSES
from ais_app.files import queries, service
from ais_app.files.content.types import MEDIA, FileType
from ais_app.files.store import FileStore
from ais_app.rights.errors import NotYours
from ais_app.services import Services

log = structlog.get_logger("files")
ADDRESS = "/files"
_PORTION = 256 * 1024


class FileRoutes:
    """The routes of a process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = FileStore(services.settings.files)

    @property
    def routes(self) -> list[Route]:
        return [Route(f"{ADDRESS}/{{file}}", self.file, methods=["GET"])]

    async def file(self, request: Request) -> Response:
        """The content; 404 for a file that is not there, or not there for this actor: both look the same.

        A download that the purpose wants recorded is in the ledger before the first byte leaves.
        """
        actor = await self._services.sessions.actor_of_cookie(request.headers.get("cookie"))
        if actor is None or actor.must_change_password:
            return PlainTextResponse("", 404)
        row = await self._services.read(actor, queries.downloadable, request.path_params["file"], PURPOSES)
        content = None if row is None else await asyncio.to_thread(self._opened, row.sha256, row.uid)
        if row is None or content is None:
            return PlainTextResponse("", 404)
        purpose = PURPOSES[row.purpose]
        if request.method == "HEAD":
            content.close()
            return Response(headers=headers(row))
        try:
            if purpose.recorded:
                await self._services.database.awrite(
                    lambda uow: service.record_download(uow, actor, purpose, row.uid), shard=row.school or INSTALLATION
                )
        except NotYours:
            content.close()
            return PlainTextResponse("", 404)
        except BaseException:
            content.close()
            raise
        return StreamingResponse(_portions(content), headers=headers(row))

    def _opened(self, sha256: str, uid: str) -> BinaryIO | None:
        try:
            return self._store.path(sha256).open("rb")
        except OSError as error:
            log.error("content_missing", file=uid, error=error.strerror)  # noqa: TRY400 - it is no fault of the code
            return None


def headers(row: Any) -> dict[str, str]:
    """What the browser is told: the type that the content has, never shown in the page, its name by RFC 5987.

    `nosniff`, `no-store` and the policy are of the gate (`access/gate/answer_headers.py`).
    """
    plain = "".join(sign if (sign.isascii() and sign.isalnum()) or sign in "._- " else "_" for sign in row.name)
    return {
        "content-type": MEDIA[FileType(row.type)],
        "content-length": str(row.size),
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(row.name, safe='')}",
    }


async def _portions(content: BinaryIO) -> AsyncIterator[bytes]:
    try:
        while portion := await asyncio.to_thread(content.read, _PORTION):
            yield portion
    finally:
        content.close()
