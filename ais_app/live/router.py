"""What a browser told the server of itself, its address and its headers, is not sent back to it.

Reflex does so at every opening (1.7 KB), for pages that show it; ours read it on the server only. Stands on Reflex's
private API like `live/push.py`; pinned by `tests/states/test_live_contract.py`.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

_SUFFIX = "_rx_state_"


def keep_router() -> None:
    """From now on, no delta and no opening carries the variables of the router."""
    fields: dict[str, Any] = getattr(rx.State, "__fields__")  # noqa: B009 - Reflex's, which declares no type for it
    own = {name + _SUFFIX for name in fields if name.startswith("rx_router_")}
    root = rx.State.get_full_name()
    whole, changed = rx.State.dict, rx.State.get_delta

    def without(found: Any) -> Any:
        if root in found:
            kept = {name: value for name, value in found[root].items() if name not in own}
            found = {**found, root: kept} if kept else {name: one for name, one in found.items() if name != root}
        return found

    def dict_(self: Any, include_computed: bool = True, initial: bool = False, **more: Any) -> Any:
        found = whole(self, include_computed=include_computed, initial=initial, **more)
        return found if initial else without(found)

    def get_delta(self: Any) -> Any:
        return without(changed(self))

    rx.State.dict = dict_
    rx.State.get_delta = get_delta
