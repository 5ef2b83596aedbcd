"""What this room declares."""

from ais_app.room import Room

ROOM = Room(commands={"demo": "ais_app.setup.commands:demo"})
