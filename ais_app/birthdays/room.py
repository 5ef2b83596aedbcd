"""This room declares neither tables nor a section of the menu."""

from ais_app.room import Room

ROOM = Room()
