"""What this room declares."""

from ais_app.room import Room

ROOM = Room(commands={"migrate": "ais_app.server_commands.commands:migrate"})
