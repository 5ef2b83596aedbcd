"""What this room declares."""

from ais_app.room import Room

ROOM = Room(commands={"user": "ais_app.accounts.commands:user"}, requests="ais_app.accounts.requests:REQUESTS")
