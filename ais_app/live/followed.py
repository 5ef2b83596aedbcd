"""Events as Reflex carries them out: each under an id of its own in the log, and measured.

Changes Reflex's private `_execute_event` (0.10.1); pinned by `tests/states/test_live_contract.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import cache
from time import perf_counter
from typing import Any

from reflex_base.event.processor import BaseStateEventProcessor

from ais_app import log_ids
from ais_app.db.columns import new_uid
from ais_app.instruments import EVENTS, child

_outcome: ContextVar[list[str] | None] = ContextVar("outcome", default=None)


def refused() -> None:
    """The present event was refused before its handler."""
    found = _outcome.get()
    if found is not None:
        found[:] = ["refused"]


def follow_events() -> None:
    """Carry every event out under its id; once for a process."""
    execute: Callable[..., Awaitable[None]] = BaseStateEventProcessor._execute_event  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    if getattr(execute, "is_followed", False):
        return

    async def followed(self: Any, *, entry: Any, registered_handler: Any) -> None:
        begun, outcome = perf_counter(), ["done"]
        _outcome.set(outcome)
        token = log_ids.begin(request=new_uid())
        try:
            await execute(self, entry=entry, registered_handler=registered_handler)
        except asyncio.CancelledError:
            outcome[:] = ["dropped"]
            raise
        except BaseException as error:
            outcome[:] = ["failed"]
            log_ids.keep(error)  # Reflex has it logged by another task
            raise
        finally:
            log_ids.end(token)
            child(EVENTS, name_of(entry.event.name), outcome[0]).observe(perf_counter() - begun)

    followed.is_followed = True  # type: ignore[attr-defined]
    setattr(BaseStateEventProcessor, "_execute_event", followed)  # noqa: B010 - Reflex's, as above


@cache
def name_of(event: str) -> str:
    """The state and handler of an event: `journal_state.enter`. Only registered ones come this far."""
    state, _dot, handler = event.rpartition(".")
    return f"{state.rpartition('____')[2].rpartition('.')[2]}.{handler}"
