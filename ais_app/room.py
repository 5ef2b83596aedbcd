"""What a room declares of itself without Reflex, in its `room.py`; each field is named with whoever reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import ModuleType
from typing import Any

from sqlmodel import SQLModel

from ais_app.live.bus import Change
from ais_app.rights.rules import Right
from ais_app.web.menu import Section


class Who(Enum):
    """`OPEN`: anybody. `SIGNED_IN`: whoever has a session, also one whose password must be changed first."""

    OPEN = "open"
    SIGNED_IN = "signed in"


OPEN, SIGNED_IN = Who.OPEN, Who.SIGNED_IN
LARGEST_FORM = 64 * 1024  # bytes; the largest that a browser sends while it leaves a page, too


@dataclass(frozen=True, slots=True)
class Address:
    """A route that is no page. What has no declaration does not pass the gate.

    `who` may come; a `Right` is asked of the role, over whom it reaches the handler asks. A segment like `[course]` of
    `path` is a uid. `largest_body` in bytes: without one it is only read (GET, HEAD). `streamed`: the body says its
    length and goes on as it comes; else the handler begins when it is whole.

    `button`: a click of a person sends it, so who has no session any more is led to sign in. `counted`: what it asks
    for counts as the work of a socket does. `view`: what a page shows; it says itself how it is kept.
    """

    path: str
    who: Who | Right
    largest_body: int = 0
    streamed: bool = False
    button: bool = False
    counted: bool = False
    view: bool = False


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
