"""The routes of this room: plain pages of the server, which need no state."""

from ais_app.help.routes import HelpRoutes
from ais_app.pages import Pages

PAGES = Pages(routes=lambda services: HelpRoutes(services).routes)
