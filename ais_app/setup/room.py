"""What this room declares."""

from ais_app.room import Room
from ais_app.setup.jobs import JOBS

ROOM = Room(commands={"demo": "ais_app.setup.commands:demo"}, requests="ais_app.setup.requests:REQUESTS", jobs=JOBS)
