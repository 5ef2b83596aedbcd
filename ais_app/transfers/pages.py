"""The route of this room."""

from ais_app.pages import Pages
from ais_app.transfers.routes import FileRoutes

PAGES = Pages(routes=lambda services: FileRoutes(services).routes)
