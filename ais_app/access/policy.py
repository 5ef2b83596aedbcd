"""Permissions of handlers: each handler carries its own; one without a permission can be called by nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from ais_app.access.payload import Payload
from ais_app.rights.rules import Right

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "_ais_permission"

_ROOT = "reflex___state____state"
_ON_LOAD = f"{_ROOT}.reflex___state____on_load_internal_state"
MOST_HASHES, LONGEST_HASH = 500, 128


def _nothing(payload: Mapping[str, Any]) -> bool:
    return not payload


def _flag(payload: Mapping[str, Any]) -> bool:
    return set(payload) == {"value"} and isinstance(payload["value"], bool)


def _opening(payload: Mapping[str, Any]) -> bool:
    """Hashes of the compiled states; values of client storage never, since there is none (S-60)."""
    hashes = payload.get("hashes", [])
    return (
        set(payload) <= {"vars", "hashes"}
        and not payload.get("vars")
        and isinstance(hashes, list)
        and len(cast("list[Any]", hashes)) <= MOST_HASHES
        and all(isinstance(one, str) and len(one) <= LONGEST_HASH for one in cast("list[Any]", hashes))
    )


# What the framework itself calls when a tab opens or moves, with what it may send; the rest of its own is refused.
FRAMEWORK_HANDLERS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    f"{_ROOT}.hydrate": _nothing,
    f"{_ROOT}.hydrate_and_load": _opening,
    f"{_ROOT}.set_is_hydrated": _flag,
    f"{_ON_LOAD}.on_load_internal": _nothing,
    f"{_ON_LOAD}.set_is_hydrated": _flag,
}

OPENING = frozenset({f"{_ROOT}.hydrate", f"{_ROOT}.hydrate_and_load"})  # of these: a page begins

# What a browser reports by itself when its page breaks: refused and counted like the rest, but the person, who asked
# for nothing, is told what happened to him instead.
REPORTS = frozenset({f"{_ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"})


Refusal = Callable[[Mapping[str, Any], str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Permission:
    """The right a handler needs, what it takes, and how it answers when it is refused (variables of its state)."""

    right: Right
    payload: type[Payload] | None = None
    refusal: Refusal | None = None


def permit(handler: F, permission: Permission) -> F:
    """Attach its permission to a handler; `handling.allow` does so for all of them."""
    setattr(handler, _MARK, permission)
    return handler


def permission_of(handler: Callable[..., Any]) -> Permission | None:
    return getattr(handler, _MARK, None)
