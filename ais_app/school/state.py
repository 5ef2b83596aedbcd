"""States of the shell, with the person, his hat, school and menu, and of the home."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlsplit

import reflex as rx

from ais_app.access.handling import allow, today_of
from ais_app.access.labels import hat_name, shown_person
from ais_app.access.queries import appearance as appearance_of
from ais_app.access.queries import hats as hats_of
from ais_app.access.queries import is_own_device
from ais_app.i18n import _, capital, day_and_month, weekday
from ais_app.live.changes import only_changes
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Hat, Right
from ais_app.school.queries import ActorDetails, actor_details
from ais_app.services import services
from ais_app.web import alarms, menu
from ais_app.web.alarms import AlarmItem
from ais_app.web.appearance.appearance import Appearance
from ais_app.web.shell import HatItem, MenuItem


@only_changes("alarms")
class ShellState(rx.State):
    """The frame of every page; filled when a page opens. `alarms`: pushed when they change, too."""

    school: str = ""
    year: str = ""
    person: str = ""
    initials: str = ""
    role: str = ""
    menu: list[MenuItem] = []
    hats: list[HatItem] = []
    appearance: dict[str, str] = {"theme": "", "vision": "", "spacing": ""}
    account: str = ""
    personal: bool = False
    watched: bool = False
    alarms: list[AlarmItem] = []
    help: str = "/help"  # also before the page knows its own topic: «Помощь» leads somewhere from the first moment

    @allow(Right.USE_ACCOUNT)
    async def open_page(self, actor: Actor):
        details, hats, appearance, self.personal = await services().read(actor, _page_frame)
        self.appearance, self.account = asdict(appearance), actor.account_uid
        shown = shown_person(details.name, actor.hat.roles)
        self.person, self.initials, self.role = shown.name, shown.letters, shown.role
        self.watched = actor.hat.is_watched
        if actor.may(Right.SEE_ALARMS):
            self.alarms = alarms.present()
        self.school = details.school
        self.year = _("school year {name}").format(name=details.year) if details.year else ""
        choice = hats if len(hats) > 1 else []
        self.hats = [HatItem(hat.key, hat_name(hat.roles), hat.key == actor.hat.key) for hat in choice]
        first = "/" + urlsplit(str(self.router.url)).path.strip("/").partition("/")[0]
        self.help = menu.help_address(actor.hat.roles, first.strip("/"))
        self.menu = [
            MenuItem(section.href, section.label, section.icon, section.href == first)
            for section in menu.sections()
            if actor.may(Right(section.right))
        ]


def _page_frame(reading: Reading) -> tuple[ActorDetails, list[Hat], Appearance, bool]:
    hats = hats_of(reading.connection, reading.actor.account_id or 0, reading.now)
    return actor_details(reading), hats, appearance_of(reading), is_own_device(reading)


OF_THE_DAY = (Right.KEEP_LESSONS, Right.SEE_KEEPING, Right.KEEP_ACCOUNTS, Right.SEE_MOVEMENT)


class HomeState(rx.State):
    """The home of the staff: today. `quiet`: no room has anything for this role."""

    today: str = ""
    quiet: bool = False

    @allow(Right.SEE_HOME)
    async def open_page(self, actor: Actor):
        today = today_of(actor)
        self.quiet = not actor.hat.is_watched and not any(actor.may(right) for right in OF_THE_DAY)
        self.today = capital(f"{weekday(today)}, {day_and_month(today)}")
