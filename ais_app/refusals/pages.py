"""The page of this room."""

from ais_app.i18n import p_
from ais_app.pages import Page, Pages
from ais_app.refusals.page import refusals_page
from ais_app.refusals.payloads import PATH
from ais_app.refusals.state import RefusalsState
from ais_app.rights.rules import Right

PAGES = Pages(pages=(Page(PATH, refusals_page, Right.KEEP_LEDGER, p_("page", "Refusals"), (RefusalsState.open_page,)),))
