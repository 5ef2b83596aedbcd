"""Every table of the record that a room declares, by its entity in the ledger."""

from ais_app.rooms import ROOMS

RECORDS = {record.name: record for room in ROOMS for record in room.records}
