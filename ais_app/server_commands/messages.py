"""One message on the socket: four bytes of length, most significant first, then a JSON object in UTF-8."""

from __future__ import annotations

import json
from typing import Any

LENGTH_BYTES = 4
LARGEST = 1024 * 1024  # of a request and of an answer; codes for a thousand accounts are 100 KB


class BadMessage(Exception):  # noqa: N818 - reads as what it is
    """What came is no message of this socket: too long, cut off, or no JSON object."""


def packed(message: dict[str, Any]) -> bytes:
    """A message with its length. Raises BadMessage when it is larger than one may be."""
    body = json.dumps(message, ensure_ascii=False).encode()
    return _checked(len(body)).to_bytes(LENGTH_BYTES, "big") + body


def length_of(head: bytes) -> int:
    """How many bytes follow. Raises BadMessage."""
    return _checked(int.from_bytes(head, "big"))


def unpacked(body: bytes) -> dict[str, Any]:
    """The message of a whole body. Raises BadMessage."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadMessage("no JSON") from error
    if not isinstance(message, dict):
        raise BadMessage("no object")
    return message


def _checked(length: int) -> int:
    if not 0 < length <= LARGEST:
        raise BadMessage(f"{length} bytes")
    return length
