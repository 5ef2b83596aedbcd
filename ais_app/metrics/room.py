"""What this room declares."""

from ais_app.metrics.admission import admits
from ais_app.room import OPEN, Address, Room

ROOM = Room(addresses=(Address("/metrics", OPEN, admits=admits),))
