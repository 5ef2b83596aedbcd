"""The page of this room, and its routes."""

from ais_app.exchange.channel import deliver
from ais_app.exchange.page import exchange_page
from ais_app.exchange.routes import ExchangeRoutes
from ais_app.exchange.state import CHANNEL, ExchangeState
from ais_app.i18n import p_
from ais_app.pages import Page, Pages
from ais_app.rights.rules import Right

PAGES = Pages(
    pages=(Page("/exchange", exchange_page, Right.SET_UP_SCHOOL, p_("page", "Exchange"), (ExchangeState.open_page,)),),
    channels={CHANNEL: deliver},
    routes=lambda services: ExchangeRoutes(services).routes,
)
