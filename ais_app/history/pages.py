"""The page of this room, and the route of its export."""

from ais_app.history.page import operations_page
from ais_app.history.routes import OperationsRoutes
from ais_app.history.state import OperationsState
from ais_app.i18n import p_
from ais_app.pages import Page, Pages
from ais_app.rights.rules import Right

PAGES = Pages(
    pages=(
        Page(
            "/operations", operations_page, Right.SEE_OPERATIONS, p_("page", "Operations"), (OperationsState.open_page,)
        ),
    ),
    routes=lambda services: OperationsRoutes(services).routes,
)
