"""What this room declares."""

from ais_app.files import models
from ais_app.files.jobs import JOBS
from ais_app.files.kinds import KINDS
from ais_app.files.settings import SETTINGS
from ais_app.room import Room, tables_of

ROOM = Room(
    tables=tables_of(models),
    not_records={
        models.StoredFile: "files that travel and expire; what belongs to the record is named by a row of the record"
    },
    kinds=KINDS,
    settings=SETTINGS,
    jobs=JOBS,
)
