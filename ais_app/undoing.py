"""Undo of the operations of every room."""

from ais_app.kinds import KINDS
from ais_app.ledger.undoing import Undoing
from ais_app.records import RECORDS
from ais_app.rooms import ROOMS

UNDOING = Undoing(KINDS, RECORDS, {name: rule for room in ROOMS for name, rule in room.undoing.items()})
