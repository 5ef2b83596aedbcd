"""What this room declares."""

from ais_app.help.topics import PATH, TOPICS
from ais_app.i18n import p_
from ais_app.rights.rules import Right
from ais_app.room import Address, Room, Source

ROOM = Room(
    addresses=(
        Address(PATH, Right.USE_ACCOUNT, counted=True),
        *(Address(one.href, Right.USE_ACCOUNT, counted=True) for one in TOPICS),
    ),
    search=(Source("help", p_("search", "Help"), Right.USE_ACCOUNT, "ais_app.help.search:topics"),),
)
