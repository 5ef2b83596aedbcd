"""States that send only values that differ from before: pages are opened far more often than their values change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import reflex as rx

S = TypeVar("S", bound=type)


def only_changes(*besides: str) -> Callable[[S], S]:
    """Declare that an assignment of an equal value to a variable of this state sends nothing to the browser.

    A variable that was never assigned is compared with its default, with which every page was compiled.

    `besides`: variables whose value in the browser may differ from the state's, since they are pushed (`live/past.py`).
    """

    def declare(state: S) -> S:
        fields: dict[str, Any] = getattr(state, "__fields__")  # noqa: B009 - Reflex's, which declares no type for it
        own = set(getattr(state, "base_vars")) - set(besides)  # noqa: B009 - as above
        assign: Callable[[Any, str, Any], None] = getattr(state, "__setattr__")  # noqa: B009 - of the class, unbound

        def set_(self: Any, name: str, value: Any) -> None:
            if name in own:
                held = self.__dict__[name] if name in self.__dict__ else fields[name].default_value()
                if type(held) is type(value) and held == value:
                    return
            assign(self, name, value)

        setattr(state, "__setattr__", set_)  # noqa: B010 - as above
        return state

    return declare


def say_hydrated_once() -> None:
    """Change `rx.State` so that a tab is not told twice at each opening that its page is not hydrated yet."""
    assign: Callable[[Any, str, Any], None] = rx.State.__setattr__

    def set_(self: Any, name: str, value: Any) -> None:
        if name != "is_hydrated" or self.is_hydrated is not value:
            assign(self, name, value)

    setattr(rx.State, "__setattr__", set_)  # noqa: B010 - Reflex's, as above
