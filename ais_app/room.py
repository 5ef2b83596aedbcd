"""What a room declares of itself without Reflex, in its `room.py`; each field is named with whoever reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel

from ais_app.live.bus import Change
from ais_app.web.menu import Section


@dataclass(frozen=True, slots=True)
class Address:
    """A route that is no page, for whoever has a session. What has no declaration does not pass the gate.

    `button`: a click of a person sends it, so who has no session any more is led to sign in. `counted`: what it asks
    for counts as the work of a socket does. `view`: what a page shows, read by GET; it counts like an event and says
    itself how it is kept. A segment like `[course]` of its path is a uid.
    """

    path: str
    button: bool = False
    counted: bool = False
    view: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """`tables`: migrations. `kinds` (`ledger.kinds.Kind`): `kinds.py`. `menu`: the rail. `addresses`: the gate.

    `changes`: what an announced event is on the bus, for the composition root.
    """

    tables: tuple[type[SQLModel], ...] = ()
    kinds: tuple[Any, ...] = ()
    changes: Mapping[type, Callable[[Any], Change]] = field(default_factory=dict)
    menu: tuple[Section, ...] = ()
    addresses: tuple[Address, ...] = ()
