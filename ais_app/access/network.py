"""The network a request comes from; forwarded headers count only behind a configured proxy (S-21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any


def network_of(scope: Mapping[str, Any], trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """The client's address; the last one in X-Forwarded-For that is not a trusted proxy's."""
    client = scope.get("client")
    address = client[0] if client else ""
    if not _is_in(address, trusted):
        return address
    forwarded = next(
        (value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"x-forwarded-for"), ""
    )
    for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not _is_in(hop, trusted):
            return hop if _is_address(hop) else address
    return address


def _is_in(address: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
