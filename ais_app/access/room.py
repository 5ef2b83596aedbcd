"""What this room declares."""

from ais_app.access.models import Account, LoginSession, LoginThrottle, Preference, RoleAssignment, SecurityEvent
from ais_app.access.service import SessionsEnded
from ais_app.live.bus import SESSIONS, Change
from ais_app.room import Address, Room

ROOM = Room(
    tables=(
        Account,
        RoleAssignment,
        LoginSession,
        Preference,
        LoginThrottle,
        SecurityEvent,
    ),
    changes={SessionsEnded: lambda event: Change(SESSIONS, 0, {"uids": event.session_uids})},
    addresses=(
        Address("/logout", button=True),
        Address("/password", button=True),
        Address("/hat", button=True),
        Address("/sessions/end-others", button=True),
    ),
)
