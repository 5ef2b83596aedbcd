"""The open sessions of an account in words: device, browser, network, times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from ais_app.access.queries import OpenSession
from ais_app.access.user_agents import client_name
from ais_app.i18n import _, locale, moment_in_words

# The zones of Russia and UTC, from west to east; whoever lives elsewhere has the installation's own zone beside them.
OFFERED_ZONES = (
    *("UTC", "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk"),
    *("Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka"),
)


@dataclass(frozen=True, slots=True)
class SessionItem:
    """An open session of the own account. `this`: it is the one that shows the page."""

    device: str
    place: str
    role: str
    since: str
    seen: str
    this: bool


def session_items(sessions: Sequence[OpenSession], this: str, roles: Mapping[str, str], zone: str) -> list[SessionItem]:
    """The sessions as they are shown: this one first, then those used last. `roles`: {hat: its name}."""
    own_network = next((one.network for one in sessions if one.uid == this), "")
    ordered = sorted(sessions, key=lambda one: one.uid != this)
    return [
        SessionItem(
            device=client_name(one.client),
            place=", ".join(
                filter(None, (_owner(one), network_name(one.network, "" if one.uid == this else own_network)))
            ),
            role=roles.get(one.hat, ""),
            since=moment_in_words(one.created_at, zone),
            seen=moment_in_words(one.last_seen_at, zone),
            this=one.uid == this,
        )
        for one in ordered
    ]


def _owner(session: OpenSession) -> str:
    return _("own device") if session.personal_device else _("shared device")


def network_name(network: str, own: str) -> str:
    """The network of a session in words, "" when it is not known; `own`: the network of the session that looks."""
    if not network:
        return ""
    if network == own:
        return _("the same network as here")
    return (_("local network {address}") if _is_local(network) else _("network {address}")).format(address=network)


def _is_local(network: str) -> bool:
    try:
        return ip_network(network).is_private
    except ValueError:
        return False


def zone_name(zone: str, now: datetime) -> str:
    """«Москва, UTC+3»."""
    offset = now.astimezone(ZoneInfo(zone)).strftime("%z")  # +0300
    hours, minutes = int(offset[1:3]), offset[3:5]
    spelled = f"UTC{offset[0].replace('-', '−')}{hours}" + (f":{minutes}" if minutes != "00" else "")
    if zone == "UTC":
        return zone
    return f"{get_timezone_location(zone, locale=locale(), return_city=True)}, {spelled}"
