"""Where every room finds something, in the order of the rooms."""

from ais_app.rooms import ROOMS

SOURCES = tuple(source for room in ROOMS for source in room.search)
