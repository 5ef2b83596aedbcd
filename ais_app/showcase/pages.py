"""The page of this room and its route; both pass the gate of a server for tests only."""

from ais_app.i18n import _
from ais_app.pages import Page, Pages
from ais_app.rights.rules import Right
from ais_app.showcase.page import kit_page
from ais_app.showcase.routes import ShowcaseRoutes
from ais_app.showcase.state import KitState

PAGES = Pages(
    pages=(Page("/kit", kit_page, Right.USE_ACCOUNT, _("The kit of pages"), (KitState.open_page,), for_tests=True),),
    routes=lambda services: ShowcaseRoutes(services).routes,
)
