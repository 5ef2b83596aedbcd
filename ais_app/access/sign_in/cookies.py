"""The cookies of the plain pages: session, known device, appearance. Secure over https."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

from starlette.requests import Request
from starlette.responses import Response

from ais_app.access import sessions
from ais_app.access.network import scheme_of
from ais_app.access.sign_in import devices
from ais_app.access.sign_in.devices import Device, Devices
from ais_app.secret_key import secret_key
from ais_app.services import Services
from ais_app.web.appearance.appearance import COOKIE as APPEARANCE_COOKIE
from ais_app.web.appearance.appearance import Appearance

APPEARANCE_TERM = timedelta(days=365)


class Cookies:
    """Sets and reads the cookies of an installation."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @cached_property
    def _devices(self) -> Devices:
        return Devices(secret_key(self._services.settings))

    def set_session(self, request: Request, response: Response, token: str, lasting: timedelta | None) -> None:
        """Set the cookie of a session. `lasting`: the longest time of the session; None = until the browser closes."""
        name = sessions.SECURE_COOKIE if self._is_secure(request) else sessions.COOKIE
        self._set(request, response, name, token, lasting)

    def set_appearance(self, request: Request, response: Response, appearance: Appearance) -> None:
        self._set(request, response, APPEARANCE_COOKIE, appearance.spelled, APPEARANCE_TERM)

    def remember_device(self, request: Request, response: Response, account_uid: str, days: int) -> None:
        """Add the account to those for which the device is known, for so many days."""
        value = self._devices.remember(self._device(request, days), account_uid, self._today())
        self._set(request, response, self._device_cookie(request), value, timedelta(days=days))

    def known_device(self, request: Request, account_uid: str, days: int) -> str:
        """The name of the request's device when this account signed in on it in the last so many days; else ""."""
        return self._devices.name_for(self._device(request, days), account_uid)

    def _device(self, request: Request, days: int) -> Device | None:
        return self._devices.read(request.cookies.get(self._device_cookie(request), ""), self._today(), days)

    def _device_cookie(self, request: Request) -> str:
        """The name of the cookie: over https the `__Host-` one alone."""
        return devices.SECURE_COOKIE if self._is_secure(request) else devices.COOKIE

    def _today(self) -> date:
        return self._services.database.clock.now().date()

    def _is_secure(self, request: Request) -> bool:
        settings = self._services.settings
        return settings.is_https or scheme_of(request.scope, settings.trusted_proxies, settings.base_url) == "https"

    def _set(self, request: Request, response: Response, name: str, value: str, lasting: timedelta | None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=None if lasting is None else int(lasting.total_seconds()),
            path="/",
            secure=self._is_secure(request),
            httponly=True,
            samesite="strict",
        )
