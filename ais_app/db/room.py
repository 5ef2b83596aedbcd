"""What this room declares."""

from ais_app.db import feeds
from ais_app.room import Room, tables_of

ROOM = Room(tables=tables_of(feeds), not_records={feeds.FeedSequence: "numbers of changes, for open pages"})
