"""Caching of answers by a browser, and the tag by which it asks whether what it holds is still right (D-42)."""

from __future__ import annotations

import hashlib

KEPT, NOT_KEPT = "private, no-cache", "no-store"
TAG_LETTERS = 32


def tagged(content: bytes) -> str:
    """The ETag of a content: its hash in quotes."""
    return f'"{hashlib.sha256(content).hexdigest()[:TAG_LETTERS]}"'


def holds(if_none_match: str, tag: str) -> bool:
    """Whether an If-None-Match header names the tag, also as a weak one, which a proxy that compresses makes of it."""
    return tag in {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
