"""Sending variables to a tab and ending its socket, by Reflex's private API (0.10.1).

Pinned by `tests/states/test_live_contract.py`; an upgrade of Reflex begins there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import StateUpdate

_SUFFIX = "_rx_state_"


class Push:
    """Sends to tabs whose socket lives in this process; nothing is stored in any state."""

    def __init__(self) -> None:
        self._app: rx.App | None = None
        self._farewell: tuple[type, Mapping[str, Any]] | None = None

    def attach(self, app: rx.App, state: type, farewell: Mapping[str, Any]) -> None:
        """Use this app. `farewell`: the variables of `state` by which a page learns that its session is over."""
        self._app, self._farewell = app, (state, farewell)

    def is_connected(self, token: str) -> bool:
        """Whether the tab's socket is connected to this very process."""
        namespace = self._namespace
        if namespace is None:
            return False
        manager = namespace._token_manager  # noqa: SLF001 - no public way (tests/states/test_live_contract.py)
        record = manager.token_to_socket.get(token)
        return record is not None and record.instance_id == manager.instance_id

    async def send(self, token: str, state: type, variables: Mapping[str, Any]) -> None:
        """Set variables of `state` in the browser only; the server's state keeps its defaults."""
        namespace = self._namespace
        if namespace is not None and self.is_connected(token):
            delta = {state.get_full_name(): {name + _SUFFIX: value for name, value in variables.items()}}
            await namespace.emit_update(StateUpdate(delta=delta), token)

    async def leave(self, token: str) -> None:
        """Send the farewell to a tab and end its socket; the page then leads to sign-in and back to its own address."""
        namespace = self._namespace
        if namespace is None or not self.is_connected(token) or self._app is None or self._app.sio is None:
            return
        sid = namespace.token_to_sid[token]
        if self._farewell is not None:
            await self.send(token, *self._farewell)
        connection = self._app.sio.manager.eio_sid_from_sid(sid, namespace.namespace)
        await self._app.sio.disconnect(sid, namespace=namespace.namespace)
        await self._app.sio.eio.disconnect(connection)

    def kept_states(self) -> list[str]:
        """The tabs whose state this process keeps, connected or not; none where states are kept in Redis."""
        manager = self._manager
        return [] if manager is None else [tab for tab, state in manager.states.items() if isinstance(state, rx.State)]

    def forget(self, token: str) -> None:
        """Drop the state of a closed tab, unless an event is at work in it; in Redis it expires by itself."""
        manager = self._manager
        if manager is None:
            return
        tab = rx.BaseStateToken(ident=token, cls=rx.State)
        lock = manager._states_locks.get(tab.lock_key)  # noqa: SLF001 - as above
        if lock is None or not lock.locked():
            manager._purge_token(tab)  # noqa: SLF001 - as above

    @property
    def _manager(self) -> StateManagerMemory | None:
        manager = None if self._app is None else self._app._state_manager  # noqa: SLF001 - as above
        return manager if isinstance(manager, StateManagerMemory) else None

    @property
    def _namespace(self) -> Any:
        return None if self._app is None else self._app.event_namespace
