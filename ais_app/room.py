"""What a room declares without Reflex, in its `room.py`; the docstring says who reads each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import ModuleType
from typing import Any

from sqlmodel import SQLModel

from ais_app.live.bus import Change
from ais_app.rights.rules import Actor, Right, Scope
from ais_app.settings import Settings
from ais_app.web.menu import Section


class Who(Enum):
    """`OPEN`: anybody. `SIGNED_IN`: whoever has a session, also one whose password must be changed first."""

    OPEN = "open"
    SIGNED_IN = "signed in"


OPEN, SIGNED_IN = Who.OPEN, Who.SIGNED_IN
LARGEST_FORM = 64 * 1024  # bytes; the largest that a browser sends while it leaves a page, too


@dataclass(frozen=True, slots=True)
class Address:
    """A route that is no page. What is not declared does not pass the gate.

    `who` may use it; the gate checks a `Right` of the role, the handler checks over whom it reaches. A segment like
    `[course]` of `path` is a uid. `largest_body` in bytes; 0 = only GET and HEAD. `streamed`: the request declares the
    length of its body and the handler reads it as it comes; else the handler begins when the body is whole.

    `admits(scope, settings)`: whom alone it is there for; anybody else is answered as at an unknown address.

    `button`: a person's click sends it, so that without a session it redirects to sign-in. `counted`: it takes from the
    budgets of work like a frame of a socket. `view`: it answers what a page shows, and sets its own caching.
    `for_tests`: only a server for tests (AIS_ENV=test) lets it pass.
    """

    path: str
    who: Who | Right
    largest_body: int = 0
    streamed: bool = False
    button: bool = False
    counted: bool = False
    view: bool = False
    for_tests: bool = False
    admits: Callable[[Mapping[str, Any], Settings], bool] | None = None


def tables_of(*models: ModuleType) -> tuple[type[SQLModel], ...]:
    """Every table that these modules define, in their order."""
    return tuple(
        defined
        for module in models
        for defined in vars(module).values()
        if isinstance(defined, type)
        and issubclass(defined, SQLModel)
        and defined.__module__ == module.__name__
        and hasattr(defined, "__table__")
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Where a room finds something: in a `section` of this `label`, for whoever has the right.

    `find` (`module:attribute`, imported with the first search) is called with a Reading and words, and returns hits
    with all the words in them (`people.searching.Hit`), the best first. Sources of one section stand together; of two
    hits with the same key the first counts. `scope`: only for whom the right reaches so far. `by_name`: finds persons,
    for which it is not asked where views are recorded (D-61).
    """

    section: str
    label: str
    right: Right
    find: str
    scope: Scope | None = None
    by_name: bool = False

    def is_for(self, actor: Actor) -> bool:
        scopes = actor.scopes(self.right)
        reaches = self.scope in scopes if self.scope else bool(scopes)
        return reaches and not (self.by_name and actor.hat.is_watched)


@dataclass(frozen=True, slots=True)
class Room:
    """`tables`: migrations. `records` (`ledger.records.Record`), and `not_records` with the reason why: `records.py`.
    `kinds` (`ledger.kinds.Kind`): `kinds.py`. `undoing`: {name of a kind: how its operations are undone,
    `ledger.kinds.Undo`}. `settings` (`school_settings.registry.Declared`): `declared_settings.py`. `menu`: the rail.
    `addresses`: the gate.

    `changes`: {class of an announced event: its change for the bus}, for the composition root. `commands`: {name of a
    command of `ais`: `module:attribute`, imported when it is used}, for `cli.py`. `requests`: `module:attribute` of a
    tuple of `server_commands.declared.Command` that the running server carries out, for the composition root. `jobs`
    (`jobs.declared.JobKind`): what the runner of jobs may run. `files` (`files.purposes.Purpose`): what files may be
    stored for. `search`: where the search finds what the room has.
    """

    tables: tuple[type[SQLModel], ...] = ()
    records: tuple[Any, ...] = ()
    not_records: Mapping[type[SQLModel], str] = field(default_factory=dict)
    kinds: tuple[Any, ...] = ()
    undoing: Mapping[str, Any] = field(default_factory=dict)
    settings: tuple[Any, ...] = ()
    changes: Mapping[type, Callable[[Any], Change]] = field(default_factory=dict)
    menu: tuple[Section, ...] = ()
    addresses: tuple[Address, ...] = ()
    commands: Mapping[str, str] = field(default_factory=dict)
    requests: str = ""
    jobs: tuple[Any, ...] = ()
    files: tuple[Any, ...] = ()
    search: tuple[Source, ...] = ()
