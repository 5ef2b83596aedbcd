"""What a room declares of itself without Reflex, in its `room.py`; each field is named with whoever reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from sqlmodel import SQLModel

from ais_app.live.bus import Change
from ais_app.web.menu import Section


@dataclass(frozen=True, slots=True)
class Address:
    """A route that is no page, for whoever has a session. What has no declaration does not pass the gate.

    `button`: a click of a person sends it, so who has no session any more is led to sign in. `counted`: what it asks
    for counts as the work of a socket does.
    """

    path: str
    button: bool = False
    counted: bool = False


def tables_of(*models: ModuleType) -> tuple[type[SQLModel], ...]:
    """Every table that these modules define, in their order."""
    return tuple(
        found
        for module in models
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, SQLModel)
        and found.__module__ == module.__name__
        and hasattr(found, "__table__")
    )


@dataclass(frozen=True, slots=True)
class Room:
    """`tables`: migrations. `kinds` (`ledger.kinds.Kind`): `kinds.py`. `menu`: the rail. `addresses`: the gate.

    `changes`: what an announced event is on the bus, for the composition root. `commands`: {name of a command of `ais`:
    `module:attribute`}, imported when it is given, for `cli.py`. `requests`: where what they ask the running server for
    stands, a tuple of `server_commands.declared.Command`, for the composition root.
    """

    tables: tuple[type[SQLModel], ...] = ()
    kinds: tuple[Any, ...] = ()
    changes: Mapping[type, Callable[[Any], Change]] = field(default_factory=dict)
    menu: tuple[Section, ...] = ()
    addresses: tuple[Address, ...] = ()
    commands: Mapping[str, str] = field(default_factory=dict)
    requests: str = ""
