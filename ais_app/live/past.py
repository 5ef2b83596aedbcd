"""Variables that only the browser holds: they are pushed, or read by a plain request, and never kept in the state.

Uses Reflex's private API like `live/push.py`; pinned by `tests/states/test_live_contract.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from secrets import token_urlsafe
from typing import Any, TypeVar

S = TypeVar("S", bound=type)
_SUFFIX = "_rx_state_"


def wanted(named: Mapping[str, Any]) -> dict[str, Any]:
    """The variable that makes a page read a view; `named`: {"at": its address, "seq": the number of its last change}.

    A random `n` makes two equal ones distinct for the browser, also when they come from different processes.
    """
    return {"wanted": {"n": token_urlsafe(6), **named}}


def nothing_wanted() -> dict[str, Any]:
    """The variable that makes a page read nothing any more: the answer to a pending request is not shown."""
    return wanted({})


def past_the_state(*names: str) -> Callable[[S], S]:
    """Declare variables that the state does not send when a page opens: a socket that reconnects must not empty them.

    The page is compiled with their defaults; a state that is reset for another session still sends these.
    """

    def declare(state: S) -> S:
        whole: Callable[..., dict[str, Any]] = state.dict
        left_out = {name + _SUFFIX for name in names}

        def dict_(self: Any, include_computed: bool = True, initial: bool = False, **more: Any) -> dict[str, Any]:
            values = whole(self, include_computed=include_computed, initial=initial, **more)
            if not initial:
                own = self.get_full_name()
                values[own] = {name: value for name, value in values[own].items() if name not in left_out}
            return values

        state.dict = dict_
        return state

    return declare
