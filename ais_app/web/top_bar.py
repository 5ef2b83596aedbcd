"""The top bar: the composition root registers what rooms show in it on every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

Part = Callable[[Any], rx.Component]  # made of the state that knows the person

_parts: list[Part] = []


def register(*parts: Part) -> None:
    """Set what the rooms add to the top bar, in its order."""
    _parts[:] = parts


def parts(shell: Any) -> list[rx.Component]:
    return [part(shell) for part in _parts]
