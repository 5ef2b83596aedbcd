"""Everything that files are stored for, as rooms declare it, by its name in the table of files."""

from ais_app.files.purposes import by_name
from ais_app.rooms import ROOMS

PURPOSES = by_name(*(room.files for room in ROOMS))
