"""What this room declares."""

from ais_app.i18n import p_
from ais_app.rights.rules import Right
from ais_app.room import Address, Room, Source

LARGEST = 2 * 1024  # bytes of a form with what is typed
PATH = "/search"

ROOM = Room(
    addresses=(Address(PATH, Right.USE_ACCOUNT, LARGEST, counted=True),),
    search=(Source("pages", p_("search", "Pages"), Right.USE_ACCOUNT, "ais_app.search.own_pages:own_pages"),),
)
