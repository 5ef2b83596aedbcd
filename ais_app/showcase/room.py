"""What this room declares: the route that takes the file of its page."""

from ais_app.rights.rules import Right
from ais_app.room import Address, Room

LARGEST_FILE = 1024 * 1024  # bytes

ROOM = Room(addresses=(Address("/kit/file", Right.USE_ACCOUNT, LARGEST_FILE, streamed=True, for_tests=True),))
