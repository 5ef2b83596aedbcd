"""Signing in and checking secrets at the small school, for the tests about them."""

from __future__ import annotations

from typing import Any

from ais_app.access import queries, service

HOME = "10.0.0.1"


def checked(school, login: str, secret: str) -> Any:
    return service.check_secret(school.database.read(queries.credentials, login), secret, 4)


def signed_in(school, login: str, *, personal: bool = False, token: str = "t" * 64):
    wanted = service.SignIn(login, HOME, token, personal)
    school.database.write(lambda uow: service.sign_in(uow, wanted))
    found = school.database.read(queries.live_session, queries.by_token(token), school.database.clock.now())
    return found.actor
