"""Which device and browser somebody signed in with, from the User-Agent: two codes, by which sessions are told apart.

The header is the client's word; no right depends on it. Only the codes are kept, never the header.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ais_app.i18n import _

LONGEST_HEADER = 512  # characters that are looked at
LONGEST_CODE = 16

# (token in the header, code): the first that is found counts. Browsers name those whose pages they want to be given.
_DEVICES: Sequence[tuple[str, str]] = (
    ("iPad", "ipad"),
    ("iPhone", "iphone"),
    ("Android", "android"),
    ("Aurora", "aurora"),
    ("Windows", "windows"),
    ("CrOS", "chromebook"),
    ("Macintosh", "mac"),
    ("Linux", "linux"),
)
_BROWSERS: Sequence[tuple[str, str]] = (
    ("YaBrowser/", "yandex"),
    ("YaSearchBrowser/", "yandex"),
    ("Atom/", "atom"),
    ("SamsungBrowser/", "samsung"),
    ("MiuiBrowser/", "mi"),
    ("HuaweiBrowser/", "huawei"),
    ("OPR/", "opera"),
    ("OPiOS/", "opera"),
    ("EdgiOS/", "edge"),
    ("EdgA/", "edge"),
    ("Edg/", "edge"),
    ("FxiOS/", "firefox"),
    ("Firefox/", "firefox"),
    ("CriOS/", "chrome"),
    ("Chromium/", "chromium"),
    ("Chrome/", "chrome"),
    ("Version/", "safari"),
)
_BROWSER_NAMES = {
    "atom": "Atom",
    "samsung": "Samsung Internet",
    "mi": "Mi Browser",
    "huawei": "Huawei Browser",
    "opera": "Opera",
    "edge": "Edge",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "chromium": "Chromium",
    "safari": "Safari",
}


@dataclass(frozen=True, slots=True)
class Client:
    """Codes of a device and a browser; "" where the header did not say it."""

    device: str = ""
    browser: str = ""


UNKNOWN = Client()


def client_of(header: str) -> Client:
    """The device and browser that a User-Agent names."""
    looked_at = header[:LONGEST_HEADER]
    browser = _first(_BROWSERS, looked_at)
    if browser == "safari" and "Safari/" not in looked_at:
        browser = ""
    return Client(_first(_DEVICES, looked_at), browser)


def client_name(client: Client) -> str:
    """«Телефон Android, Яндекс Браузер», «Компьютер с Windows», «Неизвестное устройство»."""
    parts = [_device_name(client.device), _browser_name(client.browser)]
    return ", ".join(filter(None, parts)) or _("An unknown device")


def _first(table: Sequence[tuple[str, str]], header: str) -> str:
    return next((code for token, code in table if token in header), "")


def _device_name(code: str) -> str:
    return {
        "ipad": _("iPad"),
        "iphone": _("iPhone"),
        "android": _("Phone or tablet with Android"),
        "aurora": _("Phone or tablet with Aurora"),
        "windows": _("Computer with Windows"),
        "chromebook": _("Chromebook"),
        "mac": _("Mac"),
        "linux": _("Computer with Linux"),
    }.get(code, "")


def _browser_name(code: str) -> str:
    return _("Yandex Browser") if code == "yandex" else _BROWSER_NAMES.get(code, "")
