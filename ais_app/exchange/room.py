"""What this room declares."""

from ais_app.exchange import models
from ais_app.exchange.kinds import KINDS
from ais_app.room import Room, tables_of

ROOM = Room(
    tables=tables_of(models),
    not_records={models.ImportedId: "how other systems call rows, for a second import"},
    kinds=KINDS,
    commands={
        "import": "ais_app.exchange.commands:import_",
        "export": "ais_app.exchange.commands:export",
    },
    requests="ais_app.exchange.requests:REQUESTS",
)
