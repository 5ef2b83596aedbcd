"""What this room declares."""

from ais_app.ledger import models
from ais_app.ledger.epochs import EPOCH
from ais_app.ledger.kinds import ERASED
from ais_app.ledger.renewing import KEY_RENEWED
from ais_app.room import Room, tables_of

ROOM = Room(
    tables=tables_of(models),
    not_records=dict.fromkeys(tables_of(models), "the ledger itself"),
    kinds=(ERASED, EPOCH, KEY_RENEWED),
)
