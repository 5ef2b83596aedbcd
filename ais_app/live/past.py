"""Variables that go past a state: they are pushed, or read by a plain request, and only the browser has them.

Stands on Reflex's private API like `live/push.py`; pinned by `tests/states/test_live_contract.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from secrets import token_urlsafe
from typing import Any, TypeVar

S = TypeVar("S", bound=type)
_SUFFIX = "_rx_state_"


def wanted(named: Mapping[str, Any]) -> dict[str, Any]:
    """What tells a page to read a view: {"at": its address, "seq": the number of its last change}.

    `n` makes two equal ones distinct for the browser, also when another process says the second.
    """
    return {"wanted": {"n": token_urlsafe(6), **named}}


def nothing_wanted() -> dict[str, Any]:
    """What tells a page that it is to read nothing any more: a request on its way is not shown."""
    return wanted({})


def past_the_state(*names: str) -> Callable[[S], S]:
    """Declare which variables of a state never come out of it: a socket that connects again empties none of them.

    The compiled page knows them with their defaults; a state that is reset for another session still sends these.
    """

    def declare(state: S) -> S:
        whole: Callable[..., dict[str, Any]] = state.dict
        left_out = {name + _SUFFIX for name in names}

        def dict_(self: Any, include_computed: bool = True, initial: bool = False, **more: Any) -> dict[str, Any]:
            found = whole(self, include_computed=include_computed, initial=initial, **more)
            if not initial:
                own = self.get_full_name()
                found[own] = {name: value for name, value in found[own].items() if name not in left_out}
            return found

        state.dict = dict_
        return state

    return declare
