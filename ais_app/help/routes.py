"""The pages of the help: plain HTML with the rail of the role; the search opens on them, too."""

from __future__ import annotations

from pathlib import Path

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from ais_app.access import kept_views, queries
from ais_app.access.labels import ShownPerson
from ais_app.help.keys import page_keys, search_keys
from ais_app.help.search_button import OPENER, attributes
from ais_app.help.topics import KEYS, PATH, TOPICS, Topic, for_roles
from ais_app.i18n import _, language
from ais_app.journal.grid.table.labels import key_list
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Actor, Right
from ais_app.school.queries import actor_details
from ais_app.services import Services
from ais_app.web import menu
from ais_app.web.appearance.appearance import Appearance
from ais_app.web.build import versioned
from ais_app.web.icon_paths import PATHS

_HERE = Path(__file__).parent
_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader([_HERE / "templates", _HERE / "texts"]), autoescape=True, trim_blocks=True
)
_templates.globals.update(_=_, icon_paths=PATHS)  # pyright: ignore[reportUnknownMemberType]


class HelpRoutes:
    """The routes of a process."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def routes(self) -> list[Route]:
        return [Route(PATH, self.page), *(Route(one.href, self.page) for one in TOPICS)]

    async def page(self, request: Request) -> Response:
        """The list of topics, or one of them; 404 for a topic of other roles, as for one that does not exist."""
        actor = await kept_views.reader_of(self._services, request, Right.USE_ACCOUNT)
        if actor is None:
            return PlainTextResponse("", 404)
        topics = for_roles(actor.hat.roles)
        topic = next((one for one in topics if one.href == request.url.path.rstrip("/")), None)
        if topic is None and request.url.path.rstrip("/") != PATH:
            return PlainTextResponse("", 404)
        appearance, person, school = await self._services.read(actor, _frame)
        return HTMLResponse(rendered(actor, topics, topic, appearance, person, school))


def rendered(
    actor: Actor, topics: list[Topic], topic: Topic | None, appearance: Appearance, person: ShownPerson, school: str
) -> str:
    """The page as text. Keys stand in the lists of which the sheet behind `?` and the foot of the search are made."""
    return _templates.get_template("page.html").render(
        language=language(),
        appearance=appearance,
        person=person,
        school=school,
        sections=[one for one in menu.sections() if actor.may(Right(one.right))],
        topics=topics,
        topic=topic,
        text=f"{language()}/{topic.name}.html" if topic and topic.name != KEYS else "",
        keys=[(_("In the journal"), key_list()), (_("In the search"), [*page_keys(), *search_keys()])],
        files={name: versioned(name) for name in ("/css/tokens.css", "/css/components.css", "/css/help.css")},
        scripts=[versioned("/js/menus.js"), versioned(OPENER)],
        finder=attributes(),
    )


def _frame(reading: Reading) -> tuple[Appearance, ShownPerson, str]:
    return queries.appearance(reading), queries.shown_person(reading), actor_details(reading).school
