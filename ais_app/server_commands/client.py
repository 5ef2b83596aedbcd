"""The command's side of the socket: asks the running server."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from ais_app import __version__
from ais_app.server_commands import messages
from ais_app.server_commands.socket_path import NAME, address_of

ANSWER_SECONDS = 60.0


class NotAnswered(Exception):  # noqa: N818 - reads as what it is
    """A server was asked and gave no answer. `sent`: it may have carried the command out."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__()
        self.sent = sent


def is_listening(folder: Path) -> bool:
    """Whether a server listens in this data folder; the socket file of a killed one does not count."""
    connection = _connected(folder)
    if connection is None:
        return False
    connection.close()
    return True


def ask(folder: Path, command: str, payload: dict[str, Any], seconds: float = ANSWER_SECONDS) -> dict[str, Any] | None:
    """The server's answer, or None when none listens. Raises NotAnswered, BadMessage for too large a request."""
    request = messages.packed({"version": __version__, "command": command, "payload": payload})
    connection = _connected(folder)
    if connection is None:
        return None
    sent = False
    try:
        with connection:
            connection.settimeout(seconds)
            connection.sendall(request)
            sent = True
            length = messages.length_of(_exactly(connection, messages.LENGTH_BYTES))
            return messages.unpacked(_exactly(connection, length))
    except (OSError, messages.BadMessage) as error:
        raise NotAnswered(sent=sent) from error


def _connected(folder: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        with address_of(folder / NAME) as address:
            connection.connect(address)
    except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection


def _exactly(connection: socket.socket, length: int) -> bytes:
    """This many bytes. Raises BadMessage when the other end closes before."""
    body = bytearray()
    while len(body) < length:
        part = connection.recv(length - len(body))
        if not part:
            raise messages.BadMessage("cut off")
        body.extend(part)
    return bytes(body)
