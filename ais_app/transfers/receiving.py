"""Takes a file that is sent: room is reserved, bytes are counted as they come, the content is checked and placed.

For routes of other rooms, whose addresses are declared `streamed`. A sender who stops leaves nothing.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from ais_app.db.database import INSTALLATION
from ais_app.files import service
from ais_app.files.errors import FileRefused, UploadLost
from ais_app.files.purposes import Purpose
from ais_app.files.store import FileStore, Incoming
from ais_app.i18n import _
from ais_app.rights.rules import Actor
from ais_app.services import Services

log = structlog.get_logger("files")
IDLE_SECONDS, MOST_SECONDS = 20, 1_500  # without a byte, and in all; the reservation holds a little longer
FREE = 256 * 1024 * 1024  # bytes of the disk that files leave to the database
FORM_BYTES = 64 * 1024  # what a form adds to its file
_PORTION = 1 << 20
_NAME = "x-file-name"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is stored: its uid, and the name under which it is shown."""

    uid: str
    name: str


class Receiver:
    """Takes files for the routes of a process."""

    def __init__(self, services: Services) -> None:
        self._database = services.database
        self._store = FileStore(services.settings.files)

    async def receive(self, request: Request, actor: Actor, purpose: Purpose) -> Received:
        """Store the body of a request: the file itself with its name in `x-file-name`, or a form with one file.

        Raises NotYours, FileRefused, UploadLost; ClientDisconnect and CancelledError: nothing is left then.
        """
        said = int(request.headers.get("content-length", "0"))
        is_form = request.headers.get("content-type", "").startswith("multipart/form-data")
        if said > purpose.largest + is_form * FORM_BYTES:
            raise service.too_large(purpose)
        if not said:
            raise FileRefused(_("The file is empty."))
        reserved = min(said, purpose.largest)
        await asyncio.to_thread(self._require_free, reserved)
        uid = await self._database.awrite(
            lambda uow: service.reserve(uow, actor, purpose, reserved), shard=_shard(actor, purpose)
        )
        incoming = None
        try:
            incoming = await asyncio.to_thread(self._store.incoming)
            take = _take_form if is_form else _take_body
            given = await take(request, incoming, reserved, purpose)
        except BaseException:
            await asyncio.shield(asyncio.to_thread(self._give_back, actor, purpose, uid, incoming))
            raise
        placing = asyncio.to_thread(self._place, actor, uid, purpose, incoming, given)
        return Received(uid, await asyncio.shield(placing))  # once begun it ends, whoever goes

    def _place(self, actor: Actor, uid: str, purpose: Purpose, incoming: Incoming, given: str) -> str:
        try:
            with self._store.taken_in(incoming, purpose) as content, self._store.placed(content):
                return self._database.write(
                    lambda uow: service.complete(uow, actor, uid, purpose, content, given), shard=_shard(actor, purpose)
                )
        except BaseException:
            self._give_back(actor, purpose, uid, incoming)
            raise

    def _give_back(self, actor: Actor, purpose: Purpose, uid: str, incoming: Incoming | None) -> None:
        if incoming is not None:
            incoming.close()
        with suppress(SQLAlchemyError):  # then it is over by itself
            self._database.write(lambda uow: service.give_back(uow, uid), shard=_shard(actor, purpose))

    def _require_free(self, size: int) -> None:
        folder = self._store.folder
        if shutil.disk_usage(folder if folder.is_dir() else folder.parent).free < size + FREE:
            log.error("disk_nearly_full", folder=str(folder))
            raise FileRefused(_("The disk of the server is nearly full: tell the administrator."))


def _shard(actor: Actor, purpose: Purpose) -> str:
    return service.school_of(actor, purpose) or INSTALLATION


async def _take_body(request: Request, incoming: Incoming, most: int, purpose: Purpose) -> str:
    """Write the body as it comes, never more than `most` bytes; returns the name that was sent."""
    waiting = bytearray()
    async for portion in _timely(request):
        waiting += portion
        if incoming.size + len(waiting) > most:
            raise service.too_large(purpose)
        if len(waiting) >= _PORTION:
            await asyncio.to_thread(incoming.write, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(incoming.write, bytes(waiting))
    return unquote(request.headers.get(_NAME, ""))[:1_000]


async def _take_form(request: Request, incoming: Incoming, most: int, purpose: Purpose) -> str:
    """Write the one file of a form; returns its name."""
    parser = MultiPartParser(request.headers, _timely(request), max_files=1, max_fields=4, max_part_size=1_000)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise FileRefused(_("The form cannot be read.")) from error
    try:
        sent = next((value for _name, value in form.multi_items() if not isinstance(value, str)), None)
        if sent is None:
            raise FileRefused(_("Choose a file."))
        await asyncio.to_thread(_copy, sent.file, incoming, most, purpose)
        return (sent.filename or "")[:1_000]
    finally:
        await form.close()


def _copy(source: BinaryIO, incoming: Incoming, most: int, purpose: Purpose) -> None:
    while portion := source.read(_PORTION):
        if incoming.size + len(portion) > most:
            raise service.too_large(purpose)
        incoming.write(portion)


async def _timely(request: Request) -> AsyncGenerator[bytes, None]:
    """The body as it comes. Raises UploadLost where nothing comes for a while, or it takes too long."""
    stream = request.stream()
    loop = asyncio.get_running_loop()
    end = loop.time() + MOST_SECONDS
    try:
        while True:
            async with asyncio.timeout_at(min(end, loop.time() + IDLE_SECONDS)):
                portion = await anext(stream, None)
            if portion is None:
                return
            yield portion
    except TimeoutError as error:
        raise UploadLost(_("Receiving the file took too long: send it again.")) from error
