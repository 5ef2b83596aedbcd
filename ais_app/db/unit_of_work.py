"""The unit of work: what one use case reads, writes and announces, committed or forgotten as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlmodel import Session

from ais_app.clock import Clock
from ais_app.db.columns import new_uid


@dataclass(slots=True)
class UnitOfWork:
    """Handed to every service; lives in the writer thread and never outlives its savepoint.

    Hot paths use `execute` (Core); elsewhere `session` (ORM) is fine: both share one connection.
    Nothing in here commits: the writer does, and only then hands `announced` to the hook.
    """

    connection: Connection
    clock: Clock
    make_uid: Callable[[], str] = new_uid
    announced: list[Any] = field(default_factory=list)
    _session: Session | None = None

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def session(self) -> Session:
        if self._session is None:
            self._session = Session(bind=self.connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        return self._session

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        if self._session is not None:
            self._session.flush()
        return self.connection.execute(statement, parameters)

    def announce(self, event: Any) -> None:
        """Remember something that happened; the commit hook publishes it, a rollback forgets it."""
        self.announced.append(event)

    def finish(self) -> None:
        """Write what the ORM still holds; called by the writer before it releases the savepoint."""
        if self._session is not None:
            self._session.flush()

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
