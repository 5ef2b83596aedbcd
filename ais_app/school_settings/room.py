"""What this room declares. The settings themselves are declared by the rooms that use them."""

from ais_app.live.bus import Change
from ais_app.room import Room, tables_of
from ais_app.school_settings import models
from ais_app.school_settings.events import SettingsChanged, feed_of
from ais_app.school_settings.kinds import KINDS
from ais_app.school_settings.records import RECORDS
from ais_app.school_settings.undoing import UNDOING

ROOM = Room(
    tables=tables_of(models),
    records=RECORDS,
    kinds=KINDS,
    undoing=UNDOING,
    changes={SettingsChanged: lambda event: Change(feed_of(event.school), event.sequence)},
)
