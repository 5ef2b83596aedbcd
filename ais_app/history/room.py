"""What this room declares."""

from ais_app.history.kinds import KINDS
from ais_app.i18n import p_
from ais_app.rights.rules import Right
from ais_app.room import LARGEST_FORM, Address, Room
from ais_app.web.menu import Section

ROOM = Room(
    kinds=KINDS,
    menu=(Section("/operations", p_("page", "Operations"), "list", Right.SEE_OPERATIONS),),
    addresses=(Address("/operations/export", Right.SEE_OPERATIONS, LARGEST_FORM, counted=True),),
    commands={"history": "ais_app.history.commands:history"},
)
