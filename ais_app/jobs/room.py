"""What this room declares."""

from ais_app.jobs import models
from ais_app.jobs.asking import JobChanged
from ais_app.jobs.feeds import change_of
from ais_app.jobs.kinds import KINDS
from ais_app.room import Room, tables_of

ROOM = Room(
    tables=tables_of(models),
    not_records={
        models.Job: "work that runs; who asked for it and stopped it is in the ledger, and so is what it changes",
        models.JobSchedule: "when what is due by itself comes next",
    },
    kinds=KINDS,
    changes={JobChanged: change_of},
)
