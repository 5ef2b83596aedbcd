"""The unit of work: what one use case reads, writes and announces, committed or rolled back as a whole."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, overload

from sqlalchemy import Connection, CursorResult, Executable

from ais_app.clock import Clock
from ais_app.db.columns import new_uid
from ais_app.db.prepared import Prepared

Values = Mapping[str, Any] | list[Any]
WriteNote = Callable[[Connection, Any], None]


@dataclass(slots=True)
class Shared:
    """What units of work share.

    `notes` live for one transaction: a value that each unit replaces and that is written once, before the commit.
    `memory` lives with the writer: what was read before; whoever uses it must check that it is still true.
    """

    notes: dict[Hashable, tuple[Any, WriteNote]] = field(default_factory=dict[Hashable, tuple[Any, WriteNote]])
    memory: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(slots=True)
class UnitOfWork:
    """Handed to every service; lives in the writer thread and never outlives its savepoint.

    Nothing in here commits: the writer does, and only then hands `announced` to the hook.
    `moment`: `now` while an operation runs, all of which happens at one moment; else None.
    """

    connection: Connection
    clock: Clock
    make_uid: Callable[[], str] = new_uid
    announced: list[Any] = field(default_factory=list[Any])
    shared: Shared = field(default_factory=Shared)
    moment: datetime | None = None

    @property
    def now(self) -> datetime:
        return self.moment or self.clock.now()

    @overload
    def execute(self, statement: Prepared, parameters: Values) -> list[Any]: ...
    @overload
    def execute(self, statement: Executable, parameters: Values | None = None) -> CursorResult[Any]: ...
    def execute(self, statement: Prepared | Executable, parameters: Any = None) -> list[Any] | CursorResult[Any]:
        """Run a statement with these values, or once with each of several; a prepared one gives a list of rows."""
        if isinstance(statement, Prepared):
            return statement.execute(self.connection, parameters)
        return self.connection.execute(statement, parameters)

    def noted(self, key: Hashable) -> Any:
        """What an earlier unit of this transaction noted under `key`, or None."""
        note = self.shared.notes.get(key)
        return None if note is None else note[0]

    def note(self, key: Hashable, value: Any, write: WriteNote) -> None:
        """Keep `value` for later units of this transaction; `write(connection, value)` runs once, before the commit.

        `value` is never changed afterwards: the writer goes back to the older one when a unit fails.
        """
        self.shared.notes[key] = (value, write)

    def announce(self, event: Any) -> None:
        """Remember something that happened; the commit hook publishes it, a rollback forgets it."""
        self.announced.append(event)
