"""The route of this room, and its button in the top bar."""

from ais_app.pages import Pages
from ais_app.search.page import search_button
from ais_app.search.routes import SearchRoutes

PAGES = Pages(top_bar=(search_button,), routes=lambda services: SearchRoutes(services).routes)
