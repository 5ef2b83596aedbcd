"""The session registry of a process: cookie → actor, cached for seconds, forgotten at once when it ends here."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from time import monotonic

from ais_app.access import queries, service
from ais_app.clock import local_date
from ais_app.db import Database
from ais_app.rights.rules import Actor

COOKIE = "ais_session"
SECURE_COOKIE = "__Host-ais_session"
CACHE_SECONDS = 3.0
CACHE_SIZE = 20_000
TOUCH_EVERY = timedelta(seconds=60)
LONGEST_TOKEN = 128


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What the database keeps of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_in(cookie_header: str | None, *, secure_only: bool = False) -> str | None:
    """The session token in a Cookie header, whatever other cookies it holds.

    `secure_only`: over https only the `__Host-` name counts; another site of the domain could have set the plain one
    (S-25).
    """
    if not cookie_header:
        return None
    jar = SimpleCookie()
    try:
        jar.load(cookie_header)
    except CookieError:
        return None
    morsel = jar.get(SECURE_COOKIE) or (None if secure_only else jar.get(COOKIE))
    return morsel.value if morsel is not None and morsel.value else None


@lru_cache(maxsize=5_000)  # the same header comes with every event of a tab
def hash_in(cookie_header: str | None, *, secure_only: bool = False) -> str | None:
    """The hash, as the database keeps it, of the session token in a Cookie header; None when it holds none."""
    return _hash_of(token_in(cookie_header, secure_only=secure_only))


def _hash_of(token: str | None) -> str | None:
    return hash_token(token) if token and len(token) <= LONGEST_TOKEN else None


def header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name), None)


@dataclass(slots=True)
class _Cached:
    """`day`: the school's day on which the actor's roles were read; they may end with it."""

    actor: Actor | None
    until: float
    day: date | None


class SessionRegistry:
    """The actors of cookies, tokens and sessions, read from the database and then kept for `CACHE_SECONDS`."""

    def __init__(self, database: Database, *, secure_only: bool = False) -> None:
        self._database, self._secure_only = database, secure_only
        self._cache: OrderedDict[str, _Cached] = OrderedDict()

    async def actor(self, token: str | None) -> Actor | None:
        """The actor of a session token, or None when there is no valid session."""
        return await self._of_hash(_hash_of(token))

    async def actor_of_session(self, session_uid: str) -> Actor | None:
        """The actor of a session by its uid, or None: for deliveries to open pages, which have no cookie.

        A delivery is no use of the session: a tab left open must not stay signed in because others work.
        """
        return await self._lookup(queries.by_uid(session_uid), used=False)

    async def actor_of_cookie(self, cookie_header: str | None) -> Actor | None:
        """The actor of the session whose token is in a Cookie header, or None when there is no valid one."""
        return await self._of_hash(hash_in(cookie_header, secure_only=self._secure_only))

    async def _of_hash(self, token_hash: str | None) -> Actor | None:
        return None if token_hash is None else await self._lookup(queries.by_token(token_hash), used=True)

    async def _lookup(self, where: queries.SessionKey, *, used: bool) -> Actor | None:
        key = where.value
        cached = self._cache.get(key)
        if cached is not None and cached.until > monotonic() and cached.day == self._day(cached.actor):
            return cached.actor
        found = await self._database.aread(queries.live_session, where, self._database.clock.now())
        if found is None:
            self._keep(key, None)
            return None
        # A moment ahead of the clock was written before it was set back: it must not lengthen the session.
        if used and not timedelta(0) <= self._database.clock.now() - found.last_seen_at <= TOUCH_EVERY:
            self._database.note(lambda uow: service.touch_session(uow, found.actor.session_uid))
        self._keep(key, found.actor)
        if key != found.actor.session_uid:  # a delivery to the same tab asks by uid a moment later
            self._keep(found.actor.session_uid, found.actor)
        return found.actor

    def forget(self, session_uids: set[str]) -> None:
        """Drop what is cached of these sessions, which ended or changed here, and of tokens without a session."""
        gone = [
            key
            for key, cached in self._cache.items()
            if cached.actor is None or cached.actor.session_uid in session_uids
        ]
        for key in gone:
            del self._cache[key]

    def _day(self, actor: Actor | None) -> date | None:
        return None if actor is None else local_date(self._database.clock.now(), actor.hat.zone)

    def _keep(self, key: str, actor: Actor | None) -> None:
        self._cache[key] = _Cached(actor, monotonic() + CACHE_SECONDS, self._day(actor))
        self._cache.move_to_end(key)
        while len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
