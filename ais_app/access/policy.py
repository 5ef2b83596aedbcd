"""The gatepost of handlers: `@allow(right)` names what a handler needs; without it nobody can call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ais_app.access.rules import Right

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "_ais_permission"

# What the framework itself calls when a tab opens or moves; everything else of its own is refused.
_ROOT = "reflex___state____state"
FRAMEWORK_HANDLERS = frozenset(
    {
        f"{_ROOT}.hydrate",
        f"{_ROOT}.hydrate_and_load",
        f"{_ROOT}.set_is_hydrated",
        f"{_ROOT}.reflex___state____on_load_internal_state.on_load_internal",
        f"{_ROOT}.reflex___state____on_load_internal_state.set_is_hydrated",
    }
)


@dataclass(frozen=True, slots=True)
class Permission:
    """The right a handler needs, and how it answers when it is refused (variables of its state)."""

    right: Right
    refusal: Callable[[Mapping[str, Any], str], dict[str, Any]] | None = None


def allow(right: Right, refusal: Callable[[Mapping[str, Any], str], dict[str, Any]] | None = None) -> Callable[[F], F]:
    """Declare who may call a handler. Stands above `@rx.event`."""

    def mark(handler: F) -> F:
        setattr(handler, _MARK, Permission(right, refusal))
        return handler

    return mark


def permission_of(handler: Callable[..., Any]) -> Permission | None:
    return getattr(handler, _MARK, None)
