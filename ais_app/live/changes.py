"""States that send what is other than before: a page is opened and a cell looked at far more often than they change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

S = TypeVar("S", bound=type)


def only_changes(*besides: str) -> Callable[[S], S]:
    """Declare that a value of this state that is assigned once more as it was goes to no browser.

    A value that was never assigned is the one that every page was compiled with.

    `besides`: variables that a browser may hold otherwise than the state does, since they go past it (`live/past.py`).
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
