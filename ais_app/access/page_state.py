"""What the states of pages share: status, address, wrong fields, watching before reading, forms that stay (D-50)."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Literal, TypeVar

import reflex as rx

from ais_app.access.handling import count_refusal, is_anew, say
from ais_app.access.page_address import asked_address
from ais_app.access.payload import Payload
from ais_app.live.hub import Watcher
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor
from ais_app.services import services
from ais_app.web.forms import Wrong

# `missing`: what the address names is not there, or not for this person; `nobody`: there is nobody to show;
# `class`: a list to choose from; `error`: the page could not be made.
Status = Literal["loading", "ready", "missing", "class", "nobody", "error"]

T = TypeVar("T")
P = TypeVar("P", bound=Payload)


class Addressed(rx.State, mixin=True):
    """A page whose address says what it shows (`page_address.py`)."""

    address: dict[str, str] = {}


class WithForms(Addressed, mixin=True):
    """A page with forms; `wrong`: which field of the form that was sent last is wrong, and why."""

    wrong: Wrong = Wrong()


async def watched_read(watcher: Watcher, read: Awaitable[T]) -> T:
    """Watch, then read, so that no change in between is missed; returns what was read.

    Raises what the read raises; after NotYours the tab watches nothing.
    """
    hub = services().hub
    hub.watch([watcher], watcher.token)
    try:
        return await read
    except NotYours:
        hub.unwatch(watcher.token)
        raise


async def tell_foreign(state: Any, actor: Actor, refusal: NotYours, kind: str, subject: str) -> None:
    """Show the refusal to somebody who asked for what is not (or no longer) his, and count the attempt."""
    await say(state, str(refusal))
    await count_refusal(actor, kind, subject)


async def asked_or_kept(state: Any, shape: type[P], *, again: bool = True) -> P | None:
    """What the address of a page with forms asks for; None where the tab shows that already.

    Then its forms stay as they are. What was wrong in one is forgotten when another is asked for, when the page is
    opened anew, and when it is about something else than before (`again` = False).
    """
    asked = asked_address(state, shape, state.address if again else {})
    if asked is not None or not again or await is_anew(state):
        state.wrong = Wrong()
    return asked
