"""What this room declares: nothing that the others read."""

from ais_app.room import Room

ROOM = Room()
