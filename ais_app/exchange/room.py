"""What this room declares."""

from ais_app.exchange.models import ImportedId
from ais_app.room import Room

ROOM = Room(
    tables=(ImportedId,),
    commands={
        "import": "ais_app.exchange.commands:import_",
        "export": "ais_app.exchange.commands:export",
    },
    requests="ais_app.exchange.requests:REQUESTS",
)
