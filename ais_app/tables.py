"""Every table that a room declares, so that migrations and tests see one whole metadata."""

from ais_app.rooms import ROOMS

TABLES = tuple(table for room in ROOMS for table in room.tables)
