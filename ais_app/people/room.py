"""What this room declares."""

from ais_app.people.models import Guardianship, Person, School
from ais_app.room import Room

ROOM = Room(
    tables=(
        School,
        Person,
        Guardianship,
    ),
)
