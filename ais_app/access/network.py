"""The network a request comes from; forwarded headers count only behind a configured proxy (S-21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

HOUSEHOLD = 64  # bits of an IPv6 address that name one connection; the rest its owner changes at will


def network_of(scope: Mapping[str, Any], trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """The client's network: its IPv4 address, the first half of an IPv6 one.

    Behind a trusted proxy it is the last address of X-Forwarded-For that is not a trusted proxy's. The header may come
    several times, since a proxy may add one of its own: all of them count, in their order.
    """
    client = scope.get("client")
    peer = _address(client[0]) if client else None
    if peer is None:
        return ""
    if not _is_in(peer, trusted):
        return _household(peer)
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"x-forwarded-for"]
    for hop in reversed([part.strip() for part in ",".join(lines).split(",") if part.strip()]):
        address = _address(hop)
        if address is None:
            break
        if not _is_in(address, trusted):
            return _household(address)
    return _household(peer)


def scheme_of(scope: Mapping[str, Any], trusted: Sequence[IPv4Network | IPv6Network], base_url: str) -> str:
    """By which scheme the person's browser came: `http` or `https`.

    A trusted proxy says it (the last word of the last X-Forwarded-Proto); else `base_url`, where it is set; else the
    connection itself. Nobody else's header counts.
    """
    client = scope.get("client")
    peer = _address(client[0]) if client else None
    if peer is not None and _is_in(peer, trusted):
        lines = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"x-forwarded-proto"]
        forwarded = ",".join(lines).rpartition(",")[2].strip().lower()
        if forwarded in ("http", "https"):
            return forwarded
    configured = base_url.partition(":")[0].lower()
    if configured in ("http", "https"):
        return configured
    return "https" if scope.get("scheme") in ("https", "wss") else "http"


def origin_of(url: str) -> tuple[str, str] | None:
    """(scheme, host and port) of an address that a client sent; None when it cannot be read or names none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (parts.scheme, parts.netloc) if parts.netloc else None


def host_of(url: str) -> str | None:
    """Host and port of an address that a client sent; None when it cannot be read or names none."""
    found = origin_of(url)
    return found[1] if found else None


def _is_in(address: IPv4Address | IPv6Address, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address without its zone; an IPv4 address that is written as IPv6 is the IPv4 one."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _household(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, HOUSEHOLD), strict=False))
