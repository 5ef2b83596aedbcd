"""What this room declares: nothing to keep and no place in the menu."""

from ais_app.room import Room

ROOM = Room()
