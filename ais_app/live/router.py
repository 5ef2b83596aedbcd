"""The variables of Reflex's router, a tab's address and headers, are not sent back to the browser.

Reflex does so at every opening (1.7 KB), for pages that show them; ours read them on the server only. Uses Reflex's
private API like `live/push.py`; pinned by `tests/states/test_live_contract.py`.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

_SUFFIX = "_rx_state_"


def keep_router() -> None:
    """Change `rx.State` so that no delta and no opening page sends the variables of the router."""
    fields: dict[str, Any] = getattr(rx.State, "__fields__")  # noqa: B009 - Reflex's, which declares no type for it
    own = {name + _SUFFIX for name in fields if name.startswith("rx_router_")}
    root = rx.State.get_full_name()
    whole, changed = rx.State.dict, rx.State.get_delta

    def without(sent: Any) -> Any:
        if root in sent:
            kept = {name: value for name, value in sent[root].items() if name not in own}
            sent = {**sent, root: kept} if kept else {name: one for name, one in sent.items() if name != root}
        return sent

    def dict_(self: Any, include_computed: bool = True, initial: bool = False, **more: Any) -> Any:
        values = whole(self, include_computed=include_computed, initial=initial, **more)
        return values if initial else without(values)

    def get_delta(self: Any) -> Any:
        return without(changed(self))

    rx.State.dict = dict_
    rx.State.get_delta = get_delta
