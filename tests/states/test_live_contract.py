"""The private API of Reflex that `live/push.py` stands on: an upgrade begins here."""

from __future__ import annotations

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory

from ais_app.diary.state import DiaryState
from ais_app.live.push import Push


class _App:
    """As much of an app as the states of closed tabs need."""

    event_namespace = None
    sio = None

    def __init__(self, manager: StateManagerMemory) -> None:
        self._state_manager = manager


async def test_s50_the_state_of_a_closed_tab_is_dropped_unless_an_event_is_at_work_in_it():
    manager, push = StateManagerMemory(), Push()
    push.attach(_App(manager), DiaryState, {})  # pyright: ignore[reportArgumentType]
    tokens = [rx.BaseStateToken(ident=name, cls=DiaryState) for name in ("gone", "busy")]
    for token in tokens:
        async with manager.modify_state(token):
            pass
    async with manager.modify_state(tokens[1]):
        for name in ("gone", "busy", "never there"):
            push.forget(name)
        assert list(manager.states) == ["busy"]
    await manager.close()


def test_without_an_app_nothing_is_dropped():
    Push().forget("tab")
