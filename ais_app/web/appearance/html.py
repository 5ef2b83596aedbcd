"""Writes the appearance of a person into the `<html>` of a page: the built file is the same for all."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from ais_app.web.appearance.appearance import Appearance
from ais_app.web.held import KEPT, holds, tagged

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

_ROOT = b"<html"
_BY_PERSON = (b"vary", b"accept-encoding, cookie")
_OF_THE_FILE = (b"content-length", b"content-encoding", b"etag", b"last-modified")
_ASKS_FOR_THE_FILE = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")


def plain(scope: Scope, path: str) -> Scope:
    """The request for the file of a page: uncompressed, whole, and sent by the application, not by the server below."""
    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in _ASKS_FOR_THE_FILE]
    extensions = {name: one for name, one in scope.get("extensions", {}).items() if name != "http.response.pathsend"}
    return {**scope, "path": path, "raw_path": path.encode(), "headers": headers, "extensions": extensions}


@dataclass(frozen=True, slots=True)
class Held:
    """For an own device, which may keep the page: its If-None-Match, and the content security policy of the page."""

    tags: str
    policy: bytes


def with_appearance(send: Send, appearance: Appearance, *, zipped: bool, held: Held | None = None) -> Send:
    """A `send` that writes the appearance into the `<html>` of a page; `zipped`: and compresses it.

    `held`: a browser that has the same page is answered 304; without it no tag is sent, so that none is kept (S-25).
    """
    start: Message = {}
    body = bytearray()

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        page = bytes(body).replace(_ROOT, _ROOT + appearance.attributes.encode(), 1)
        headers = [(name, value) for name, value in start.get("headers", []) if name.lower() not in _OF_THE_FILE]
        if held is not None and start["status"] == 200:
            tag = tagged(page + held.policy)
            keeping = [(b"etag", tag.encode()), (b"cache-control", KEPT.encode())]
            if holds(held.tags, tag):
                await send({"type": "http.response.start", "status": 304, "headers": [*keeping, _BY_PERSON]})
                await send({"type": "http.response.body", "body": b""})
                return
            headers += keeping
        if zipped:
            page = gzip.compress(page, 5)
            headers.append((b"content-encoding", b"gzip"))
        headers += [(b"content-length", str(len(page)).encode()), _BY_PERSON]
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": page})

    return sending
