"""State of the page of the own account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import reflex as rx
from pydantic import AfterValidator, Field

from ais_app.access import queries
from ais_app.access.handling import allow, change, say
from ais_app.access.labels import hat_name
from ais_app.access.payload import Payload
from ais_app.access.queries import OpenSession
from ais_app.access.service import prefer
from ais_app.clock import is_zone
from ais_app.i18n import _, ngettext
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Hat, Right
from ais_app.school.account.views import OFFERED_ZONES, SessionItem, session_items, zone_name
from ais_app.services import services


def _a_zone(name: str) -> str:
    if not is_zone(name):
        raise ValueError(name)
    return name


class ZoneChoice(Payload):
    """The zone of times for a role without a school."""

    zone: Annotated[str, Field(max_length=64), AfterValidator(_a_zone)]


@dataclass(frozen=True, slots=True)
class ZoneItem:
    """A zone that can be chosen."""

    zone: str
    label: str


class AccountState(rx.State):
    """The own account: login, open sessions, zone; `zones` to choose from, empty under a role of a school."""

    login: str = ""
    count: str = ""
    sessions: list[SessionItem] = []
    zone: str = ""
    zones: list[ZoneItem] = []

    @allow(Right.USE_ACCOUNT)
    async def open_page(self, actor: Actor):
        await self._show(actor)

    @allow(Right.USE_ACCOUNT, ZoneChoice)
    async def choose_zone(self, actor: Actor, choice: ZoneChoice):
        """Keep the zone: all roles of the account without a school have it from now on, in all sessions."""
        if actor.hat.school_id is not None:  # times of a school are the school's
            await say(self, _("This is not possible here."))
            return
        await change(self, actor, lambda uow: prefer(uow, actor, {queries.ZONE: choice.zone}), "zone")
        services().sessions.forget({actor.session_uid})
        again = await services().sessions.actor_of_session(actor.session_uid)
        await self._show(again or actor)

    async def _show(self, actor: Actor) -> None:
        now = services().database.clock.now()
        self.login, sessions, hats = await services().read(actor, _own)
        roles = {hat.key: hat_name(hat.roles) for hat in hats}
        self.count = ngettext("{count} open session", "{count} open sessions", len(sessions))
        self.sessions = session_items(sessions, actor.session_uid, roles, actor.hat.zone)
        self.zone = actor.hat.zone
        offered = dict.fromkeys((services().settings.timezone, *OFFERED_ZONES, actor.hat.zone))
        free = actor.hat.school_id is None
        self.zones = [ZoneItem(zone, zone_name(zone, now)) for zone in offered] if free else []


def _own(reading: Reading) -> tuple[str, list[OpenSession], list[Hat]]:
    hats = queries.hats(reading.connection, reading.actor.account_id or 0, reading.now)
    return queries.login_of(reading), queries.open_sessions(reading), hats
