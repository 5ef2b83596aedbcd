"""What announced events are on the bus, as the rooms declare it."""

from __future__ import annotations

from typing import Any

from ais_app.live.bus import Change
from ais_app.rooms import ROOMS

CHANGES = {event: change for room in ROOMS for event, change in room.changes.items()}


def change_of(event: Any) -> Change:
    """The change for the bus that an announced event becomes."""
    return CHANGES[type(event)](event)
