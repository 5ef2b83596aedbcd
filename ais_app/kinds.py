"""Every kind of operation that a room declares, by its name in the ledger."""

from ais_app.ledger.kinds import by_name
from ais_app.rooms import ROOMS

KINDS = by_name(*(room.kinds for room in ROOMS))
