"""The top bar: what a room shows in it on every page is registered from above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

Part = Callable[[Any], rx.Component]  # made of the state that knows the person

_parts: list[Part] = []


def register(*parts: Part) -> None:
    """Set what stands in the top bar beside what is always there, in its order."""
    _parts[:] = parts


def parts(shell: Any) -> list[rx.Component]:
    return [part(shell) for part in _parts]
