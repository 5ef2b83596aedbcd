"""What this room declares."""

from ais_app.db.topics import TopicSequence
from ais_app.room import Room

ROOM = Room(tables=(TopicSequence,))
