"""What rooms above show on the home page: its parts, its title, how much is waiting."""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx

from ais_app.pages import HomeHead, HomePart

_parts: list[HomePart] = []
_heads: list[HomeHead] = []


def register(parts: Sequence[HomePart], heads: Sequence[HomeHead]) -> None:
    """Set the parts in their order, and the heads, of which the last one counts."""
    _parts[:], _heads[:] = parts, heads


def parts() -> list[rx.Component]:
    return [part.component() for part in _parts]


def title() -> rx.Component | rx.Var[str]:
    return _heads[-1].title() if _heads else rx.fragment()


def waiting() -> rx.Component:
    return _heads[-1].waiting() if _heads else rx.fragment()
