"""What this room declares."""

from ais_app.access import models
from ais_app.access.service import SessionsEnded
from ais_app.live.bus import SESSIONS, Change
from ais_app.room import Address, Room, tables_of

ROOM = Room(
    tables=tables_of(models),
    changes={SessionsEnded: lambda event: Change(SESSIONS, 0, {"uids": event.session_uids})},
    addresses=(
        Address("/logout", button=True),
        Address("/password", button=True),
        Address("/hat", button=True),
        Address("/sessions/end-others", button=True),
    ),
)
