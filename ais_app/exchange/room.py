"""What this room declares."""

from ais_app.exchange.models import ImportedId
from ais_app.room import Room

ROOM = Room(
    tables=(ImportedId,),
)
