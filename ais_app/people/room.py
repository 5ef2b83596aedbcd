"""What this room declares."""

from ais_app.people import models
from ais_app.people.records import RECORDS
from ais_app.room import Room, tables_of

ROOM = Room(tables=tables_of(models), records=RECORDS)
