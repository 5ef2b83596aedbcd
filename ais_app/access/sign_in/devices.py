"""Known devices: a signed cookie by which a browser shows that somebody signed in on it before (S-66).

It gives no access. It only chooses the counters by which wrong passwords are counted: the owner of a login, on his own
device, does not wait because somebody elsewhere guesses. The cookie holds random bits, a day and a mark for each
account; nobody without the installation's key can tell whose marks these are.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import date

from ais_app.secret_key import derived

COOKIE, SECURE_COOKIE = "ais_device", "__Host-ais_device"
ACCOUNTS = 20  # a computer of a classroom knows those who signed in last
LONGEST = 512
_VERSION, _MARK_BYTES = "1", 9


@dataclass(frozen=True, slots=True)
class Device:
    """What a genuine cookie says: the random name of the device and the marks of the accounts, the latest first."""

    name: str
    marks: tuple[str, ...]


class Devices:
    """Reads and writes the cookie with the installation's key."""

    def __init__(self, key: bytes) -> None:
        self._signing, self._marking = derived(key, "device cookie"), derived(key, "device account")

    def read(self, cookie: str, today: date, days: int) -> Device | None:
        """The device that the cookie names; None for one that is forged, garbled or older than so many days."""
        signed, _dot, signature = cookie[:LONGEST].rpartition(".")
        if not hmac.compare_digest(self._signature(signed).encode(), signature.encode()):
            return None
        version, name, day, marks = signed.split(".")
        if version != _VERSION or not 0 <= today.toordinal() - int(day) <= days:
            return None
        return Device(name, tuple(marks.split("~")))

    def name_for(self, device: Device | None, account_uid: str) -> str:
        """The device's name when this account signed in on it before; "" otherwise, and where there is no account."""
        name, marks = (device.name, device.marks) if device else ("", ())
        mark = self._mark(name, account_uid)  # made in any case: the time must not tell whether there is an account
        return name if account_uid and mark in marks else ""

    def remember(self, device: Device | None, account_uid: str, today: date) -> str:
        """The cookie of a device on which this account has just signed in."""
        name = device.name if device else secrets.token_urlsafe(12)
        mark = self._mark(name, account_uid)
        others = [one for one in (device.marks if device else ()) if one != mark]
        marks = "~".join([mark, *others[: ACCOUNTS - 1]])
        signed = f"{_VERSION}.{name}.{today.toordinal()}.{marks}"
        return f"{signed}.{self._signature(signed)}"

    def _signature(self, signed: str) -> str:
        return _spelled(hmac.digest(self._signing, signed.encode(), "sha256"))

    def _mark(self, name: str, account_uid: str) -> str:
        return _spelled(hmac.digest(self._marking, f"{name} {account_uid}".encode(), "sha256")[:_MARK_BYTES])


def _spelled(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
