"""Bodies of requests, before a handler begins: limited in size and time, read whole or streamed (S-50)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from ais_app.room import Address

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

BODY_SECONDS = 30
TOO_LATE, NO_LENGTH, TOO_LARGE = 408, 411, 413


class BodyError(Exception):
    """A body that is refused; `status` is the HTTP status of the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def taken(address: Address, headers: Mapping[str, str], receive: Receive) -> tuple[bytes, Receive]:
    """(the body, the `receive` from which the handler reads it); of a streamed body (b"", `receive` as it is).

    A streamed body must declare its length, which the server below enforces; any other is counted here. Raises
    BodyError: 413 too large or given up by the client, 411 streamed without a length, 408 not whole after 30 s.
    """
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > address.largest_body:
        raise BodyError(TOO_LARGE)
    if address.streamed:
        if not length:
            raise BodyError(NO_LENGTH)
        return b"", receive
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _read(receive, address.largest_body)
    except TimeoutError:
        raise BodyError(TOO_LATE) from None
    return body, _replayed(body, receive)


async def _read(receive: Receive, largest: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body.extend(message.get("body", b""))
        if message["type"] == "http.disconnect" or len(body) > largest:
            raise BodyError(TOO_LARGE)
        if not message.get("more_body"):
            return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body that was read already, then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return waiting.pop() if waiting else await receive()

    return receiving
