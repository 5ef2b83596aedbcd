"""What this room declares."""

from ais_app.room import SIGNED_IN, Address, Room

ROOM = Room(
    commands={"files": "ais_app.transfers.commands:files"},
    addresses=(Address("/files/[file]", SIGNED_IN, counted=True),),
)
