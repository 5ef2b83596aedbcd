"""Addresses of the plain pages with the page to which they lead on, which is always one of this site."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from ais_app.access.network import host_of

NOT_FOUND = "/not-found"
NO_CONNECTION = "/no-connection"
# First segments of addresses to which nobody is led back.
NO_PAGES = frozenset({"login", "logout", "hat", "look", "sessions"})


def safe_next(address: str) -> str:
    """`address` when it is a printable path of this site, of at most 512 characters and not in `NO_PAGES`; else «/».

    It never leads to another host (S-48).
    """
    plain = address.strip()
    if not plain.startswith("/") or plain.startswith(("//", "/\\")) or "\\" in plain:
        return "/"
    if plain[1:].partition("?")[0].partition("/")[0] in NO_PAGES:
        return "/"
    return plain if plain.isprintable() and len(plain) <= 512 else "/"


def login_address(wanted: str) -> str:
    """The address of the sign-in page, which leads on to `wanted` (path and query)."""
    return with_next("/login", wanted)


def password_address(wanted: str) -> str:
    """The address of the password page, which leads on to `wanted` (path and query)."""
    return with_next("/password", wanted)


def came_from(headers: Mapping[str, str]) -> str:
    """The page of this site that a request came from, or «/»."""
    address = headers.get("referer", "")
    host = host_of(address)
    if host is None or host != headers.get("host"):
        return "/"
    referer = urlsplit(address)
    return safe_next(referer.path + (f"?{referer.query}" if referer.query else ""))


def with_next(page: str, wanted: str) -> str:
    back = safe_next(wanted)
    return page if back == "/" else f"{page}?next=" + quote(back, safe="/")
