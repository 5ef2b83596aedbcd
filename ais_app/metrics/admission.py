"""Who may read `/metrics`: this machine itself, or whoever has the token."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from ais_app.access.network import origin_of
from ais_app.settings import LOOPBACK, Settings

# What proxies add. One that adds nothing still names the site in `host`.
_FORWARDED = ("forwarded", "via", "x-real-ip", "x-forwarded-")


def admits(scope: Mapping[str, Any], settings: Settings) -> bool:
    """Whether this request may read `/metrics`."""
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    token = settings.metrics_token
    given = [value for name, value in headers if name == "authorization"]
    if token is not None and len(given) == 1:
        wanted = f"Bearer {token.get_secret_value()}"
        if hmac.compare_digest(given[0].encode(), wanted.encode()):
            return True
    return (
        _is_loopback(scope) and not any(name.startswith(_FORWARDED) for name, _value in headers) and _is_local(headers)
    )


def _is_loopback(scope: Mapping[str, Any]) -> bool:
    client = scope.get("client")
    try:
        return bool(client) and ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _is_local(headers: list[tuple[str, str]]) -> bool:
    hosts = [value for name, value in headers if name == "host"]
    found = origin_of(f"http://{hosts[0]}") if len(hosts) == 1 else None
    return found is not None and found[1].rpartition("@")[2].rsplit(":", 1)[0].strip("[]") in LOOPBACK
