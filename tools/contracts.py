"""The order of the rooms as a contract for import-linter: the list in `ais_app/rooms.py`, written nowhere else."""

from __future__ import annotations

from typing import Any

from importlinter.contracts.layers import LayersContract

from ais_app.rooms import NAMES

ABOVE = ("ais_app | cli",)
BENEATH_RECORDS = "web | live"  # they know no room; the database alone stands beneath them


class RoomsContract(LayersContract):
    """Layers, the highest first: the root, the rooms, what shows and carries, the database."""

    def __init__(self, name: str, session_options: dict[str, Any], contract_options: dict[str, Any]) -> None:
        lowest, *rooms = NAMES
        layers = [*ABOVE, *reversed(rooms), BENEATH_RECORDS, lowest]
        super().__init__(name, session_options, contract_options | {"layers": layers})
