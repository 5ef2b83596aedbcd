"""The server's side of the socket: mode 0600, only for its own user and root, one request for each connection."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import structlog

from ais_app import private_files
from ais_app.server_commands import messages
from ais_app.server_commands.socket_path import NAME, address_of

log = structlog.get_logger("commands")

READ_SECONDS, MOST_AT_ONCE = 5.0, 16
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid

CarryOut = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


@asynccontextmanager
async def listening(folder: Path, carry_out: CarryOut) -> AsyncIterator[None]:
    """Answer requests in this data folder while the block lasts; a socket that cannot be made is only logged.

    The server that starts last has the socket: the file of one before it is replaced. Of several processes over
    PostgreSQL the last one answers.
    """
    path = folder / NAME
    try:
        private_files.make_folder(folder)
        listener = _bound(path)
        inode = path.stat().st_ino
    except OSError as error:  # pages are served all the same; a command says that nobody answers it
        log.warning("commands_not_heard", error=str(error))
        yield
        return
    serving: set[object] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(writer)
        try:
            if len(serving) <= MOST_AT_ONCE and _is_owner(writer):
                await _answer(reader, writer, carry_out)
        finally:
            serving.discard(writer)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_unix_server(serve, sock=listener)
    try:
        yield
    finally:
        server.close()
        with suppress(FileNotFoundError):
            if path.stat().st_ino == inode:  # else another server has the name by now
                path.unlink()


def _bound(path: Path) -> socket.socket:
    """A listening socket at `path`: made under another name, closed to others, then renamed in one step."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    with address_of(aside) as address:
        listener.bind(address)
    aside.chmod(private_files.FILE)
    listener.listen(MOST_AT_ONCE)
    listener.setblocking(False)
    aside.rename(path)
    return listener


def _is_owner(writer: asyncio.StreamWriter) -> bool:
    """Whether the other side is a process of this user or of root; True where the system cannot tell."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    connection = writer.get_extra_info("socket")
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _pid, uid, _gid = _CREDENTIALS.unpack(credentials)
    if uid in (os.geteuid(), 0):
        return True
    log.warning("command_refused", uid=uid)
    return False


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, carry_out: CarryOut) -> None:
    """Read one request and answer it. What is no request ends the connection without an answer."""
    try:
        async with asyncio.timeout(READ_SECONDS):
            length = messages.length_of(await reader.readexactly(messages.LENGTH_BYTES))
            request = messages.unpacked(await reader.readexactly(length))
    except asyncio.IncompleteReadError as error:
        if error.partial:  # nothing at all: somebody only looked whether a server is here
            log.warning("command_unreadable", error="cut off")
        return
    except (messages.BadMessage, TimeoutError, OSError) as error:
        log.warning("command_unreadable", error=type(error).__name__)
        return
    answer = await carry_out(request)
    with suppress(OSError):  # the command is gone: what it asked for is done all the same
        writer.write(messages.packed(answer))
        await writer.drain()
