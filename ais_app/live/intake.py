"""Events of a socket before Reflex gets them: what it cannot read is answered here, the rest is followed to its end.

Uses Reflex's private API like `live/push.py`; pinned by `tests/states/test_live_contract.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Protocol

import reflex as rx
from reflex.istate.data import ReflexURL
from reflex_base.registry import RegistrationContext

LONGEST_ADDRESS, MOST_PARAMETERS = 4_096, 64


class Followed(Protocol):
    """An event that was handed to Reflex, with everything it calls in its turn."""

    def when_over(self, tell: Callable[[], None]) -> None:
        """Call `tell` once, when all of it is done or dropped."""
        ...

    def drop(self) -> None:
        """Cancel what of it has not begun."""
        ...


class Sender(Protocol):
    """The socket that a frame came through."""

    def follow(self, event: Followed) -> None:
        """The frame that is being handled became this event."""
        ...

    def report(self, subject: str) -> None:
        """Count what was refused."""
        ...

    def end(self) -> None:
        """End the socket: the frame that is being handled cannot be read."""
        ...


SENDER: ContextVar[Sender] = ContextVar("sender")  # set by the gate, which is outermost, for all that a socket calls
Answer = Callable[[str], Awaitable[None]]  # tells the tab of a token that something of it was refused


class Intake:
    """Checks messages between socket.io and Reflex's queue of events."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._app: Any = None

    def attach(self, app: rx.App) -> None:
        """Replace the two functions that socket.io calls with what a client sent."""
        sio: Any = app.sio
        namespace: Any = app.event_namespace
        read, enqueue = sio.eio.handlers["message"], namespace.on_event
        self._app = app

        async def reading(connection: str, frame: Any) -> None:
            try:
                await read(connection, frame)
            except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
                SENDER.get().end()  # no packet of socket.io, or none that can be called

        async def on_event(sid: str, *parts: Any) -> None:
            token = namespace.sid_to_token.get(sid)
            if token is None:
                return
            fault = fault_of(parts)
            if fault:
                SENDER.get().report(fault)
                await self._answer(token)
                return
            event = parts[0]
            await enqueue(sid, {name: event[name] for name in ("name", "payload") if name in event} | _router(event))
            SENDER.get().follow(_Chain(self._processor))

        sio.eio.handlers["message"] = reading
        namespace.on_event = on_event  # socket.io looks it up on the object

    @property
    def _processor(self) -> Any:
        return self._app.event_processor


class _Chain:
    """The event that was enqueued last, with all that it calls; must be made before any other is enqueued."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor
        self._event: Any = next(reversed(processor._futures.values()), None)  # noqa: SLF001 - no public way

    def when_over(self, tell: Callable[[], None]) -> None:
        def look(_future: Any) -> None:
            for one in self._all():
                if not one.done():
                    one.add_done_callback(look)
                    return
            tell()

        look(None)

    def drop(self) -> None:
        begun = self._processor._tasks  # noqa: SLF001 - as above
        for one in self._all():
            if not one.done() and one.txid not in begun:
                one.cancel()

    def _all(self) -> list[Any]:
        events = [] if self._event is None else [self._event]
        for one in events:
            events.extend(one.children)
        return events


def fault_of(parts: tuple[Any, ...]) -> str:
    """What is wrong with a message that should be one event; "" when Reflex can handle it.

    The payload, and who may call the handler, is checked by the guard.
    """
    event = parts[0] if len(parts) == 1 else None
    if not isinstance(event, dict):
        return "no event"
    name = event.get("name")
    if not isinstance(name, str) or name not in RegistrationContext.get().event_handlers:
        return "unknown handler"
    return "" if _can_be_read(event.get("router_data", {})) else "address"


def _can_be_read(router_data: Any) -> bool:
    """Whether this is the address of a tab: texts of at most `LONGEST_ADDRESS` bytes in all, each of them optional."""
    if not isinstance(router_data, dict):
        return False
    query = router_data.get("query", {})
    if not isinstance(query, dict) or len(query) > MOST_PARAMETERS:
        return False
    texts = [router_data.get("pathname", ""), router_data.get("asPath", ""), *query]
    for value in query.values():
        texts.extend(value if isinstance(value, list) else [value])
    if len(texts) > 4 * MOST_PARAMETERS or set(map(type, texts)) != {str}:
        return False
    try:
        return len("".join(texts).encode()) <= LONGEST_ADDRESS and _is_address(router_data.get("asPath", ""))
    except ValueError:  # half of a surrogate pair
        return False


@lru_cache(maxsize=1024)
def _is_address(text: str) -> bool:
    try:
        ReflexURL(text)
    except ValueError:
        return False
    return True


def _router(event: Mapping[str, Any]) -> dict[str, Any]:
    """The address of the tab, without anything else that a client may have sent with it: it is kept with the state."""
    sent = event.get("router_data", {})
    return {"router_data": {name: sent[name] for name in ("pathname", "asPath", "query") if name in sent}}
