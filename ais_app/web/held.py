"""What a browser may hold of an answer, and the tag by which it is asked whether it still does (D-42)."""

from __future__ import annotations

import hashlib

KEPT, NOT_KEPT = "private, no-cache", "no-store"
TAG_LETTERS = 32


def tagged(content: bytes) -> str:
    """The tag of a content."""
    return f'"{hashlib.sha256(content).hexdigest()[:TAG_LETTERS]}"'


def holds(said: str, tag: str) -> bool:
    """Whether an If-None-Match names the tag; a proxy that packs answers makes it a weak one."""
    return tag in {one.strip().removeprefix("W/") for one in said.split(",")}
