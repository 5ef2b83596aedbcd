"""What this room declares."""

from ais_app.i18n import p_
from ais_app.refusals.payloads import PATH
from ais_app.rights.rules import Right
from ais_app.room import Room
from ais_app.web.menu import Section

ROOM = Room(menu=(Section(PATH, p_("page", "Refusals"), "alert", Right.KEEP_LEDGER),))
